// Package search decides whether the operations of one object are linearizable,
// for any model, also where values repeat and outcomes are unknown.
//
// Start from [Check]:
//
//	m, err := model.Parse("cas-register")
//	ops, err := m.Prepare(h.Ops) // of one key
//	r := search.Check(ctx, m, ops, search.Options{MemoryBytes: 1 << 30})
//	fmt.Println(r.Answer) // legal
//
// It goes through the history once, in time, with a set of configurations: what
// the state can be, and which of the pending operations have taken effect (just
// in time linearization: Lowe 2017, "Testing for linearizability"). What a
// configuration of the set can do, none that was left out does better. The
// conventions are those of package model: intervals are closed, a comes before b
// if it returned before b was called, and an operation of unknown outcome never
// returns.
//
// The problem is NP-complete (Gibbons and Korach 1997): for some histories the
// set grows without measure. Then the answer is Undecided or TooLarge, never a
// guess.
package search
