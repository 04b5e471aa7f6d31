// Package nemesis harms a target while clients work on it, and always heals it.
//
// Start from [New], which makes a nemesis from a plan, and [Nemesis.Run].
//
//	n, err := nemesis.New(nemesis.Plan{Faults: []string{"kill", "pause"}, Interval: 3 * time.Second}, env)
//	err = n.Run(ctx) // until ctx ends
//
// A fault is a small value with Inject and Heal. Both say whether they took
// effect: killing a server that is down is no fault, and a run in which no fault
// took effect proves nothing.
//
// What happened is recorded as events of the process "nemesis": f is the fault's
// name (kill) or the name of its healing (start), and the value tells where and
// whether it took effect:
//
//	{"node":"n1","effect":true,"took_ns":1042311}
//	{"node":"n1","heals":"kill","effect":true,"took_ns":9533120}
//	{"client":"c3","effect":true,"took_ns":5120}
//
// An event is recorded when it is over; took_ns tells when it began: a restart
// takes as long as its server needs to stop and to start.
//
// An error is told in a field of that name. A healing that had nothing to heal
// is not recorded.
//
// The package holds one fault at a time. It never leaves one behind: not when
// its context ends, not after a panic.
package nemesis
