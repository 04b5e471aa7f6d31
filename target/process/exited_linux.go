package process

import (
	"os/exec"

	"golang.org/x/sys/unix"
)

// waitExited returns when the process has ended, and leaves it a zombie for
// cmd.Wait to reap.
func waitExited(cmd *exec.Cmd) {
	for {
		err := unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err == nil {
			return
		}
		if err != unix.EINTR {
			_ = cmd.Wait()
			return
		}
	}
}
