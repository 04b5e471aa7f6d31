package docker

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/docker/dockertest"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

// orphan starts servers in a child process and kills the child.
func orphan(t *testing.T, nodes int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	order, err := json.Marshal(map[string]any{"Image": dockertest.Require(t, Available), "Dir": dir, "Specs": target.Servers(nodes)})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+string(order))
	cmd.Stderr = os.Stderr
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if line != "started: <nil>\n" {
		t.Fatalf("got %q, %v", line, err)
	}
	return dir
}

func TestCleanRemovesWhatTheDeadLeft(t *testing.T) {
	_, living := started(t, Config{})
	mine := func(l Leftover) bool { return l.ID == living.id }
	// A run that starts elsewhere on this machine may remove them before we do.
	for tries := 1; ; tries++ {
		dir := orphan(t, 2)
		found, err := Leftovers(targettest.Context(t))
		if err != nil || slices.ContainsFunc(found, mine) {
			t.Fatalf("found %v, %v", found, err)
		}
		removed, err := Clean(targettest.Context(t))
		if err != nil || slices.ContainsFunc(removed, mine) {
			t.Fatalf("removed %v, %v", removed, err)
		}
		targettest.Eventually(t, "the child's containers are gone", func() bool { return len(containersIn(t, dir)) == 0 })
		if len(found) >= 2 && len(removed) >= 2 {
			break
		}
		if tries == 5 {
			t.Fatalf("found %v, removed %v of 2", found, removed)
		}
	}
	targettest.Dial(t, living)
}

// The servers of a process that was killed are dead before anybody removes their
// containers.
func TestServersDieWithUs(t *testing.T) {
	_, living := started(t, Config{})
	if living.PID() == 0 {
		t.Skip("the engine's processes cannot be seen from here, and guarded")
	}
	dir := orphan(t, 2)
	targettest.Eventually(t, "the child's servers are dead", func() bool {
		return !strings.Contains(strings.Join(containersIn(t, dir), " "), "running")
	})
	if _, err := Clean(targettest.Context(t)); err != nil {
		t.Error(err)
	}
}
