package serve

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// filter says which runs to show. Its zero value shows all.
type filter struct {
	Workload, Target, Verdict, Seed, Text string
}

// filterOf reads a filter from a URL.
func filterOf(q url.Values) filter {
	return filter{
		Workload: q.Get("workload"), Target: q.Get("target"), Verdict: q.Get("verdict"),
		Seed: strings.TrimSpace(q.Get("seed")), Text: strings.TrimSpace(q.Get("q")),
	}
}

// query is the filter as a URL has it, for a page of the list.
func (f filter) query(page int) string {
	q := url.Values{}
	for _, field := range []struct{ name, value string }{
		{"workload", f.Workload}, {"target", f.Target}, {"verdict", f.Verdict}, {"seed", f.Seed}, {"q", f.Text},
	} {
		if field.value != "" {
			q.Set(field.name, field.value)
		}
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	return q.Encode()
}

// Active reports whether the filter leaves any run out.
func (f filter) Active() bool { return f != filter{} }

// byName reports whether a run's name alone can be the one of a run to show. Where
// only the seed in run.json could tell, it can.
func (f filter) byName(id runID) bool {
	if f.Workload != "" && f.Workload != id.Workload {
		return false
	}
	seed, ok := id.seed()
	return f.Seed == "" || !ok || f.Seed == strconv.FormatUint(seed, 10)
}

// reads reports whether more than the names of runs has to be known.
func (f filter) reads() bool {
	return f.Target != "" || f.Verdict != "" || f.Text != "" || f.Seed != ""
}

// byDigest reports whether a run is one to show, once it was read.
func (f filter) byDigest(d *digest) bool {
	return (f.Target == "" || f.Target == d.Info.Target) &&
		(f.Verdict == "" || f.Verdict == d.Word()) &&
		(f.Seed == "" || f.Seed == strconv.FormatUint(d.Info.Config.Seed, 10)) &&
		f.inText(d)
}

// inText reports whether each word of the filter's text is somewhere in what is
// known of the run.
func (f filter) inText(d *digest) bool {
	if f.Text == "" {
		return true
	}
	about := strings.ToLower(strings.Join([]string{
		d.ID.String(), d.Info.Command, d.Info.Redis, d.Info.Target, d.Info.Config.Topology,
		d.Info.Tool, d.Info.Error, d.Results.Reason, d.Word(), d.Problem,
	}, "\n"))
	for _, word := range strings.Fields(strings.ToLower(f.Text)) {
		if !strings.Contains(about, word) {
			return false
		}
	}
	return true
}

// choose returns those of the runs that a filter shows, in the same order; with no
// more read of them than the filter needs.
func (s *store) choose(ctx context.Context, all []runID, f filter) (chosen []runID, err error) {
	for _, id := range all {
		if !f.byName(id) {
			continue
		}
		if f.reads() {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			d, err := s.digestOf(id)
			if err != nil || !f.byDigest(d) {
				continue
			}
		}
		chosen = append(chosen, id)
	}
	return chosen, nil
}

// workloads returns the names of the workloads that were run, in order.
func workloads(all []runID) (names []string) {
	for _, id := range all {
		names = append(names, id.Workload)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
