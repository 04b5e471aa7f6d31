package serve

import (
	"cmp"
	"context"
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"github.com/jepsen-lite/jepsen-lite/checker"
)

const (
	// maxTrend is how many runs a trend shows, the newest.
	maxTrend = 100
	// trendsPage is how many trends a page shows.
	trendsPage = 20
)

// trendsView is the page of trends.
type trendsView struct {
	Workload     string
	Workloads    []string
	Trends       []trend
	Total        int
	Newer, Older string
}

// trend is what became of the runs of one configuration over time.
type trend struct {
	Workload      string
	Configuration string
	Runs          []*digest // the oldest first
	Total         int       // with those before them
	Verdicts      map[checker.Verdict]int
	// Operation is the one whose latency is drawn: that which succeeded most often.
	Operation string
	Picture   template.HTML
}

// Last is the newest run.
func (t *trend) Last() *digest { return t.Runs[len(t.Runs)-1] }

// BeforeLast is the run before it; nil: there is none.
func (t *trend) BeforeLast() *digest {
	if len(t.Runs) < 2 {
		return nil
	}
	return t.Runs[len(t.Runs)-2]
}

// Lost is the most that one of the runs lost; -1: no check counts it.
func (t *trend) Lost() int {
	most := -1
	for _, d := range t.Runs {
		most = max(most, d.Lost)
	}
	return most
}

// First is the oldest run that is shown.
func (t *trend) First() *digest { return t.Runs[0] }

// trends shows how runs of the same configuration came out over time.
func (p *pages) trends(w http.ResponseWriter, r *http.Request) {
	f := filter{Workload: r.URL.Query().Get("workload")}
	ids, err := p.store.runs(r.Context())
	if err != nil {
		p.refuse(w, err)
		return
	}
	all, err := p.store.trends(r.Context(), slices.DeleteFunc(slices.Clone(ids), func(id runID) bool { return !f.byName(id) }))
	if err != nil {
		p.refuse(w, err)
		return
	}
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	page = min(max(page, 1), max(1, (len(all)+trendsPage-1)/trendsPage))
	from, to := (page-1)*trendsPage, min(page*trendsPage, len(all))
	view := trendsView{Workload: f.Workload, Workloads: withOwn(workloads(ids), f.Workload), Trends: all[from:to], Total: len(all)}
	for i := range view.Trends {
		view.Trends[i].draw()
	}
	if page > 1 {
		view.Newer = "/trends?" + f.query(page-1)
	}
	if to < len(all) {
		view.Older = "/trends?" + f.query(page+1)
	}
	p.show(w, http.StatusOK, "trends.html", "Trends", view)
}

// trends groups runs, the newest first, by configuration; first the one that was
// run last.
func (s *store) trends(ctx context.Context, ids []runID) ([]trend, error) {
	at := map[string]int{}
	var all []trend
	for _, id := range ids {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		d, err := s.digestOf(id)
		if err != nil || d.State != Judged {
			continue
		}
		name := configuration(d.Info)
		i, known := at[name]
		if !known {
			i = len(all)
			at[name] = i
			all = append(all, trend{Workload: id.Workload, Configuration: name, Verdicts: map[checker.Verdict]int{}})
		}
		t := &all[i]
		t.Total++
		t.Verdicts[d.Verdict()]++
		if len(t.Runs) < maxTrend {
			t.Runs = append(t.Runs, d)
		}
	}
	for i := range all {
		slices.Reverse(all[i].Runs)
		all[i].Operation = mostFrequent(all[i].Runs)
	}
	return all, nil
}

// mostFrequent returns the operation that succeeded most often in those runs.
func mostFrequent(runs []*digest) string {
	counts := map[string]int{}
	for i := range runs {
		for name, o := range runs[i].LatencyOf {
			counts[name] += o.OK
		}
	}
	best := ""
	for name, n := range counts {
		if best == "" || cmp.Or(cmp.Compare(counts[best], n), cmp.Compare(name, best)) < 0 {
			best = name
		}
	}
	return best
}
