package report_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// begun is when every folder's run began.
func begun() time.Time { return time.Date(2026, 3, 29, 0, 59, 30, 0, time.UTC) }

// folder is a run folder being made.
type folder struct {
	t       testing.TB
	dir     string
	info    harness.Info
	results harness.Results
	journal *os.File
	line    []byte
	index   int
	ops     harness.Outcomes
}

// newFolder begins a run folder with a history that is to be written event by event.
func newFolder(t testing.TB) *folder {
	t.Helper()
	c := harness.Defaults()
	c.Workload, c.Seed, c.Concurrency, c.Nemesis = "register", 7, 3, []string{"kill"}
	f := &folder{t: t, dir: t.TempDir()}
	f.info = harness.Info{
		Version: 1, Config: c, Command: "jepsen-lite run --workload register --seed 7", Checks: []string{"linearizable(register)", "stats"},
		Started: begun(), Ended: begun().Add(3 * time.Second), Target: "process", Redis: "redis 7.0.15", Tool: "0.1.0", Go: "go1.26",
	}
	var err error
	if f.journal, err = os.Create(filepath.Join(f.dir, "history.jsonl")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.journal.Close() })
	return f
}

func (f *folder) event(e history.Event) int {
	e.Index = f.index
	f.line = history.AppendEvent(f.line, &e)
	if len(f.line) > 1<<20 {
		f.flush()
	}
	f.index++
	return e.Index
}

func (f *folder) flush() {
	f.t.Helper()
	if _, err := f.journal.Write(f.line); err != nil {
		f.t.Fatal(err)
	}
	f.line = f.line[:0]
}

// op records an operation that nothing overlaps with, and returns the index of its
// invocation.
func (f *folder) op(e history.Event, took time.Duration, outcome history.Type, result history.Value, reason string) int {
	e.Type = history.Invoke
	index := f.event(e)
	e.Time, e.Type, e.Value, e.Error = e.Time+int64(took), outcome, result, reason
	f.event(e)
	switch outcome {
	case history.OK:
		f.ops.OK++
	case history.Fail:
		f.ops.Fail++
	default:
		f.ops.Info++
	}
	return index
}

// nemesis records what took effect on n1.
func (f *folder) nemesis(at time.Duration, name, heals string) {
	f.t.Helper()
	value := map[string]any{"effect": true, "node": "n1", "took_ns": 1}
	if heals != "" {
		value["heals"] = heals
	}
	v, err := history.JSON(value)
	if err != nil {
		f.t.Fatal(err)
	}
	f.event(history.Event{Time: int64(at), Process: history.Nemesis, Type: history.Info, F: name, Value: v})
	f.results.Nemesis = append(f.results.Nemesis, checker.Incident{TimeNS: int64(at), TookNS: 1, F: name, Where: "n1", Heals: heals})
	if heals == "" {
		f.results.Faults = map[string]int{name: f.results.Faults[name] + 1}
	}
}

// log is what a server wrote.
func (f *folder) log(node, text string) {
	f.t.Helper()
	dir := filepath.Join(f.dir, "servers", node)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		f.t.Fatal(err)
	}
	f.write(filepath.Join("servers", node, "redis.log"), []byte(text))
}

func (f *folder) write(name string, text []byte) {
	f.t.Helper()
	if err := os.WriteFile(filepath.Join(f.dir, name), text, 0o644); err != nil {
		f.t.Fatal(err)
	}
}

func (f *folder) writeJSON(name string, v any) {
	f.t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		f.t.Fatal(err)
	}
	f.write(name, text)
}

// end writes everything, and the results unless there is no verdict.
func (f *folder) end(verdict checker.Verdict) string {
	f.t.Helper()
	f.flush()
	f.writeJSON("run.json", f.info)
	if verdict != "" {
		f.results.Verdict, f.results.Ops = verdict, f.ops
		f.writeJSON("results.json", f.results)
	}
	return f.dir
}

// hostile are texts that end elements, scripts and strings where they are not escaped.
func hostile() []string {
	return []string{
		"<script>alert(1)</script>", "</script><script>alert(2)</script>", "{{.Run}} {{template", "\u2028\u2029",
		`"><img src=x onerror=alert(3)>`, "'; alert(4); '", "]]> <!-- -->", "\\u003cscript>", "javascript:alert(5)", "\x00\xff",
	}
}

// invalidRun is a small run with a lost write on a key, in which everything that can
// be named has that name.
func invalidRun(t testing.TB, name string) string {
	t.Helper()
	f := newFolder(t)
	write := history.Event{Process: 0, F: "write", Key: name, Value: history.Str(name)}
	read := history.Event{Process: 1, F: "read", Key: name, Value: history.NullValue}
	other := history.Event{Process: 2, F: "read", Key: "other", Value: history.NullValue}
	at := func(e history.Event, d time.Duration) history.Event { e.Time = int64(d); return e }
	for i := range 200 {
		f.op(at(other, time.Duration(i)*4*time.Millisecond), time.Millisecond, history.OK, history.Int(int64(i)), "")
	}
	lost := f.op(at(write, 900*time.Millisecond), 2*time.Millisecond, history.OK, history.Str(name), "")
	f.nemesis(time.Second, "kill", "")
	f.op(at(other, 1100*time.Millisecond), time.Millisecond, history.Fail, history.Value{}, "conn-refused: "+name)
	f.op(at(other, 1200*time.Millisecond), 300*time.Millisecond, history.Info, history.Value{}, "timeout")
	f.nemesis(1600*time.Millisecond, "start", "kill")
	seen := f.op(at(read, 2*time.Second), time.Millisecond, history.OK, history.NullValue, "")
	f.results.Reason = "a read returned null after the write of " + name + " had completed"
	f.results.Findings = []string{"a finding about " + name}
	f.results.Checks = []checker.Result{
		{Name: "linearizable(register)", Model: "register", Verdict: checker.Invalid, Engine: "monitor", DurationNS: 1_500_000, Anomalies: []checker.Anomaly{{
			Type: "lost-write", Key: name, Explanation: f.results.Reason, Ops: []int{lost, seen},
			Witness: []checker.WitnessOp{
				{Index: lost, Process: 0, Operation: "write(" + name + ")", CallNS: 900e6, ReturnNS: 902e6},
				{Index: seen, Process: 1, Operation: "read → null", CallNS: 2e9, ReturnNS: 2001e6},
			},
		}}},
		{Name: "stats", Verdict: checker.Valid, Engine: "counting", Statistics: map[string]any{
			name: map[string]any{"ok": 1, "errors": map[string]int{name: 2}},
		}},
	}
	f.log("n1", fmt.Sprintf("1:M 29 Mar 2026 02:59:30.250 * Ready %s\n1:M 29 Mar 2026 02:59:31.000 # dying\nno time here\n", name))
	return f.end(checker.Invalid)
}
