// Package jepsenlite tests your own Redis code from go test: it looks for an
// interleaving of your clients and of faults that breaks a promise, and shrinks
// it to the few steps that matter.
//
// Start from [Check] with a [Spec], which says what your clients do.
//
//	func TestMyLock(t *testing.T) {
//		jepsenlite.Check(t, jepsenlite.Spec{
//			Model:      "mutex",
//			Client:     func(c *jepsenlite.Client) map[string]jepsenlite.Func { … },
//			Operations: []jepsenlite.Operation{{Name: "acquire", Arg: jepsenlite.Token}, {Name: "release", Arg: jepsenlite.Held}},
//		})
//	}
//
// Your code talks to a simulated server, unless told otherwise, and needs no
// Redis. It must use the given connection, clock and randomness and start no
// goroutines: whatever it does besides is not under control, and a failure might
// not come back.
//
// The package keeps no state. It does not test whether Redis itself is correct:
// for that, see the command jepsen-lite.
package jepsenlite
