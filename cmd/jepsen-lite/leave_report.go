package main

import (
	"fmt"
	"time"

	pages "github.com/jepsen-lite/jepsen-lite/report"
)

// leaveReport writes report.html and its figures into a run folder; none where
// folder is empty. What goes wrong is a warning: the verdict stands all the same.
func (o *output) leaveReport(s streams, folder string) {
	if o.noReport || folder == "" {
		return
	}
	p := newProgress(s.err, o.quiet)
	told := make(chan struct{})
	slow := time.AfterFunc(patientFor, func() {
		p.show(fmt.Sprintf("%5.1f s  writing the report", patientFor.Seconds()))
		close(told)
	})
	err := pages.Write(folder)
	if !slow.Stop() {
		<-told
	}
	p.done()
	if err != nil {
		fmt.Fprintf(s.err, "jepsen-lite: there is no report: %s\n", explain(err))
	}
}
