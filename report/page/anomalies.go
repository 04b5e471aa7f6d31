package page

import (
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/report/page/timeline"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// openAnomalies are shown at once; the others when asked for.
const openAnomalies = 3

// anomalyView is an anomaly as the page shows it.
type anomalyView struct {
	// Number is its place among those the timeline can jump to.
	Number                        int
	Type, Key, Check, Explanation string
	Picture                       *Figure
	Witness                       []witnessView
}

type witnessView struct {
	Index, Process          int
	Operation, Call, Return string
}

// addAnomalies shows one anomaly of each check, then the others: checks say the same
// thing in different ways, and the first of each says the most.
func (v *view) addAnomalies(c *Content) {
	if c.Run.Results == nil {
		return
	}
	var first, others []*anomalyView
	for i, check := range c.Run.Results.Checks {
		for j := range check.Anomalies {
			a := v.mark(&check.Anomalies[j], check.Name)
			if c.Witness != nil {
				if f := c.Witness(i, j); f.SVG != "" {
					a.Picture = &f
				}
			}
			if j == 0 {
				first = append(first, a)
			} else {
				others = append(others, a)
			}
		}
	}
	all := slices.Concat(first, others)
	shown := min(len(all), max(openAnomalies, len(first)))
	v.Anomalies, v.MoreAnomalies = all[:shown], all[shown:]
	v.AnomaliesLead = fmt.Sprintf("%s anomalies are listed, each with the fewest operations found that prove it.", svg.Count(len(all)))
	if len(all) == 1 {
		v.AnomaliesLead = "One anomaly, with the fewest operations found that prove it."
	}
}

// mark makes the view of an anomaly to which the timeline can jump.
func (v *view) mark(a *checker.Anomaly, check string) *anomalyView {
	shown := &anomalyView{Number: len(v.marked), Type: a.Type, Key: a.Key, Check: check, Explanation: sentence(a.Explanation)}
	for _, op := range a.Witness {
		until := "unknown"
		if op.ReturnNS != 0 {
			until = moment(op.ReturnNS)
		}
		shown.Witness = append(shown.Witness, witnessView{op.Index, op.Process, op.Operation, moment(op.CallNS), until})
	}
	v.marked = append(v.marked, timeline.Anomaly{Title: a.Type, Key: a.Key, Ops: a.Ops})
	return shown
}

// addPromises gives each broken promise its anomaly in the timeline.
func (v *view) addPromises(c *Content) {
	for _, p := range c.Promises {
		shown := promiseView{Promise: p}
		if p.Anomaly != nil {
			shown.Anomaly = v.mark(p.Anomaly, p.Name)
		}
		v.Promises = append(v.Promises, shown)
	}
}

// moment shows a time in a run: 3.042117 s.
func moment(ns int64) string { return fmt.Sprintf("%.6f s", float64(ns)/1e9) }
