package serve

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
)

// runPage is the page of a run.
type runPage struct {
	*digest
	// Results are nil where nobody has judged the run.
	Results    *harness.Results
	Parameters []parameter
	Rows       []operationRow
	Live       bool
	// First is how it stands, where it is Live.
	First template.HTML
	// Before is the run of the same configuration before this one; nil: none.
	Before *runID
	Report string // URL
	// Pictures are shown of what is over.
	Pictures bool
}

// operationRow is what a run did with an operation.
type operationRow struct {
	Name string
	checker.OperationStats
}

// run shows a run: how it stands while it goes on, what judging found afterwards.
func (p *pages) run(w http.ResponseWriter, r *http.Request) {
	d, ok := p.requested(w, r)
	if !ok {
		return
	}
	page := runPage{
		digest: d, Rows: operationRows(d), Parameters: parametersOf(d.Info),
		Live:     d.State == Running || d.State == Unjudged && p.store.now().Sub(d.Info.Ended) < judgingTime,
		Report:   fileURL(d.ID, reportFile),
		Pictures: d.State == Judged,
	}
	if page.Live {
		page.First = p.first(d.ID)
	}
	if d.State == Judged {
		results, err := p.store.results(d.ID)
		if err != nil {
			p.refuse(w, err)
			return
		}
		page.Results = results
	}
	if before, ok := p.store.before(r.Context(), d); ok {
		page.Before = &before
	}
	p.show(w, http.StatusOK, "run.html", d.ID.Workload+", "+d.Word(), page)
}

// results reads a run's results.json whole.
func (s *store) results(id runID) (*harness.Results, error) {
	folder, err := s.open(id)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	text, err := readText(folder, harness.ResultsFile)
	if err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	var r harness.Results
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	return &r, nil
}

// Took is how long the run lasted, by the clock on the wall.
func (d *digest) Took() time.Duration {
	if d.Info.Ended.IsZero() {
		return 0
	}
	return d.Info.Ended.Sub(d.Info.Started).Round(100 * time.Millisecond)
}

// PerSecond is how many operations succeeded in each second of the time that clients
// had; 0: that is not known, because it is not known how long they had.
func (d *digest) PerSecond() float64 {
	limit := d.Info.Config.TimeLimit.Seconds()
	if d.State != Judged || limit <= 0 || d.Info.CutShort || d.Info.Error != "" || d.Info.Stepped || d.Info.Ended.IsZero() {
		return 0
	}
	return float64(d.Results.Ops.OK) / limit
}
