package paper

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker/promise"
)

// ErrNothing says that none of what was named could be read as a run. The study
// that comes with it says why.
var ErrNothing = errors.New("nothing to report on: none of the folders is a run that can be read")

// Gather reads the runs that the paths name: run folders, or folders with such below
// them. One history is in memory at a time. What cannot be read is in Skipped, and no
// error as long as a run is left; with none the error is [ErrNothing]. The error of
// ctx is returned as it is. Progress, if set, is called before each run is read.
func Gather(ctx context.Context, paths []string, progress func(done, total int)) (*Study, error) {
	folders, skipped := find(paths)
	s := &Study{
		Skipped: skipped, Findings: []Finding{}, Counts: []Count{}, Examples: []Example{}, Availability: []Availability{}, Latencies: []Latency{},
	}
	for i, folder := range folders {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if progress != nil {
			progress(i, len(folders))
		}
		r, err := read(ctx, folder)
		if err != nil {
			s.Skipped = append(s.Skipped, Skipped{folder, err.Error()})
			continue
		}
		s.Runs = append(s.Runs, *r)
	}
	if len(s.Runs) == 0 {
		return s, ErrNothing
	}
	s.label()
	s.find()
	s.count()
	s.examine()
	s.weather()
	return s, nil
}

// ran returns the runs of a configuration under a plan that count: of several with
// the same history only one does.
func (s *Study) ran(configuration, plan string) []*Run {
	var runs []*Run
	for i := range s.Runs {
		r := &s.Runs[i]
		if r.Configuration == configuration && (plan == "" || r.Plan == plan) && r.SameAs == "" {
			runs = append(runs, r)
		}
	}
	return runs
}

// pairs calls do for each configuration and plan that there are runs of, in order.
func (s *Study) pairs(do func(configuration, plan string, runs []*Run)) {
	for _, c := range s.Configurations {
		for _, p := range s.Plans {
			if runs := s.ran(c.Label, p.Label); len(runs) > 0 {
				do(c.Label, p.Label, runs)
			}
		}
	}
}

// find makes the findings.
func (s *Study) find() {
	s.pairs(func(configuration, plan string, runs []*Run) {
		first := len(s.Findings)
		for _, r := range runs {
			for _, p := range r.Promises {
				at := slices.IndexFunc(s.Findings[first:], func(f Finding) bool { return f.Promise == p.Name })
				if at < 0 {
					at = len(s.Findings) - first
					s.Findings = append(s.Findings, Finding{
						Configuration: configuration, Plan: plan, Promise: p.Name, Meaning: p.Meaning, Held: []string{}, Violated: []string{}, NotDecided: []string{},
					})
				}
				s.Findings[first+at].add(r, p)
			}
		}
		for i := first; i < len(s.Findings); i++ {
			s.Findings[i].conclude()
		}
	})
}

func (f *Finding) add(r *Run, p promise.Promise) {
	switch p.Standing {
	case promise.Held:
		f.Held = append(f.Held, r.Label)
	case promise.Violated:
		f.Violated = append(f.Violated, r.Label)
	default:
		f.NotDecided = append(f.NotDecided, r.Label)
		if !slices.Contains(f.Reasons, p.Reason) {
			f.Reasons = append(f.Reasons, p.Reason)
		}
		return
	}
	f.Operations += r.operations()
}

func (f *Finding) conclude() {
	f.Chance = chance(len(f.Violated), len(f.Violated)+len(f.Held))
	switch {
	case len(f.Violated) > 0:
		f.Standing = promise.Violated
	case len(f.Held) > 0:
		f.Standing = promise.Held
	default:
		f.Standing = promise.NotDecided
	}
}

// examine chooses the anomalies to show: of each type that with the fewest
// operations, over all runs.
func (s *Study) examine() {
	for i := range s.Runs {
		r := &s.Runs[i]
		for _, p := range r.proofs {
			at := slices.IndexFunc(s.Examples, func(e Example) bool { return e.Type == p.Type })
			if at < 0 {
				at = len(s.Examples)
				s.Examples = append(s.Examples, Example{Type: p.Type})
			}
			e := &s.Examples[at]
			if e.Run == "" || plainer(p, e.proof) {
				e.Check, e.Key, e.Run, e.Text, e.proof = p.check, p.Key, r.Label, p.anomaly.Explanation, p
			}
			if !slices.Contains(e.Runs, r.Label) {
				e.Runs = append(e.Runs, r.Label)
			}
		}
		r.proofs = nil
	}
	for i := range s.Examples {
		s.Examples[i].Drawing = draw(s.Examples[i].proof.Proof)
	}
}

// plainer prefers what is drawn with at least two operations, then with few.
func plainer(a, b proof) bool {
	if (len(a.Operations) > 1) != (len(b.Operations) > 1) {
		return len(a.Operations) > 1
	}
	return len(a.Operations) < len(b.Operations)
}

// weather says what faults did to clients.
func (s *Study) weather() {
	for _, c := range s.Configurations {
		latency := Latency{Configuration: c.Label}
		var outside, under spread
		at := climate{byFault: map[string]*Availability{}, firsts: map[string][]int64{}}
		for _, r := range s.ran(c.Label, "") {
			if r.measured == nil {
				continue
			}
			latency.Runs = append(latency.Runs, r.Label)
			outside.merge(r.measured.outside)
			under.merge(r.measured.under)
			at.run(r)
		}
		if len(latency.Runs) == 0 {
			continue
		}
		latency.Outside, latency.Under = outside.quantiles(), under.quantiles()
		s.Latencies = append(s.Latencies, latency)
		s.Availability = append(s.Availability, at.conclude(c.Label)...)
	}
}

// climate is the availability of one configuration, by fault.
type climate struct {
	byFault map[string]*Availability
	firsts  map[string][]int64 // times to the first success
}

func (c climate) of(fault, run string) *Availability {
	a := c.byFault[fault]
	if a == nil {
		a = &Availability{Fault: fault}
		c.byFault[fault] = a
	}
	if !slices.Contains(a.Runs, run) {
		a.Runs = append(a.Runs, run)
	}
	return a
}

func (c climate) run(r *Run) {
	calm := c.of("", r.Label)
	calm.Answered += r.measured.calm.answered
	calm.Called += r.measured.calm.called
	for i, w := range r.measured.windows {
		a := c.of(w.Fault.Name, r.Label)
		a.Injections++
		a.Answered += r.measured.answered[i]
		a.Called += w.Total()
		a.LongestGapNS = max(a.LongestGapNS, w.LongestGap)
		if w.FirstSuccess < 0 {
			a.Unanswered++
		} else {
			c.firsts[a.Fault] = append(c.firsts[a.Fault], w.FirstSuccess)
		}
	}
}

// conclude returns them in the order of the faults' names, calm first.
func (c climate) conclude(configuration string) (all []Availability) {
	for _, fault := range slices.Sorted(maps.Keys(c.byFault)) {
		a := c.byFault[fault]
		a.Configuration = configuration
		a.MedianFirstNS, a.LongestFirstNS = middle(c.firsts[fault])
		all = append(all, *a)
	}
	return all
}

func (s *spread) quantiles() Quantiles {
	return Quantiles{s.total, s.quantile(0.50), s.quantile(0.99), s.quantile(1)}
}

// middle returns the median (of an even number the lower) and the greatest; 0 of none.
func middle(times []int64) (median, greatest int64) {
	if len(times) == 0 {
		return 0, 0
	}
	slices.Sort(times)
	return times[(len(times)-1)/2], times[len(times)-1]
}

// load is how long clients worked in all runs together.
func (s *Study) load() (sum time.Duration) {
	for i := range s.Runs {
		sum += time.Duration(s.Runs[i].DurationNS)
	}
	return sum
}
