// Package figure draws what a run did: the same picture for a page and for a paper.
//
// Start from a function named for its picture, which returns a drawing:
//
//	s := series.Of(h, results.Nemesis)
//	page += figure.Latency(s, figure.Options{ID: "latency"}).Inline()
//	os.WriteFile("latency.svg", figure.Latency(s, figure.Options{}).File(), 0o644)
//
// Over time: [Latency], [Throughput]. Of the whole run: [Histogram], [Availability].
// Of one anomaly: [Witness]. All stand without a heading, for those around them to
// give one. Faults lie behind as bands, and above as bars with their names.
//
// Every function draws something of anything: of nothing the words that there was
// nothing, of too much as much as fits, with a word of what is left out. The package
// judges nothing.
package figure
