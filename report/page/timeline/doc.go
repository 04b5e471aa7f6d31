// Package timeline packs a history so that a browser can draw all of it: in columns
// of bytes, with the texts once each.
//
// Start from [New]:
//
//	t := timeline.New(h, series, timeline.Options{Clients: 10, Near: anomalous})
//	err := t.Pack(w)
//
// A long history is thinned to at most [MaxOps] operations, and [Timeline.Kept] says
// what was left out. What remains is exact: no time is rounded. The reader of the
// format is unpack.js in package page.
package timeline
