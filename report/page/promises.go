package page

import (
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/checker/promise"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// promiseView is a promise as the page shows it.
type promiseView struct {
	Name, Meaning, Standing, Figures, Reason string
	// Verdict is the one that has the standing's colour and sign.
	Verdict checker.Verdict
	// Asked: the verdict of the run depends on it.
	Asked bool
	// Anomaly is what broke it; nil: nothing to show.
	Anomaly *anomalyView
}

func (v *view) addPromises(c *Content) {
	for _, p := range c.Promises {
		shown := promiseView{
			Name: p.Name, Meaning: p.Meaning, Standing: strings.ReplaceAll(string(p.Standing), "-", " "), Reason: p.Reason,
			Verdict: checker.Unknown, Asked: p.Asked, Figures: figuresOf(p),
		}
		switch p.Standing {
		case promise.Held:
			shown.Verdict = checker.Valid
		case promise.Violated:
			shown.Verdict = checker.Invalid
		}
		if p.Witness != nil {
			shown.Anomaly = v.mark(c, Listed{checker.Result{Name: p.Name}, *p.Witness})
		}
		v.Promises = append(v.Promises, shown)
	}
}

// figuresOf says how much: lost 24,718, window 2.1 s.
func figuresOf(p promise.Promise) string {
	var all []string
	for _, f := range p.Figures {
		amount := svg.Count(int(f.Value))
		switch f.Unit {
		case "":
		case "ns":
			amount = svg.Duration(float64(f.Value))
		default:
			amount += " " + f.Unit
		}
		all = append(all, f.Name+" "+amount)
	}
	if p.Fault != nil {
		all = append(all, "before "+p.Fault.F+" at "+moment(p.Fault.TimeNS))
	}
	return strings.Join(all, ", ")
}
