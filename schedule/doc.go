// Package schedule finds, shrinks and replays interleavings of clients and faults.
//
// Start from [Explore], which looks for a schedule that breaks a promise, and
// from [Execute], which performs one.
//
//	found, err := schedule.Explore(ctx, schedule.Plan{Workload: "lock-naive"})
//	fmt.Print(found.Picture())
//
// A schedule is a workload with its parameters, a target's configuration, the
// operations of each client, and a word of steps: who moves next. Everything
// else follows from it. Each command of a client has these yield points:
//
//	client     ---- ready ............ executed ............ delivered ---->
//	                  |    the request     |     the reply      |
//	                  |    is under way    |   is under way     |
//	server                              executes
//
// A step that names a client moves it to its next yield point. What is delivered
// is at once worked on, up to the next request that is ready, or the end of the
// operation. One lane moves at a time; between two steps everything stands.
//
// On a simulated server the same schedule gives the same history, byte for byte.
// On a real one time is the world's, and so are expiry and what the server does
// on its own.
//
// The package does not judge: checks do, and a schedule names them or takes those
// of its workload.
package schedule
