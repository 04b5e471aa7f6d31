package paper

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/runfolder"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

// read reads a run. Of its history it keeps nothing but what was measured in it and
// the operations of the anomalies that may be shown.
func read(ctx context.Context, folder string) (*Run, error) {
	opened, err := runfolder.Open(folder)
	if err != nil {
		return nil, err
	}
	info := opened.Info
	r := &Run{
		Folder: folder, Workload: info.Config.Workload, Verdict: opened.Verdict(), Seed: info.Config.Seed, Started: info.Started,
		Command: info.Command, Tool: info.Tool, Go: info.Go, Stepped: info.Stepped, Error: info.Error, info: info,
		Faults: map[string]int{},
	}
	if !info.Ended.IsZero() {
		r.DurationNS = int64(info.Ended.Sub(info.Started))
	}
	if opened.Results != nil {
		r.Reason, r.Ops = opened.Results.Reason, opened.Results.Ops
		if opened.Results.Faults != nil {
			r.Faults = opened.Results.Faults
		}
		r.checks = thinned(opened.Results.Checks)
	}
	r.configuration, r.plan = identity(info)
	r.SHA256, err = checksum(filepath.Join(folder, harness.HistoryFile))
	var h *history.History
	var over *series.Series
	if err == nil {
		if h, err = opened.History(); err == nil {
			over = r.measure(h)
		}
	}
	if err != nil {
		r.Problems = append(r.Problems, fmt.Sprintf("Its history cannot be read: %v.", err))
	}
	if r.Promises, err = promises(ctx, info, opened.Results, h); err != nil {
		r.Problems = append(r.Problems, fmt.Sprintf("It is not known which promises it keeps: %v.", err))
	}
	r.prove(h, over)
	if sum, err := checksum(filepath.Join(folder, harness.ScheduleFile)); err == nil {
		r.Schedule = sum
	}
	r.Problems = append(r.Problems, opened.Problems...)
	return r, nil
}

func checksum(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// measure keeps what is to be known of the history, and returns what happened over time.
func (r *Run) measure(h *history.History) *series.Series {
	over := series.Of(h, checker.Incidents(h))
	m := &measured{
		windows: over.Windows, answered: make([]int, len(over.Windows)), outside: new(spread), under: new(spread),
	}
	m.watch(h.Ops, over.End)
	r.measured, r.DurationNS = m, over.End
	return over
}
