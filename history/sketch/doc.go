// Package sketch reads small histories from drawings, so that a test, a
// document and a reader look at the same picture.
//
//	ops, err := sketch.Parse(`
//	0  |-write 1-|
//	1       |-read → 1-|
//	2           |-write 2--?
//	3                        |-read → 2-|
//	`)
//
// Time runs to the right, a column a nanosecond; a line is one operation:
// process, optionally a key, and from its first | to its last the interval
// during which it ran. It holds the name, the argument and, after an arrow, the
// result, both JSON without spaces. A line that ends in ? has an unknown
// outcome, one that ends in x failed.
//
// The package is for histories that fit on a page. It has no notion of the
// nemesis and no way to write.
package sketch
