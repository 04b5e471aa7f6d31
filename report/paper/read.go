package paper

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/runfolder"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

// measured is what a run's history says besides its results.
type measured struct {
	windows []series.Window
	// answered counts, of each window, the operations called in it that the servers
	// answered; calm those outside all windows, and how many there were.
	answered       []int
	calm           share
	faults         []series.Fault
	outside, under *spread
}

// read reads a run. Of its history it keeps nothing but what was measured in it and
// the operations of the anomalies that may be shown.
func read(folder string) (*Run, error) {
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
	r.Promises = promises(info, r.checks)
	r.configuration, r.plan = identity(info)
	r.SHA256, err = checksum(filepath.Join(folder, "history.jsonl"))
	if err == nil {
		err = r.measure(opened)
	}
	if err != nil {
		r.Problems = append(r.Problems, fmt.Sprintf("Its history cannot be read: %v.", err))
	}
	if sum, err := checksum(filepath.Join(folder, "schedule.json")); err == nil {
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

// measure reads the history.
func (r *Run) measure(opened *runfolder.Run) error {
	h, err := opened.History()
	if err != nil {
		return err
	}
	over := series.Of(h, checker.Incidents(h))
	m := &measured{
		windows: over.Windows, faults: over.Faults, answered: make([]int, len(over.Windows)), outside: new(spread), under: new(spread),
	}
	m.watch(h.Ops, over.End)
	r.measured, r.DurationNS = m, over.End
	for i := range r.checks {
		for j := range r.checks[i].Anomalies {
			complete(&r.checks[i].Anomalies[j], h)
		}
	}
	return nil
}

// share is a number of operations, and how many of them the servers answered.
type share struct{ answered, called int }

// watch counts what became of operations that were called within windows of faults
// and outside.
func (m *measured) watch(ops []history.Op, end int64) {
	var all []stretch
	for _, w := range m.windows {
		all = append(all, window(w, end))
	}
	faulty := union(slices.Clone(all))
	for i := range ops {
		op := &ops[i]
		answered := op.Outcome == history.OK || op.Outcome == history.Fail && !op.Output.IsAbsent()
		if !covers(faulty, op.Call) {
			m.calm.called++
			if answered {
				m.calm.answered++
			}
			if op.Outcome == history.OK {
				m.outside.add(op.Return - op.Call)
			}
			continue
		}
		if op.Outcome == history.OK {
			m.under.add(op.Return - op.Call)
		}
		for j, w := range all {
			if answered && op.Call >= w.from && op.Call < w.to {
				m.answered[j]++
			}
		}
	}
}

// stretch is a time of the run, from its beginning on and before its end.
type stretch struct{ from, to int64 }

// window returns the time of a window, as package series has it.
func window(w series.Window, end int64) stretch {
	if w.Fault.Momentary {
		return stretch{w.Fault.From, max(w.Fault.To, min(w.Fault.From+series.Aftermath, end))}
	}
	return stretch{w.Fault.From, w.Fault.To}
}

// union returns the times that any of them covers, in order.
func union(all []stretch) []stretch {
	slices.SortFunc(all, func(a, b stretch) int { return int(min(1, max(-1, a.from-b.from))) })
	var merged []stretch
	for _, s := range all {
		if n := len(merged); n > 0 && s.from <= merged[n-1].to {
			merged[n-1].to = max(merged[n-1].to, s.to)
		} else {
			merged = append(merged, s)
		}
	}
	return merged
}

func covers(sorted []stretch, at int64) bool {
	i := sort.Search(len(sorted), func(i int) bool { return sorted[i].to > at })
	return i < len(sorted) && sorted[i].from <= at
}

// thinned keeps of each check's anomalies one of each type: that with the fewest
// operations, of several the first. One that was not shown by its witness comes
// after those that were.
func thinned(checks []checker.Result) []checker.Result {
	kept := slices.Clone(checks)
	for i := range kept {
		var types []checker.Anomaly
		for _, a := range kept[i].Anomalies {
			at := slices.IndexFunc(types, func(b checker.Anomaly) bool { return a.Type == b.Type })
			if at < 0 {
				types = append(types, a)
			} else if simpler(a, types[at]) {
				types[at] = a
			}
		}
		kept[i].Anomalies = types
	}
	return kept
}

func simpler(a, b checker.Anomaly) bool {
	if (len(a.Witness) > 0) != (len(b.Witness) > 0) {
		return len(a.Witness) > 0
	}
	return len(a.Ops) < len(b.Ops)
}

// complete gives an anomaly that names its operations only by number a witness.
func complete(a *checker.Anomaly, h *history.History) {
	if len(a.Witness) > 0 {
		return
	}
	for _, invoked := range a.Ops {
		i := sort.Search(len(h.Ops), func(i int) bool { return h.Ops[i].Invoked >= invoked })
		if i == len(h.Ops) || h.Ops[i].Invoked != invoked {
			continue
		}
		op := &h.Ops[i]
		w := checker.WitnessOp{Index: invoked, Process: int(op.Process), Operation: shown(op), CallNS: op.Call}
		if op.Outcome != history.Info {
			w.ReturnNS = op.Return
		}
		a.Witness = append(a.Witness, w)
	}
}

// shown is an operation as a witness shows it: enqueue(7) → 7.
func shown(op *history.Op) string {
	text := op.F
	if !op.Input.IsAbsent() && !op.Input.IsNull() {
		text += "(" + op.Input.String() + ")"
	}
	switch {
	case op.Outcome == history.Info:
		return text + " → ?"
	case op.Outcome == history.Fail:
		return strings.TrimSpace(text + " → failed " + op.Error)
	case op.Output.IsAbsent():
		return text
	}
	return text + " → " + op.Output.String()
}
