package procstat

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
)

func TestStartTime(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has /proc/PID/stat")
	}
	child := exec.Command("sleep", "60")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	pid := child.Process.Pid
	mine, its := StartTime(os.Getpid()), StartTime(pid)
	if mine == "" || its == "" || mine == its && StartTime(1) == mine {
		t.Errorf("got %q for this process and %q for its child", mine, its)
	}
	if again := StartTime(pid); again != its {
		t.Errorf("got %q, then %q", its, again)
	}
	_ = child.Process.Kill()
	_ = child.Wait()
	if after := StartTime(pid); after == its {
		t.Errorf("still %q after its end", after)
	}
}
