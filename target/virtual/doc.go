// Package virtual has a time that passes only while everybody waits, and lets
// goroutines take turns in it.
//
// Start from [New] and [Time.Run]; [Time] is a target.Clock.
//
//	t := virtual.New(rng)
//	t.Run(func() {
//		g := t.Group()
//		g.Go(func() { t.Sleep(ctx, time.Hour) })
//		g.Go(func() { t.Await(ctx, virtual.Forever, func() bool { return done }) })
//		g.Wait() // a moment later an hour has passed
//	})
//
// One goroutine moves at a time. Where it waits it hands the baton to the one
// whose time comes first, and time goes on to there; of several the random
// generator chooses. So the same generator gives the same run, whatever the
// machine does meanwhile: a discrete-event simulation whose processes are
// ordinary code.
//
//	time     0 ....... 3 ......... 7 ......... 8
//	client   moves, waits until 7  moves
//	nemesis            moves, waits until 8    moves
//
// Whoever moves takes no time. A goroutine that waits otherwise than through the
// package (on a lock, a channel, a real clock) keeps everybody waiting.
package virtual
