package procstat

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

func TestProcess(t *testing.T) {
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := cmd.Process.Pid
	defer cmd.Process.Kill()
	began := StartTime(pid)
	if !Lives(pid) || StandsStill(pid) || began == "" || began == StartTime(1) {
		t.Errorf("lives %v, stands still %v, started %q", Lives(pid), StandsStill(pid), began)
	}
	await := func(what string, condition func() bool) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); !condition(); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("not so: %s", what)
			}
		}
	}
	_ = syscall.Kill(pid, syscall.SIGSTOP)
	await("stopped", func() bool { return StandsStill(pid) })
	_ = syscall.Kill(pid, syscall.SIGKILL)
	await("a zombie does not live", func() bool { return !Lives(pid) })
	_ = cmd.Wait()
	if Lives(pid) || StandsStill(pid) || StartTime(pid) != "" {
		t.Errorf("process %d is gone, and lives %v, started %q", pid, Lives(pid), StartTime(pid))
	}
	if !Lives(os.Getpid()) {
		t.Error("this process does not live")
	}
}
