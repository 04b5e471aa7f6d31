package paper

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
)

// Standing is what a run says about a promise.
type Standing string

const (
	// Held: the run tried the promise, and nothing broke it.
	Held Standing = "held"
	// Violated: an anomaly proves that it was broken.
	Violated Standing = "violated"
	// NotDecided: the run proved neither.
	NotDecided Standing = "not-decided"
)

// Promise is what a system may be trusted with, and what one run says about it.
type Promise struct {
	Name     string   `json:"name"`
	Meaning  string   `json:"meaning"`
	Standing Standing `json:"standing"`
	// Reason says why it is not decided.
	Reason string `json:"reason,omitempty"`
	// Anomaly is the type of the first that the run lists against it, if there is one.
	Anomaly string `json:"anomaly,omitempty"`
}

// emptiness says why a run proves nothing by not showing a violation; "": it does
// prove something.
func emptiness(info harness.Info, checks []checker.Result) string {
	switch {
	case info.Error != "":
		return "the run could not do its part: " + info.Error
	case checks == nil:
		return "nobody has judged the run"
	}
	for _, c := range checks {
		if base(c.Name) == "evidence" && c.Verdict != checker.Valid {
			return c.Reason
		}
	}
	return ""
}

// promises returns what the checks of a run say, in their order. A violation counts
// however the run went on; that there is none counts only if the run tried enough.
func promises(info harness.Info, checks []checker.Result) []Promise {
	empty := emptiness(info, checks)
	if checks == nil {
		checks = unjudged(info)
	}
	var all []Promise
	for _, c := range checks {
		for _, p := range promised(c) {
			p = p.unless(empty)
			if at := slices.IndexFunc(all, func(q Promise) bool { return p.Name == q.Name }); at < 0 {
				all = append(all, p)
			} else {
				all[at] = all[at].and(p)
			}
		}
	}
	return all
}

// and joins what two checks say of one promise: that it was violated beats that it is
// not decided, which beats that it held.
func (p Promise) and(q Promise) Promise {
	rank := map[Standing]int{Held: 1, NotDecided: 2, Violated: 3}
	if rank[q.Standing] > rank[p.Standing] {
		return q
	}
	return p
}

// unjudged returns the checks of a run that nobody has judged.
func unjudged(info harness.Info) (checks []checker.Result) {
	for _, name := range info.Checks {
		checks = append(checks, checker.Result{Name: name, Verdict: checker.Unknown, Reason: "nobody has judged the run"})
	}
	return checks
}

// unless takes back that a promise held, for that reason.
func (p Promise) unless(reason string) Promise {
	if reason != "" && p.Standing != Violated {
		p.Standing, p.Reason = NotDecided, reason
	}
	return p
}

// promised returns the promises that a check judges, those of them that the result
// is certain about as held or violated.
func promised(c checker.Result) []Promise {
	switch base(c.Name) {
	case "stats", "evidence":
		return nil
	case "delivery":
		return delivered(c)
	case "durability":
		return kept(c)
	}
	return []Promise{promise(promiseOf(c.Name), standing(c.Verdict), c, "")}
}

// promiseOf returns the promise that a check judges; for most it has the check's name.
func promiseOf(check string) string {
	_, parameter, _ := strings.Cut(check, "(")
	switch base(check) {
	case "linearizable":
		if strings.Contains(base(parameter), "lease") {
			return "lease"
		}
		return "linearizable"
	case "exclusion":
		return "mutual-exclusion"
	case "expiry":
		return "lease"
	}
	return check
}

func standing(v checker.Verdict) Standing {
	return map[checker.Verdict]Standing{checker.Valid: Held, checker.Invalid: Violated}[v]
}

// promise returns a promise with the first anomaly of that type (any, if empty).
func promise(name string, s Standing, c checker.Result, anomaly string) Promise {
	p := Promise{Name: name, Meaning: meaning(name), Standing: s}
	switch s {
	case Violated:
		for i := range c.Anomalies {
			if anomaly == "" || c.Anomalies[i].Type == anomaly {
				p.Anomaly = c.Anomalies[i].Type
				break
			}
		}
	case Held:
	default:
		p.Standing, p.Reason = NotDecided, c.Reason
		if p.Reason == "" {
			p.Reason = "the check " + c.Name + " did not decide it"
		}
	}
	return p
}

// delivered is what the check of a queue says, which counts what was delivered more
// than once, never, or from nowhere.
func delivered(c checker.Result) []Promise {
	said := func(field string) Standing {
		text, _ := c.Statistics[field].(string)
		if s := Standing(text); s == Held || s == Violated {
			return s
		}
		return ""
	}
	if c.Reason == "" {
		c.Reason = excused(c)
	}
	return []Promise{
		promise("at-most-once", said("at_most_once"), c, "duplicated"),
		promise("at-least-once", said("at_least_once"), c, "lost"),
		promise("exactly-once", said("exactly_once"), c, ""),
		promise("no-creation", uncreated(c, count(c, "dequeued") > 0), c, "unexpected"),
	}
}

// excused says why what a queue did not deliver is not called lost.
func excused(c checker.Result) string {
	if n := count(c, "keys_not_drained"); n > 0 {
		return counted(n, "queue was", "queues were") + " not emptied at the end, so that what is missing may still be inside"
	}
	n := count(c, "missing_undecided")
	return counted(n, "acknowledged element was", "acknowledged elements were") + " not delivered, and dequeues of unknown outcome may have taken " + plural(n, "it", "them")
}

// kept is what the check of a set says.
func kept(c checker.Result) []Promise {
	read := count(c, "acknowledged") > 0 && count(c, "keys_without_final_read") == 0
	durable := Standing("")
	switch {
	case count(c, "lost") > 0:
		durable = Violated
	case c.Verdict != checker.Unknown && read:
		durable = Held
	}
	return []Promise{
		promise("no-loss", durable, c, "lost"),
		promise("no-creation", uncreated(c, c.Verdict != checker.Unknown && read), c, "unexpected"),
	}
}

// uncreated says whether anything came out that nobody had put in.
func uncreated(c checker.Result, tried bool) Standing {
	switch {
	case count(c, "unexpected") > 0:
		return Violated
	case tried:
		return Held
	}
	return ""
}

// count reads a count of a check's statistics; 0 where there is none.
func count(c checker.Result, name string) int {
	switch n := c.Statistics[name].(type) {
	case int:
		return n
	case float64:
		return int(n)
	}
	return 0
}

// base is a check's name without its parameter.
func base(name string) string {
	name, _, _ = strings.Cut(name, "(")
	return name
}

// meaning says in a sentence's end what a promise promises.
func meaning(name string) string {
	switch name {
	case "at-most-once":
		return "no element of a queue is delivered twice"
	case "at-least-once":
		return "every acknowledged element of a queue is delivered"
	case "exactly-once":
		return "every acknowledged element of a queue is delivered, and none twice"
	case "no-creation":
		return "nothing comes out that nobody had put in"
	case "no-loss":
		return "what was acknowledged is there in the end"
	case "mutual-exclusion":
		return "no two holders of a lock at the same moment, by what they were told"
	case "lease":
		return "a lock is granted to nobody else before its time to live is over, and held by nobody after"
	}
	for _, e := range checker.Table() {
		if e.Name == base(name) {
			return e.About
		}
	}
	return fmt.Sprintf("what the check %s judges", name)
}
