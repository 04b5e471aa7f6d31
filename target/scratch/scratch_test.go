package scratch

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// childVariable makes this test binary a program that makes a folder, says so, and
// waits to be killed.
const childVariable = "JEPSEN_LITE_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		dir, err := Make("")
		fmt.Println(dir, err)
		time.Sleep(time.Minute)
		return
	}
	os.Exit(m.Run())
}

// orphan returns the folder of a process that was killed.
func orphan(t *testing.T) (dir string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"=1")
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(output).ReadString('\n')
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	dir, ok := strings.CutSuffix(line, " <nil>\n")
	if !ok {
		t.Fatalf("the child says %q", line)
	}
	return dir
}

func TestCleanRemovesWhatTheDeadLeft(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("no /proc here, which tells the dead from the living")
	}
	t.Setenv("TMPDIR", t.TempDir())
	mine, err := Make("")
	if err != nil {
		t.Fatal(err)
	}
	others := filepath.Join(os.TempDir(), "jepsen-lite-of-somebody")
	dead := orphan(t)
	if err := os.MkdirAll(filepath.Join(dead, "n1", "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(others, 0o755); err != nil {
		t.Fatal(err)
	}
	if left := Leftovers(); !slices.Contains(left, dead) || slices.Contains(left, mine) || slices.Contains(left, others) {
		t.Errorf("left are %v", left)
	}
	removed, err := Clean()
	if err != nil || !slices.Contains(removed, dead) {
		t.Errorf("removed %v, %v", removed, err)
	}
	for _, dir := range []string{mine, others} {
		if _, err := os.Stat(dir); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(dead); err == nil {
		t.Error("it is still there")
	}
}

func TestMakeGoesOnToTheNextParent(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	if dir, err := Make("/none/such", ""); err != nil || filepath.Dir(dir) != filepath.Clean(os.TempDir()) {
		t.Errorf("got %q, %v", dir, err)
	}
	if dir, err := Make("/none/such"); err == nil {
		t.Errorf("got %q", dir)
	}
}
