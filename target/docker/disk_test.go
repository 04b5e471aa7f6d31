package docker

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault/diskfaulttest"
	"github.com/jepsen-lite/jepsen-lite/target/docker/dockertest"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

func TestConformanceOnADisk(t *testing.T) {
	diskfaulttest.Require(t)
	dockertest.Require(t, Available)
	targettest.Conformance(t, func(t *testing.T, o targettest.Options) target.Target {
		return newTarget(t, Config{Dir: o.Dir, Persistence: o.Persistence, Args: o.Args, Disk: true})
	})
}

// What the server in the container synced survives a loss of power, what it did not
// sync does not; and a kill alone loses nothing.
func TestPowerLossUnderAContainer(t *testing.T) {
	diskfaulttest.Require(t)
	for _, test := range []struct {
		persistence string
		survives    bool
	}{
		{target.AOFAlways, true},
		{target.AOFNo, false},
	} {
		t.Run(test.persistence, func(t *testing.T) {
			_, n := started(t, Config{Persistence: targettest.Persistence(t, test.persistence), Disk: true})
			for i := range 3 {
				if _, err := n.Command(targettest.Context(t), "SET", fmt.Sprint("round", i), i); err != nil {
					t.Fatal(err)
				}
				targettest.Do(t, "kill", n.Kill, true)
				targettest.Do(t, "start", n.Start, true)
				mustHave(t, n, fmt.Sprint("round", i), true)
			}
			if _, err := n.Command(targettest.Context(t), "SET", "last", 1); err != nil {
				t.Fatal(err)
			}
			targettest.Do(t, "kill", n.Kill, true)
			loss, err := n.Disk().PowerLoss(rand.New(rand.NewPCG(1, 0)), diskfault.Nothing)
			if err != nil || (loss.DroppedBytes() > 0) == test.survives {
				t.Errorf("%d bytes were dropped, %v", loss.DroppedBytes(), err)
			}
			targettest.Do(t, "start", n.Start, true)
			mustHave(t, n, "last", test.survives)
		})
	}
}

func mustHave(t *testing.T, n *Node, key string, want bool) {
	t.Helper()
	got, err := n.Command(targettest.Context(t), "EXISTS", key)
	if err != nil || (got == int64(1)) != want {
		t.Errorf("%s is there: %v, %v; want %v", key, got, err, want)
	}
}

// A server that would write to something else than the disk does not start: no fault
// could harm it, and no run prove anything.
func TestAServerWithoutItsDiskIsRefused(t *testing.T) {
	diskfaulttest.Require(t)
	_, n := started(t, Config{})
	disk := diskfault.NewUnder("n1", t.TempDir(), true) // elsewhere
	if err := disk.Mount(); err != nil {
		t.Fatal(err)
	}
	n.under = disk // the target's Close unmounts it
	if err := n.checkDisk(n.alive()); err == nil || !strings.Contains(err.Error(), "do not lie on the disk") {
		t.Errorf("got %v", err)
	}
	if err := n.checkDisk(&life{}); err == nil || !strings.Contains(err.Error(), "cannot be told") {
		t.Errorf("got %v", err)
	}
}

func TestALogIsRepaired(t *testing.T) {
	_, n := started(t, Config{Args: []string{"aof-load-truncated no"}})
	targettest.Fill(t, n, 1)
	for i := range 2 {
		if _, err := n.Command(targettest.Context(t), "SET", fmt.Sprint("more", i), i); err != nil {
			t.Fatal(err)
		}
	}
	targettest.Do(t, "kill", n.Kill, true)
	log, err := diskfault.NewestIncrement(filepath.Join(n.DataDir(), "appendonlydir"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := diskfault.TruncateTail(log, 3); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Start(targettest.Context(t)); err == nil {
		t.Fatal("it has started on a log that was cut off")
	}
	if err := n.RepairLog(targettest.Context(t)); err != nil {
		t.Fatal(err)
	}
	targettest.Do(t, "start", n.Start, true)
	mustHave(t, n, "more0", true)
	mustHave(t, n, "more1", false)
	if text, err := os.ReadFile(n.outputPath()); !strings.Contains(string(text), "Successfully truncated AOF") {
		t.Errorf("what the repair printed is not in output.log: %q, %v", text, err)
	}
	targettest.Do(t, "kill", n.Kill, true)
	if err := os.RemoveAll(filepath.Join(n.DataDir(), "appendonlydir")); err != nil {
		t.Fatal(err)
	}
	if err := n.RepairLog(targettest.Context(t)); err == nil || !strings.Contains(err.Error(), "repair the append-only file of n1: exit status 1: ") {
		t.Errorf("without a log: got %v", err)
	}
}
