//go:build !linux

package process

import "os/exec"

// waitExited returns when the process has ended. It reaps it: leaving a zombie
// takes a call that only Linux offers here.
func waitExited(cmd *exec.Cmd) { _ = cmd.Wait() }
