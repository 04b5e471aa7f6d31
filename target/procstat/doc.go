// Package procstat reads what Linux tells of processes and their threads.
//
// Start from [StartTime], which tells a process from a later one with its id.
//
//	started := procstat.StartTime(pid)
//	…
//	same := procstat.StartTime(pid) == started
//
// On other systems nothing is known, and every answer is empty.
package procstat
