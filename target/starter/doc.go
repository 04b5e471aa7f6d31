// Package starter decides when a node may start: one start at a time, each with a
// limit, none once the target is being closed, and another port if the first one
// was taken meanwhile. [Stop] is how a server is asked to exit.
//
// Start from [New].
//
//	s := starter.New("n1", closing)
//	started, err := s.Start(ctx, starter.Steps{Running: …, Once: …, DropPort: …})
//	err = s.Shutdown(end)
package starter
