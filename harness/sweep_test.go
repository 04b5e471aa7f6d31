package harness

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// orphan makes the folder of a process that an earlier boot of the machine has
// ended.
func orphan(t *testing.T) (dir string) {
	t.Helper()
	if _, err := os.Stat("/proc/sys/kernel/random/boot_id"); err != nil {
		t.Skip("nothing here tells one boot from another")
	}
	dir = filepath.Join(os.TempDir(), "jepsen-lite-1_1_another-boot_1-0")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Whatever starts servers removes first what killed runs left behind, and says so
// in the log of its run folder.
func TestWhateverStartsServersSweeps(t *testing.T) {
	processtest.Require(t)
	t.Setenv("DOCKER_HOST", "unix:///none/such.sock")
	t.Setenv("TMPDIR", t.TempDir())
	c := naive(t)
	x, err := Explore(testContext(t), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	failing := filepath.Join(x.Results.Folder, ScheduleFile)
	c.Target, c.Plan.ShrinkLimit = processTarget, time.Second
	for name, start := range map[string]func() (*Results, error){
		"run": func() (*Results, error) { return Run(testContext(t), short(t, "register", "none"), nil) },
		"explore": func() (*Results, error) {
			x, err := Explore(testContext(t), c, nil)
			if err != nil {
				return nil, err
			}
			return x.Results, nil
		},
		"replay": func() (*Results, error) {
			r, err := Replay(testContext(t), ReplayConfig{Path: failing, Target: processTarget, Store: c.Store})
			if err != nil {
				return nil, err
			}
			return r.Results, nil
		},
		"shrink": func() (*Results, error) {
			x, err := Shrink(testContext(t), ShrinkConfig{Path: failing, Target: processTarget, Store: c.Store, Limit: time.Second}, nil)
			if err != nil {
				return nil, err
			}
			return x.Results, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			left := orphan(t)
			results, err := start()
			if err != nil || results == nil {
				t.Fatalf("%+v, %v", results, err)
			}
			if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s is still there: %v", left, err)
				_ = os.Remove(left)
			}
			log, err := os.ReadFile(filepath.Join(results.Folder, LogFile))
			if want := "removed a folder that a run which was killed left behind: " + left; err != nil || !strings.Contains(string(log), want) {
				t.Errorf("%q is not in the log: %s, %v", want, log, err)
			}
		})
	}
}

// A simulation starts no server, and leaves alone what it need not look at.
func TestASimulationDoesNotSweep(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	left := orphan(t)
	if _, err := Explore(testContext(t), naive(t), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); err != nil {
		t.Error(err)
	}
}
