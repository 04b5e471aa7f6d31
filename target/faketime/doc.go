// Package faketime sets the wall clocks of servers apart from the machine's, by
// libfaketime, which a server is started with.
//
//	library, err := faketime.Find()
//	clock := faketime.NewClock("n1", "servers/n1/clock", true)
//	err = clock.Begin()
//	cmd.Env = append(os.Environ(), faketime.Environment(library, "servers/n1/clock")...)
//	err = clock.Shift(time.Hour)
//
// Only the wall clock is set: monotonic clocks, by which Redis measures durations, go
// on as before. The package starts nothing, and does not know whether a server has
// taken the library.
package faketime
