package serve

import (
	"fmt"
	"net/http"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/jepsen-lite/jepsen-lite/checker"
)

// pageSize is how many runs a page of the list shows.
const pageSize = 50

// listing is the page of runs.
type listing struct {
	Filter            filter
	Runs              []*digest
	Total, From, To   int
	Newer, Older      string // queries; empty: there are none
	Workloads         []string
	Targets, Verdicts []string
	Empty             bool // no run at all
}

// list shows the runs of the store, the newest first.
func (p *pages) list(w http.ResponseWriter, r *http.Request) {
	f := filterOf(r.URL.Query())
	all, err := p.store.runs(r.Context())
	var ids []runID
	if err == nil {
		ids, err = p.store.choose(r.Context(), all, f)
	}
	if err != nil {
		p.refuse(w, err)
		return
	}
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	page = min(max(page, 1), max(1, (len(ids)+pageSize-1)/pageSize))
	from, to := (page-1)*pageSize, min(page*pageSize, len(ids))
	l := listing{Filter: f, Total: len(ids), From: from + 1, To: to}
	for _, id := range ids[from:to] {
		d, err := p.store.digestOf(id)
		if err != nil {
			continue // it is no run, or was removed since
		}
		l.Runs = append(l.Runs, d)
	}
	if page > 1 {
		l.Newer = "/?" + f.query(page-1)
	}
	if to < len(ids) {
		l.Older = "/?" + f.query(page+1)
	}
	l.Workloads = withOwn(workloads(all), f.Workload)
	l.Empty = len(all) == 0
	l.Targets = withOwn([]string{"process", "docker", "sim", "external"}, f.Target)
	l.Verdicts = withOwn([]string{
		string(checker.Valid), string(checker.Invalid), string(checker.Unknown),
		string(Running), string(Unjudged), string(CutOff), string(Unreadable),
	}, f.Verdict)
	p.show(w, http.StatusOK, "list.html", "Runs", l)
}

// withOwn adds what a filter asks for to what can be chosen.
func withOwn(choices []string, asked string) []string {
	if asked == "" || slices.Contains(choices, asked) {
		return choices
	}
	return append(choices, asked)
}

// latest leads to the run that store/latest points at, else to the newest.
func (p *pages) latest(w http.ResponseWriter, r *http.Request) {
	if link, err := p.store.root.Readlink("latest"); err == nil {
		if id, ok := parseRun(path.Clean(filepath.ToSlash(link))); ok {
			if _, err := p.store.digestOf(id); err == nil {
				http.Redirect(w, r, "/runs/"+id.escaped()+"/", http.StatusSeeOther)
				return
			}
		}
	}
	ids, err := p.store.runs(r.Context())
	if err == nil && len(ids) == 0 {
		err = fmt.Errorf("this store has no run: %w", errNoRun)
	}
	if err != nil {
		p.refuse(w, err)
		return
	}
	http.Redirect(w, r, "/runs/"+ids[0].escaped()+"/", http.StatusSeeOther)
}
