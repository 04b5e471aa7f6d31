package serve

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/report/figure"
	"github.com/jepsen-lite/jepsen-lite/report/runfolder"
	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// pictureFunc draws what a run did.
type pictureFunc func(*series.Series, figure.Options) *svg.Drawing

// pictureOf returns what draws the picture of that name, nil for no such name.
func pictureOf(name string) pictureFunc {
	switch name {
	case "throughput":
		return figure.Throughput
	case "latency":
		return figure.Latency
	case "histogram":
		return figure.Histogram
	case "availability":
		return figure.Availability
	}
	return nil
}

// Widths of pictures, for a screen and for a telephone.
const (
	wide   = 900
	narrow = 360
	widest = 1600 // that can be asked for
)

// throughput draws a run that goes on, as a part of its page.
func throughput(s *series.Series, id string, width float64) template.HTML {
	return template.HTML(figure.Throughput(s, figure.Options{ID: id, Width: width}).Inline()) // package svg escapes every text
}

// picture answers with a picture of a run, where the URL says so on the same scales
// as that of another (with=…), and so many pixels wide (width=…).
func (p *pages) picture(w http.ResponseWriter, r *http.Request) {
	d, ok := p.requested(w, r)
	if !ok {
		return
	}
	name, isSVG := strings.CutSuffix(r.PathValue("picture"), ".svg")
	draw := pictureOf(name)
	if draw == nil || !isSVG {
		p.refuse(w, errNoPage)
		return
	}
	o := figure.Options{ID: name}
	if width, err := strconv.Atoi(r.URL.Query().Get("width")); err == nil {
		o.Width = float64(min(max(width, narrow), widest))
	}
	if with := r.URL.Query().Get("with"); with != "" {
		id, ok := parseRun(with)
		if !ok {
			p.refuse(w, errNoRun)
			return
		}
		o.Beside, _ = p.happenings.series(id) // without it, this one has its own scales
	}
	s, err := p.happenings.series(d.ID)
	if err != nil {
		p.refuse(w, err)
		return
	}
	w.Header().Set("Content-Security-Policy", filePolicy)
	w.Header().Set("Content-Type", "image/svg+xml")
	_, _ = w.Write(draw(s, o).File()) // the client went away
}

// drawn answers with the picture that a file of that name would be, if there is one:
// a report that was made in memory names pictures that no file has.
func (p *pages) drawn(w http.ResponseWriter, r *http.Request, id runID, name string) bool {
	plain, isSVG := strings.CutSuffix(name, ".svg")
	if !isSVG || pictureOf(plain) == nil && !strings.HasPrefix(plain, "witness-") {
		return false // without a look at the history
	}
	text, err := p.reports.picture(id, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false
	case err != nil:
		p.refuse(w, err)
		return true
	}
	w.Header().Set("Content-Security-Policy", filePolicy)
	w.Header().Set("Content-Type", "image/svg+xml")
	_, _ = w.Write(text) // the client went away
	return true
}

// happenings reads what happened in runs, and remembers some. It is safe for
// concurrent use.
type happenings struct {
	store *store
	// reading is held while a history is in memory: one at a time, whatever is asked
	// for.
	reading sync.Mutex

	mu    sync.Mutex
	known []happening // the one used last at the end
}

type happening struct {
	id     runID
	at     [3]stamp
	series *series.Series
}

// maxKnown is how many runs are remembered, some 500 kB each.
const maxKnown = 16

// historyStamps tell whether anything has changed that a run's pictures show.
func historyStamps(folder *os.Root) [3]stamp {
	return [3]stamp{stampOf(folder, harness.InfoFile), stampOf(folder, harness.ResultsFile), stampOf(folder, harness.HistoryFile)}
}

// series returns what happened in a run.
func (h *happenings) series(id runID) (*series.Series, error) {
	if s, ok, err := h.recall(id); ok || err != nil {
		return s, err
	}
	h.reading.Lock()
	defer h.reading.Unlock()
	if s, ok, err := h.recall(id); ok || err != nil { // another one has read it meanwhile
		return s, err
	}
	dir, at, err := h.store.sealed(id)
	if err != nil {
		return nil, err
	}
	run, err := runfolder.Open(dir)
	if err != nil {
		return nil, err
	}
	history, err := run.History()
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	s := series.Of(history, checker.Incidents(history))
	h.mu.Lock()
	defer h.mu.Unlock()
	h.known = append(h.known, happening{id, at, s})
	if len(h.known) > maxKnown {
		h.known = slices.Delete(h.known, 0, 1)
	}
	return s, nil
}

// recall returns what is remembered of a run, if nothing has changed.
func (h *happenings) recall(id runID) (*series.Series, bool, error) {
	folder, err := h.store.open(id)
	if err != nil {
		return nil, false, err
	}
	defer folder.Close()
	at := historyStamps(folder)
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.known, func(k happening) bool { return k.id == id })
	if i < 0 {
		return nil, false, nil
	}
	k := h.known[i]
	h.known = slices.Delete(h.known, i, i+1)
	if k.at != at {
		return nil, false, nil
	}
	h.known = append(h.known, k)
	return k.series, true, nil
}

// sealed returns the path of a run's folder for those who read by path, having made
// sure that nothing in it leads out of it, or would make them wait.
func (s *store) sealed(id runID) (dir string, at [3]stamp, err error) {
	folder, err := s.open(id)
	if err != nil {
		return "", at, err
	}
	defer folder.Close()
	const waits = fs.ModeNamedPipe | fs.ModeDevice
	err = fs.WalkDir(folder.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.Type()&(fs.ModeSymlink|waits) == 0 {
			return nil // what cannot be read now cannot be read then
		}
		if info, err := folder.Stat(name); err != nil || info.Mode()&waits != 0 {
			return &problem{http.StatusForbidden, "This run is not shown.", fmt.Sprintf("In its folder is a link that leads out of it or nowhere, or what is no file: %s.", name)}
		}
		return nil
	})
	return s.path(id), historyStamps(folder), err
}
