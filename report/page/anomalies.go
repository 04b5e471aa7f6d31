package page

import (
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/figure"
	"github.com/jepsen-lite/jepsen-lite/report/page/timeline"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// Listed is an anomaly of a run's results.
type Listed struct {
	Check   checker.Result
	Anomaly checker.Anomaly
}

// Anomalies returns the anomalies of some checks in the order of the page, and how
// many of them are shown at once; the others are when asked for.
//
// Why one of each check comes first: checks say the same thing in different ways, and
// the first of each says the most.
func Anomalies(checks []checker.Result) (all []Listed, open int) {
	const atLeast = 3
	for _, c := range checks {
		if len(c.Anomalies) > 0 {
			all = append(all, Listed{c, c.Anomalies[0]})
		}
	}
	open = len(all)
	for _, c := range checks {
		for i := 1; i < len(c.Anomalies); i++ {
			all = append(all, Listed{c, c.Anomalies[i]})
		}
	}
	return all, min(len(all), max(open, atLeast))
}

// WitnessFile is the name of the picture of the anomaly at a place, from 0.
func WitnessFile(at int) string { return fmt.Sprintf("witness-%d.svg", at+1) }

// anomalyView is an anomaly as the page shows it.
type anomalyView struct {
	// Number is its place among those the timeline can jump to.
	Number                        int
	Type, Key, Check, Explanation string
	Picture                       *Drawn // nil: none of its operations is there
	File                          string // of the picture; empty: it has none
	Witness                       []witnessView
}

type witnessView struct {
	Index, Process                   int
	Operation, Call, Return, Outcome string
}

func (v *view) addAnomalies(c *Content) {
	if c.Run.Results == nil {
		return
	}
	all, open := Anomalies(c.Run.Results.Checks)
	for i, a := range all {
		shown := v.mark(c, a)
		if i < open {
			shown.File = WitnessFile(i)
			v.Anomalies = append(v.Anomalies, shown)
		} else {
			v.MoreAnomalies = append(v.MoreAnomalies, shown)
		}
	}
	v.AnomaliesLead = fmt.Sprintf("%s anomalies are listed, each with the fewest operations found that prove it.", svg.Count(len(all)))
	if len(all) == 1 {
		v.AnomaliesLead = "One anomaly, with the fewest operations found that prove it."
	}
}

// mark makes the view of an anomaly to which the timeline can jump.
func (v *view) mark(c *Content, a Listed) *anomalyView {
	shown := &anomalyView{
		Number: len(v.marked), Type: a.Anomaly.Type, Key: a.Anomaly.Key, Check: a.Check.Name, Explanation: sentence(a.Anomaly.Explanation),
	}
	v.marked = append(v.marked, timeline.Anomaly{Title: a.Anomaly.Type, Key: a.Anomaly.Key, Ops: a.Anomaly.Ops})
	if c.History == nil || len(a.Anomaly.Ops) == 0 {
		return shown
	}
	proof := figure.ProofOf(c.History, c.Series, a.Check, a.Anomaly)
	drawn := Draw(fmt.Sprintf("witness-%d", shown.Number), func(o figure.Options) *svg.Drawing { return figure.Witness(proof, o) })
	shown.Picture = &drawn
	for _, op := range proof.Operations {
		until := "unknown"
		if op.Return != history.Never {
			until = moment(op.Return)
		}
		shown.Witness = append(shown.Witness, witnessView{op.Index, op.Process, op.Text, moment(op.Call), until, op.Outcome.String()})
	}
	return shown
}

// moment shows a time in a run: 3.042117 s.
func moment(ns int64) string { return fmt.Sprintf("%.6f s", float64(ns)/1e9) }
