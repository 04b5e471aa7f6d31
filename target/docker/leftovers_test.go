package docker

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/docker/dockertest"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

// orphan starts servers in a child process and kills the child.
func orphan(t *testing.T, nodes int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	order, err := json.Marshal(map[string]any{"Image": dockertest.Require(t, Available), "Dir": dir, "Nodes": nodes})
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
	dir := orphan(t, 2)
	if left := containersIn(t, dir); len(left) != 2 {
		t.Fatalf("the child left %v", left)
	}
	if living.PID() != 0 { // the engine's processes can be seen, and guarded
		targettest.Eventually(t, "the child's servers are dead", func() bool {
			return !strings.Contains(strings.Join(containersIn(t, dir), " "), "running")
		})
	}
	found, err := Leftovers(targettest.Context(t))
	if err != nil {
		t.Fatal(err)
	}
	mine := func(l Leftover) bool { return l.ID == living.id }
	if len(found) < 2 || slices.ContainsFunc(found, mine) {
		t.Errorf("found %v", found)
	}
	removed, err := Clean(targettest.Context(t))
	if err != nil || len(removed) < 2 || slices.ContainsFunc(removed, mine) {
		t.Errorf("removed %v, %v", removed, err)
	}
	if left := containersIn(t, dir); len(left) > 0 {
		t.Errorf("still there: %v", left)
	}
	if again, err := Leftovers(targettest.Context(t)); err != nil || len(again) > 0 {
		t.Errorf("still left over: %v, %v", again, err)
	}
	targettest.Dial(t, living)
}
