package process

import "syscall"

// dieWithParent has the kernel kill the child when the thread that forks it
// ends, at the latest with this process. See [spawner] and prctl(2),
// PR_SET_PDEATHSIG.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }
