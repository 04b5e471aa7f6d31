// Package guard ends a server when the program that started it dies, however it
// dies.
//
// Start from [Start].
//
//	g, err := guard.Start(pid, procstat.StartTime(pid))
//	// the server has ended, and is not reaped yet
//	g.Dismiss()
package guard
