package serve

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/jepsen-lite/jepsen-lite/report"
)

// report answers with a run's report: the one in its folder, or, where there is none
// or it is older than the results, one that is made in memory.
func (p *pages) report(w http.ResponseWriter, r *http.Request, d *digest) {
	root, err := p.store.open(d.ID)
	if err != nil {
		p.refuse(w, err)
		return
	}
	defer root.Close()
	if f, info, err := currentReport(root, d); err == nil {
		defer f.Close()
		serveFile(w, r, f, info)
		return
	}
	made, err := p.reports.of(d.ID)
	if err != nil {
		p.refuse(w, err)
		return
	}
	w.Header().Set("Content-Security-Policy", reportPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("ETag", tag(made.at[:]...))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(made.text))
}

// currentReport opens the report in a run's folder, if it is of what the folder now
// holds.
func currentReport(root *os.Root, d *digest) (*os.File, fs.FileInfo, error) {
	f, info, err := openRegular(root, reportFile)
	if err != nil {
		return nil, nil, err
	}
	if d.State != Judged || info.ModTime().Before(d.read.results.modified) {
		f.Close()
		return nil, nil, fmt.Errorf("open %s: %w", reportFile, fs.ErrNotExist)
	}
	return f, info, nil
}

// reports makes reports, and remembers some. It is safe for concurrent use.
type reports struct {
	happenings *happenings

	mu    sync.Mutex
	known []madeReport // the one used last at the end
}

type madeReport struct {
	id   runID
	at   [3]stamp
	text []byte
}

// maxReportBytes bounds what is remembered of reports; a single one may be larger.
const maxReportBytes = 64 << 20

// of returns the report of a run as it is now.
func (p *reports) of(id runID) (madeReport, error) {
	// Making one takes as much memory as reading a history does, and more.
	p.happenings.reading.Lock()
	defer p.happenings.reading.Unlock()
	dir, at, err := p.happenings.store.sealed(id)
	if err != nil {
		return madeReport{}, err
	}
	if made, ok := p.recall(id, at); ok {
		return made, nil
	}
	var text bytes.Buffer
	if err := report.Page(&text, dir); err != nil {
		return madeReport{}, fmt.Errorf("make the report: %w", err)
	}
	made := madeReport{id, at, text.Bytes()}
	p.remember(made)
	return made, nil
}

// picture draws a picture of a run's report.
func (p *reports) picture(id runID, name string) ([]byte, error) {
	p.happenings.reading.Lock()
	defer p.happenings.reading.Unlock()
	dir, _, err := p.happenings.store.sealed(id)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = report.Picture(&text, dir, name)
	return text.Bytes(), err
}

func (p *reports) recall(id runID, at [3]stamp) (madeReport, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.known, func(m madeReport) bool { return m.id == id })
	if i < 0 {
		return madeReport{}, false
	}
	made := p.known[i]
	p.known = slices.Delete(p.known, i, i+1)
	if made.at != at {
		return madeReport{}, false
	}
	p.known = append(p.known, made)
	return made, true
}

func (p *reports) remember(made madeReport) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known = append(p.known, made)
	total := 0
	for i, m := range slices.Backward(p.known) {
		if total += len(m.text); total > maxReportBytes {
			p.known = slices.Delete(p.known, 0, i+1)
			return
		}
	}
}
