package harness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/checker/promise"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target"
)

// Results is results.json: what judging found. Fields are only ever added.
type Results struct {
	Verdict checker.Verdict `json:"verdict"`
	// Reason says in a sentence why, unless the verdict is valid.
	Reason string           `json:"reason,omitempty"`
	Checks []checker.Result `json:"checks"`
	Ops    Outcomes         `json:"ops"`
	// Faults counts the faults that took effect, by name.
	Faults map[string]int `json:"faults"`
	// Promises say which the history keeps, the strongest first. They decide no
	// verdict. Nil: nobody asked.
	Promises []promise.Promise `json:"promises,omitempty"`
	// Nemesis lists what the nemesis did, in order, as far as it took effect.
	Nemesis []checker.Incident `json:"nemesis,omitempty"`
	Seed    uint64             `json:"seed,omitempty"`
	// Findings are sentences for people: how the run ended, what to know about
	// a verdict.
	Findings []string `json:"findings,omitempty"`
	// ReadingNS is how long reading the history took.
	ReadingNS int64  `json:"reading_ns,omitempty"`
	Folder    string `json:"folder,omitempty"`
	Workload  string `json:"workload,omitempty"`
	Redis     string `json:"redis,omitempty"`
	// Command repeats the run.
	Command  string `json:"command,omitempty"`
	CutShort bool   `json:"cut_short,omitempty"`
}

// LoadHistory reads the history of a run folder. One that is empty is no error: its
// warnings say so.
func LoadHistory(folder string) (*history.History, error) {
	h, err := history.LoadFile(filepath.Join(folder, HistoryFile))
	if errors.Is(err, history.ErrEmpty) {
		return &history.History{Warnings: []string{"nothing was recorded"}}, nil
	}
	return h, err
}

// ReadResults reads the results.json of a run folder: what judging found, when it
// last judged. The error is [fs.ErrNotExist] where nobody has.
func ReadResults(folder string) (*Results, error) {
	text, err := os.ReadFile(filepath.Join(folder, ResultsFile))
	if err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	var r Results
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("read %s: %w; judge it again: jepsen-lite check %s", filepath.Join(folder, ResultsFile), err, folder)
	}
	return &r, nil
}

// Outcomes counts operations by how they ended.
type Outcomes struct {
	OK   int `json:"ok"`
	Fail int `json:"fail"`
	Info int `json:"info"`
}

// JudgeOptions say how to judge.
type JudgeOptions struct {
	checker.Options
	// Checks replaces the checks that the run's workload names; nil: those.
	Checks []checker.Check
	// Keep leaves the folder's results.json as it is, and asks for no promises.
	Keep bool
}

// Judge judges a stored run: it reads the run folder and nothing else, and
// writes results.json into it.
func Judge(ctx context.Context, folder string, o JudgeOptions) (*Results, error) {
	info, err := ReadInfo(folder)
	if err != nil {
		return nil, err
	}
	h, err := LoadHistory(folder)
	if err != nil {
		return nil, err
	}
	checks := o.Checks
	if checks == nil {
		if checks, err = info.checks(); err != nil {
			return nil, err
		}
	}
	results, err := JudgeHistory(ctx, h, checks, o.Options)
	if err != nil {
		return nil, err
	}
	results.Seed, results.Folder, results.Workload = info.Config.Seed, folder, info.Config.Workload
	results.Redis, results.Command, results.CutShort = info.Redis, info.Command, info.CutShort
	results.Findings = append(info.findings(h, results.Verdict, folder), results.Findings...)
	results.unfinished(info.Error)
	results.Findings = append(results.Findings, info.idle(results.Nemesis)...)
	if !o.Keep {
		if results.Promises, err = info.promises(ctx, h, results.Checks, o.Options); err != nil {
			results.Findings = append(results.Findings, err.Error())
		}
		err = writeJSON(filepath.Join(folder, ResultsFile), results)
	}
	return results, err
}

// promises tell which the history keeps. No verdict depends on them, so that not even
// a panic, which is a bug of ours, costs one.
func (info Info) promises(ctx context.Context, h *history.History, known []checker.Result, o checker.Options) (all []promise.Promise, err error) {
	defer func() {
		if p := recover(); p != nil {
			all, err = nil, fmt.Errorf("judge promises: a bug in jepsen-lite: %v", p)
		}
	}()
	all, err = promise.Ladder(ctx, h, promise.Given{Checks: info.Checks, Known: known, Options: o})
	if err != nil {
		return nil, fmt.Errorf("judge promises: %w", err)
	}
	if info.Error != "" {
		promise.TakeBack(all, "the run could not do its part: "+info.Error)
	}
	return all, nil
}

// JudgeHistory judges a history that comes from anywhere.
func JudgeHistory(ctx context.Context, h *history.History, checks []checker.Check, o checker.Options) (*Results, error) {
	verdict, checked, err := checker.Judge(ctx, h, checks, o)
	if err != nil {
		return nil, err
	}
	results := &Results{Verdict: verdict, Checks: checked, Faults: checker.Faults(h), Nemesis: checker.Incidents(h), Findings: h.Warnings}
	for i := range h.Ops {
		switch h.Ops[i].Outcome {
		case history.OK:
			results.Ops.OK++
		case history.Fail:
			results.Ops.Fail++
		default:
			results.Ops.Info++
		}
	}
	if verdict == checker.Unknown {
		results.Reason = "nothing was judged"
	}
	for _, c := range checked {
		if c.Verdict != verdict || verdict == checker.Valid {
			continue
		}
		results.Reason = c.Reason
		if len(c.Anomalies) > 0 {
			results.Reason = c.Anomalies[0].Explanation
		}
		break
	}
	return results, nil
}

// unfinished leaves the verdict unknown if something kept the run from doing its
// part, empty: nothing did. What proves a violation proves it all the same.
func (r *Results) unfinished(failure string) {
	if failure != "" && r.Verdict == checker.Valid {
		r.Verdict, r.Reason = checker.Unknown, "what was recorded breaks no promise, but the run could not be finished"
	}
}

// checks returns what judges the run: its workload's checks, and whether it
// tried enough.
func (info Info) checks() ([]checker.Check, error) {
	var checks []checker.Check
	for _, name := range info.Checks {
		c, err := checker.Parse(name)
		if err != nil {
			return nil, fmt.Errorf("the run names a check this jepsen-lite does not have: %w", err)
		}
		checks = append(checks, c)
	}
	if info.Stepped {
		return checks, nil // a schedule is judged as it is, however small
	}
	plan, err := info.Config.plan()
	if err != nil {
		return nil, fmt.Errorf("read the run's plan: %w", err)
	}
	return append(checks, checker.Evidence(plan.Faults())), nil
}

// findings are what a reader of the verdict should know about the run.
func (info Info) findings(h *history.History, verdict checker.Verdict, folder string) []string {
	findings := append([]string(nil), info.Notes...)
	incidents := checker.Incidents(h)
	for _, x := range incidents {
		if x.Heals == nemesis.Exited {
			findings = append(findings, endedByItself(x.Where))
		}
	}
	switch {
	case info.CutShort:
		findings = append(findings, fmt.Sprintf("the run was cut short after %v of %v", lastTime(h).Round(time.Millisecond), info.Config.TimeLimit))
	case info.Error != "":
		findings = append(findings, "the run could not be finished: "+info.Error)
	case !h.Ended:
		findings = append(findings, "the recording was cut off before the run's end: this judges what was recorded")
	}
	if verdict == checker.Invalid && info.holdsBack() && slices.ContainsFunc(incidents, kills) {
		findings = append(findings, heldBack(folder))
	}
	return findings
}

// kills tells whether a server ended without warning.
func kills(x checker.Incident) bool {
	kind, err := nemesis.Find(x.F)
	return x.Heals == nemesis.Exited || err == nil && kind.Kills && x.Heals == "" && x.Prepares == ""
}

// endedByItself is the finding that a server was down and no fault had ended it.
func endedByItself(node string) string {
	return fmt.Sprintf("%s had ended by itself: see its log in %s/%s", node, serversFolder, node)
}

// idle says which items of the plan never took effect, and what a plan without
// faults is worth.
func (info Info) idle(incidents []checker.Incident) (findings []string) {
	plan, err := info.Config.plan()
	if err != nil || info.Stepped {
		return nil
	}
	if plan.OnlyNoise() {
		findings = append(findings, fmt.Sprintf("%s is background noise, no fault, and a run with nothing else proves nothing about faults; add one, or leave the noise out with --nemesis none", strings.Join(plan.Faults(), ", ")))
	}
	for i, item := range plan.Items {
		did := func(x checker.Incident) bool {
			return x.F == item.Fault && x.Heals == "" && (x.Call == item.Call() || x.Call == "" && len(item.Arguments) == 0)
		}
		earlier := func(x nemesis.Item) bool { return x.Call() == item.Call() }
		if !slices.ContainsFunc(incidents, did) && !slices.ContainsFunc(plan.Items[:i], earlier) {
			findings = append(findings, item.Call()+" never took effect")
		}
	}
	return findings
}

// holdsBack reports whether Redis may hold its log back behind an fsync.
func (info Info) holdsBack() bool {
	p, err := target.ParsePersistence(info.Config.Persistence)
	return err == nil && p.SyncsEachSecond() && info.Target != simTarget
}

// heldBack says whether the samples saw writes held back. It counts a wait that
// Redis gave up, and a sample with bytes that wait while an fsync is under way.
func heldBack(folder string) string {
	if held := delayedFsyncs(folder); held > 0 {
		return fmt.Sprintf("Redis held its append-only file back behind a slow fsync (aof_delayed_fsync, aof_buffer_length: seen %d times): "+
			"writes it had acknowledged were then in its memory only, and a kill loses them. Under appendfsync everysec that is real loss, not a false alarm", held)
	}
	return "under appendfsync everysec Redis keeps writes it has acknowledged in its memory while an fsync is under way, and a kill loses them; " +
		"the samples, one a second, did not see it here, which does not exclude it"
}

func lastTime(h *history.History) time.Duration {
	last := int64(0)
	for i := range h.Ops {
		last = max(last, h.Ops[i].Call)
	}
	for i := range h.Nemesis {
		last = max(last, h.Nemesis[i].Time)
	}
	return time.Duration(last)
}
