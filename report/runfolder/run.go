package runfolder

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// Run is a run folder that was opened. It is not safe for concurrent use.
type Run struct {
	// Dir is the folder, without links on the way.
	Dir  string
	Info harness.Info
	// Results is nil where nobody has judged the run, or where what they left
	// cannot be read: Problems says which.
	Results *harness.Results
	// Problems are sentences about what is missing, torn or not understood.
	Problems []string

	history *history.History
}

// Open reads a run folder's description and results, and leaves its history for
// [Run.History]. It is an error if there is no run.json, or one of a newer version.
func Open(folder string) (*Run, error) {
	dir, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return nil, fmt.Errorf("open run: %w", err)
	}
	info, err := harness.ReadInfo(dir)
	if err != nil {
		return nil, err
	}
	r := &Run{Dir: dir, Info: info}
	switch r.Results, err = harness.ReadResults(dir); {
	case errors.Is(err, fs.ErrNotExist) && r.Live():
		r.Problems = append(r.Problems, "The run goes on, or was cut off before its end: nothing has judged it yet.")
	case errors.Is(err, fs.ErrNotExist):
		r.Problems = append(r.Problems, "Nobody has judged this run: jepsen-lite check "+folder)
	case err != nil:
		r.Problems = append(r.Problems, fmt.Sprintf("Its results cannot be read: %v.", err))
	}
	return r, nil
}

// Live reports whether the run has no end: it goes on, or was killed.
func (r *Run) Live() bool { return r.Info.Ended.IsZero() }

// Verdict returns what judging found; unknown where nobody has judged.
func (r *Run) Verdict() checker.Verdict {
	if r.Results == nil {
		return checker.Unknown
	}
	return r.Results.Verdict
}

// History reads the history, once. That of a run which goes on ends where the run
// is. What was tolerated in it is added to Problems.
func (r *Run) History() (*history.History, error) {
	if r.history != nil {
		return r.history, nil
	}
	h, err := harness.LoadHistory(r.Dir)
	if err != nil {
		return nil, err
	}
	r.history = h
	for _, w := range h.Warnings {
		r.Problems = append(r.Problems, "The history: "+w+".")
	}
	return h, nil
}
