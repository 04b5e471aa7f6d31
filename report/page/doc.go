// Package page writes report.html: a run on one page that needs no network and no
// file beside it, and keeps its colours apart in light, in dark and on paper.
//
// Start from [Write]:
//
//	err := page.Write(w, page.Content{Run: run, History: h, Series: series.Of(h, incidents)})
//
// The page is made of html/template, a style sheet and plain scripts, in assets. The
// history is in it as package timeline packs it, and the scripts draw it on a canvas.
// Whatever comes from a history is text wherever it stands; a policy in the page lets
// no script run but its own.
//
// The package judges nothing.
package page
