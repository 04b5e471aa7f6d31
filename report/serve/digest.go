package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
)

// State is how far a run is.
type State string

// States of a run.
const (
	// Judged: there are results.
	Judged State = "judged"
	// Running: it has no end yet, and gave a sign of life lately.
	Running State = "running"
	// Unjudged: it has ended, and nothing has judged it yet.
	Unjudged State = "not judged"
	// CutOff: it has no end, and no sign of life.
	CutOff State = "cut off"
	// Unreadable: its run.json is not one, or of a newer version.
	Unreadable State = "unreadable"
)

// silence is how long a run without an end may say nothing until it counts as cut
// off. A run that pulls an image, or waits for an election, is silent for a while.
const silence = time.Minute

// digest is what lists show of a run.
type digest struct {
	ID      runID
	Info    harness.Info
	State   State
	Problem string // why it is unreadable, or its results are
	Results results
	// LatencyOf are the times of what succeeded, by operation.
	LatencyOf map[string]checker.OperationStats
	// Lost is how many acknowledged writes were lost; -1: no check counts them.
	Lost int

	read stamps
}

// results is what a digest keeps of results.json: see [harness.Results].
type results struct {
	Verdict checker.Verdict  `json:"verdict"`
	Reason  string           `json:"reason"`
	Ops     harness.Outcomes `json:"ops"`
	Faults  map[string]int   `json:"faults"`
	Checks  []struct {
		Name       string          `json:"name"`
		Statistics json.RawMessage `json:"statistics"`
	} `json:"checks"`
}

// stamps tell whether files have changed since they were read.
type stamps struct{ info, results stamp }

type stamp struct {
	modified time.Time
	size     int64
}

func stampOf(root *os.Root, name string) stamp {
	info, err := root.Stat(name)
	if err != nil {
		return stamp{}
	}
	return stamp{info.ModTime(), info.Size()}
}

// digestOf reads what lists show of a run, unless it was read before and has not
// changed. The error is that of a run which is not there.
func (s *store) digestOf(id runID) (*digest, error) {
	folder, err := s.open(id)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	read := stamps{stampOf(folder, harness.InfoFile), stampOf(folder, harness.ResultsFile)}
	s.mu.Lock()
	d, known := s.digest[id]
	s.mu.Unlock()
	if !known || d.read != read {
		d = readDigest(folder, id)
		d.read = read
		s.remember(d)
	}
	if d.State == Running && s.now().Sub(lastSign(folder)) > silence {
		d.State = CutOff
	}
	return &d, nil
}

func (s *store) remember(d digest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.digest) >= maxDigests {
		clear(s.digest) // it is only read again
	}
	s.digest[d.ID] = d
}

// lastSign is when a run last wrote something.
func lastSign(folder *os.Root) time.Time {
	var last time.Time
	for _, name := range []string{harness.InfoFile, harness.HistoryFile, harness.LogFile} {
		if at := stampOf(folder, name).modified; at.After(last) {
			last = at
		}
	}
	return last
}

func readDigest(folder *os.Root, id runID) digest {
	d := digest{ID: id, Lost: -1}
	text, err := readText(folder, harness.InfoFile)
	if err == nil {
		d.Info, err = harness.DecodeInfo(text, id.String())
	}
	if err != nil {
		d.State, d.Problem = Unreadable, err.Error()
		return d
	}
	switch text, err = readText(folder, harness.ResultsFile); {
	case errors.Is(err, fs.ErrNotExist) && d.Info.Ended.IsZero():
		d.State = Running
	case errors.Is(err, fs.ErrNotExist):
		d.State = Unjudged
	default:
		if err == nil {
			err = json.Unmarshal(text, &d.Results)
		}
		if d.State = Judged; err != nil {
			d.State, d.Results, d.Problem = Unjudged, results{}, fmt.Sprintf("its results cannot be read: %v", err)
		}
	}
	d.figures()
	return d
}

// figures takes what trends show out of the statistics of the checks.
func (d *digest) figures() {
	for i := range d.Results.Checks {
		c := &d.Results.Checks[i]
		if c.Name == "stats" {
			_ = json.Unmarshal(c.Statistics, &d.LatencyOf) // none is shown where it is not understood
		} else {
			var counted struct {
				Lost *int `json:"lost"`
			}
			if json.Unmarshal(c.Statistics, &counted) == nil && counted.Lost != nil {
				d.Lost = max(d.Lost, *counted.Lost)
			}
		}
		c.Statistics = nil
	}
}

// Verdict is that of the results; empty where there are none.
func (d *digest) Verdict() checker.Verdict { return d.Results.Verdict }

// Word is the verdict, or how far the run is.
func (d *digest) Word() string {
	if d.State == Judged {
		return string(d.Results.Verdict)
	}
	return string(d.State)
}

// Started is when the run began.
func (d *digest) Started() time.Time {
	if !d.Info.Started.IsZero() {
		return d.Info.Started
	}
	at, _ := d.ID.began()
	return at
}
