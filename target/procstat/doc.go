// Package procstat reads what the kernel says of a process: when it started, and
// whether it stands still. See proc(5).
//
//	began := procstat.StartTime(pid)
//	still := procstat.StandsStill(pid)
//
// Only Linux has /proc; elsewhere it knows nothing, and says so.
package procstat
