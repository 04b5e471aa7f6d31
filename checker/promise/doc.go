// Package promise tells which promises a history keeps, beyond valid and invalid:
// of registers and sets the ladder from linearizability down to the four session
// guarantees, of queues delivery and order, of locks exclusion, lease and fencing,
// and of all what was acknowledged and lost.
//
// Start from [Ladder]:
//
//	rungs, err := promise.Ladder(ctx, h, promise.Given{Checks: info.Checks, Known: results.Checks})
//	for _, r := range rungs {
//		fmt.Println(r.Name, r.Standing, r.Reason)
//	}
//
// Most promises are judged by the checks of package checker, and none twice: what
// a run's results say already is taken from them. What has no check there, because
// it is no verdict of a run, is decided here; docs/promises.md defines each promise
// and proves how.
//
// A promise that nothing in the history could have refuted is not held but
// undecided, and so is one whose check did not finish. The package changes no
// verdict.
package promise
