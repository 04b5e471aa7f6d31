// Package report makes what runs found visible: run folders go in, pictures and
// documents come out.
//
// Start from [Write], which leaves report.html and its figures in a run folder:
//
//	err := report.Write("store/latest")
//
// Its parts, from the ground:
//
//   - report/runfolder reads a run folder, also one that is torn, unjudged or of a
//     run that still goes on;
//   - report/series turns a history into what happened over time;
//   - report/svg draws lines, text and axes, report/figure the pictures;
//   - report/page is report.html, one self-contained file, and report/page/timeline
//     packs a whole history into it;
//   - report/paper is the consistency report over many runs, in five formats;
//   - report/terminal is a run in 80 columns;
//   - report/serve is the store in a browser;
//   - report/browsertest gives tests a real browser.
//
// Nothing here judges: a verdict is read from results.json, and what that does not
// say is shown as not known.
package report
