//go:build !linux

package procstat

import "syscall"

// Lives tells whether there is such a process. A zombie counts as one.
func Lives(pid int) bool { return syscall.Kill(pid, 0) != syscall.ESRCH }

// StandsStill trusts the signal: only Linux shows what each thread does.
func StandsStill(int) bool { return true }

// StartTime knows nothing: a process then goes by its id alone.
func StartTime(int) string { return "" }
