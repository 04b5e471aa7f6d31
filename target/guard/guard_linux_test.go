package guard

import (
	"os/exec"
	"syscall"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/procstat"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

func TestGuard(t *testing.T) {
	tests := []struct {
		name         string
		dismissed    bool
		triggered    bool
		anotherStart bool
		wantKilled   bool
	}{
		{name: "we die", wantKilled: true},
		{name: "we cannot end the server", triggered: true, wantKilled: true},
		{name: "the server goes first", dismissed: true},
		{name: "the id is another's by now", anotherStart: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cmd := exec.Command("sleep", "60")
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			if err := cmd.Start(); err != nil {
				t.Skip(err)
			}
			defer cmd.Wait()
			defer cmd.Process.Kill()
			began := procstat.StartTime(cmd.Process.Pid)
			if test.anotherStart {
				began += "1"
			}
			g, err := Start(cmd.Process.Pid, began)
			if err != nil || g == nil {
				t.Fatalf("got %v, %v", g, err)
			}
			switch {
			case test.dismissed:
				g.Dismiss()
			case test.triggered:
				g.Trigger()
			default:
				g.pipe.Close() // as the kernel does when we die
				_ = g.cmd.Wait()
			}
			if test.wantKilled {
				targettest.Eventually(t, "the process was killed", func() bool { return !procstat.Lives(cmd.Process.Pid) })
			} else if !procstat.Lives(cmd.Process.Pid) {
				t.Error("the process was killed")
			}
		})
	}
}
