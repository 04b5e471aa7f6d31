// Package target describes the system under test: Redis servers that can be
// started, reached and harmed.
//
// Start from [Target]. What a node can suffer is told by the small interfaces
// it implements ([Killer], [Pauser], [Stopper], [Commander], [Storer],
// [ClockSetter]); a fault asks for the ones it needs. What a node is in its
// topology a [Roler] tells.
//
//	t, err := process.New(process.Config{Dir: dir, Persistence: persistence})
//	err = t.Start(ctx)
//	defer t.Close()
//	node := t.Nodes()[0]
//	killed, err := node.(target.Killer).Kill(ctx)
//
// Backends live in packages below this one. A target listens on loopback only, and
// connects to no server that it did not start, unless the user gave its URL.
package target
