package promise

import (
	"context"
	"fmt"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// family is what kind of object a history is about.
type family uint8

const (
	others family = iota
	registers
	sets
	queues
	locks
)

// subject is what a history is about.
type subject struct {
	family family
	// linearizable is the name of the check of linearizability; empty: there is none.
	linearizable string
	model        string
}

// judge collects what is known of one history.
type judge struct {
	ctx     context.Context
	h       *history.History
	given   Given
	checks  []checker.Check
	subject subject
	results map[string]checker.Result
	// told are the checks that a promise of the ladder stands for.
	told map[string]bool
}

// checkOf splits a check's name: linearizable(lease(300ms)) is linearizable, of
// lease(300ms).
func checkOf(name string) (kind, parameter string) {
	kind, parameter, _ = strings.Cut(name, "(")
	return kind, strings.TrimSuffix(parameter, ")")
}

// parse reads the checks, and finds what the history is about.
func (j *judge) parse() error {
	j.told = map[string]bool{}
	for _, name := range j.given.Checks {
		c, err := checker.Parse(name)
		if err != nil {
			return fmt.Errorf("read the run's checks: %w", err)
		}
		j.checks = append(j.checks, c)
	}
	for _, c := range j.checks {
		kind, parameter := checkOf(c.Name())
		if s := subjectOf(kind, parameter); j.subject == (subject{}) || j.subject.linearizable == "" && s.linearizable != "" {
			j.subject = s
		}
	}
	if fitting := model.Fitting(j.h.Ops); j.given.Checks == nil && len(fitting) > 0 {
		j.subject = subjectOf("linearizable", fitting[0])
	}
	return nil
}

// subjectOf returns what a check is about.
func subjectOf(kind, parameter string) subject {
	linearizable := func(f family, model string) subject {
		return subject{f, "linearizable(" + model + ")", model}
	}
	switch kind {
	case "linearizable":
		object, _ := checkOf(parameter)
		switch object {
		case "register", "cas-register", "kv":
			return linearizable(registers, parameter)
		case "set":
			return linearizable(sets, parameter)
		case "fifo-queue", "unordered-queue":
			return linearizable(queues, parameter)
		case "lease", "reentrant-lease":
			return subject{family: locks}
		case "mutex", "owner-mutex", "fenced-mutex", "reentrant-mutex", "reentrant-fenced-mutex":
			return linearizable(locks, parameter)
		}
		return linearizable(others, parameter)
	case "durability", "set-full":
		return linearizable(sets, "set")
	case "freshness":
		return linearizable(registers, "register")
	case "delivery", "at-least-once", "queue", "total-queue":
		return subject{family: queues}
	case "exclusion", "expiry", "fencing":
		return subject{family: locks}
	}
	return subject{}
}

// result returns what a check says, asking it if nobody has.
func (j *judge) result(name string) checker.Result {
	j.told[name] = true
	r, known := j.results[name]
	if !known {
		r = j.ask(j.h, name)
		j.results[name] = r
	}
	return r
}

// ask judges a history. Where it does not fit the check, nothing is decided.
func (j *judge) ask(h *history.History, name string) checker.Result {
	c, err := checker.Parse(name)
	if err == nil {
		var results []checker.Result
		if _, results, err = checker.Judge(j.ctx, h, []checker.Check{c}, j.given.Options); err == nil {
			return results[0]
		}
	}
	return checker.Result{Name: name, Verdict: checker.Unknown, Reason: err.Error()}
}

// asked reports whether the run names one of the checks.
func (j *judge) asked(names ...string) bool {
	for _, c := range j.checks {
		for _, name := range names {
			if c.Name() == name {
				return true
			}
		}
	}
	return false
}

// from is the promise that stands as a check does.
func (j *judge) from(name, meaning, check string) Promise {
	p := Promise{Name: name, Meaning: meaning, Asked: j.asked(check)}
	p.take(j.h, j.result(check))
	return p
}

// take lets the promise stand as the result does.
func (p *Promise) take(h *history.History, r checker.Result) {
	switch {
	case r.Verdict == checker.Valid:
		p.Standing = Held
	case r.Verdict == checker.Invalid && len(r.Anomalies) > 0:
		p.violated(h, r.Anomalies[0])
	case r.Verdict == checker.Invalid:
		p.open("its check found a violation and kept no witness")
	default:
		p.open(r.Reason)
	}
}

func (p *Promise) violated(h *history.History, a checker.Anomaly) {
	p.Standing, p.Reason, p.Witness = Violated, "", drawn(h.Ops, a)
}

func (p *Promise) open(reason string) {
	if reason == "" {
		reason = "its check did not say why"
	}
	p.Standing, p.Reason, p.Witness = NotDecided, reason, nil
}

// untested takes back what held without being put to the test.
func (p *Promise) untested(nothing bool, what string) {
	if nothing && p.Standing == Held {
		p.open("never put to the test: " + what)
	}
}

func (p *Promise) figure(name string, value int64, unit string) {
	p.Figures = append(p.Figures, Figure{name, value, unit})
}

// rest returns the run's checks that no promise of the ladder stands for.
func (j *judge) rest() []Promise {
	var all []Promise
	for _, c := range j.checks {
		kind, _ := checkOf(c.Name())
		if j.told[c.Name()] || kind == "stats" || kind == "evidence" {
			continue
		}
		about := ""
		for _, e := range checker.Table() {
			if e.Name == kind {
				about = e.About
			}
		}
		all = append(all, j.from(c.Name(), about, c.Name()))
	}
	return all
}

// number reads a statistic, which is an integer, or a number from JSON.
func number(r checker.Result, name string) int64 {
	switch n := r.Statistics[name].(type) {
	case int:
		return int64(n)
	case int64:
		return n
	case float64:
		return int64(n)
	}
	return 0
}

// firstOf returns the first anomaly of one of the types.
func firstOf(r checker.Result, types ...string) (checker.Anomaly, bool) {
	for _, kind := range types {
		for _, a := range r.Anomalies {
			if a.Type == kind {
				return a, true
			}
		}
	}
	return checker.Anomaly{}, false
}
