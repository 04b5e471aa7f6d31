// Package monitor decides exactly whether the operations of one key are
// linearizable, in time that grows as n log n, for the objects people use:
// where values are unique, one look at each suffices, and nothing is searched.
// Unknown outcomes are part of the question. docs/monitors.md proves each.
//
// Start from [New]. A monitor is fed operations one at a time:
//
//	mon, ok := monitor.New(m, len(places))
//	err := m.Each(h.Ops, places, mon.Add)
//	outcome := mon.Judge()
//
// A monitor that does not apply says so, and why: a value was put twice, say.
// It never guesses. What it names as the core of a violation is illegal by
// itself; making a minimal witness of it, and a sentence, is the checker's part.
package monitor
