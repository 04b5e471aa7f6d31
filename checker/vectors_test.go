package checker

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/historytest"
)

// jepsenCase is a case of Jepsen's own checker tests.
type jepsenCase struct {
	Checker  string
	Options  map[string]json.RawMessage `json:"checker_opts"`
	Model    string
	Expected map[string]any
}

// Every history of others gets the verdict that it is known to have.
func TestVectors(t *testing.T) {
	folder := historytest.Vectors(t)
	rows := historytest.Rows(t, folder)
	if len(rows) != 100 {
		t.Errorf("got %d rows, want 100", len(rows))
	}
	for _, row := range rows {
		t.Run(row.Path, func(t *testing.T) {
			path := filepath.Join(folder, row.Path)
			switch {
			case strings.HasPrefix(row.Path, "jepsen-checker/"):
				checkCase(t, path, row)
			case strings.HasPrefix(row.Verdict, "none"):
				// It names no processes, so nothing can be judged; reading says so.
				if _, err := history.ReadFile(path, history.ReadOptions{}); err != nil && !strings.Contains(err.Error(), "process") {
					t.Error(err)
				}
			case row.Model == "list-append":
				checkModels(t, path, row)
			default:
				wantVerdict(t, path, checkOf(t, row), row.Verdict)
			}
		})
	}
}

func checkOf(t *testing.T, row historytest.Vector) Check {
	t.Helper()
	var c Check
	var err error
	switch {
	case strings.HasPrefix(row.Model, "kv "):
		c, err = Parse("linearizable(kv)")
	case strings.HasPrefix(row.Path, "elle-cli/"):
		c, err = ForJepsen(row.Model, nil, "")
	default:
		c, err = Parse("linearizable(" + row.Model + ")")
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func wantVerdict(t *testing.T, path string, c Check, want string) Result {
	t.Helper()
	h, err := history.ReadFile(path, history.ReadOptions{Unpaired: true})
	if err != nil {
		t.Fatal(err)
	}
	_, results, err := Judge(t.Context(), h, []Check{c}, Options{JepsenQuirks: true})
	if err != nil {
		t.Fatal(err)
	}
	r := results[0]
	if w := map[string]Verdict{"true": Valid, "false": Invalid, "unknown": Unknown}[want]; r.Verdict != w {
		t.Errorf("%s: got %s (%s) %+v, want %s", c.Name(), r.Verdict, r.Reason, r.Anomalies, w)
	}
	if r.Verdict == Invalid && len(r.Anomalies) == 0 {
		t.Error("invalid without an anomaly")
	}
	return r
}

var modelVerdict = regexp.MustCompile(`([a-z-]+): (true|false)(?: \[([^\]]+)\])?`)

// checkModels judges by each model that the row names, with the anomaly expected.
func checkModels(t *testing.T, path string, row historytest.Vector) {
	t.Helper()
	found := modelVerdict.FindAllStringSubmatch(row.Verdict, -1)
	if len(found) == 0 {
		t.Fatalf("no verdict in %q", row.Verdict)
	}
	for _, f := range found {
		c, err := Parse("list-append(" + f[1] + ")")
		if err != nil {
			t.Fatal(err)
		}
		r := wantVerdict(t, path, c, f[2])
		if f[3] != "" && (len(r.Anomalies) == 0 || r.Anomalies[0].Type != f[3]) {
			t.Errorf("%s: got %+v, want %s", c.Name(), r.Anomalies, f[3])
		}
	}
}

func checkCase(t *testing.T, path string, row historytest.Vector) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var c jepsenCase
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	check, err := ForJepsen(c.Checker, c.Options, c.Model)
	if err != nil {
		t.Fatal(err)
	}
	r := wantVerdict(t, path, check, row.Verdict)
	compareDetails(t, c, r, path)
}

// names are what Jepsen calls the numbers in our statistics, by checker.
func statisticNames(checker string) map[string]string {
	return map[string]map[string]string{
		"set": {"attempted": "attempt_count", "acknowledged": "acknowledged_count", "lost": "lost_count",
			"recovered": "recovered_count", "unexpected": "unexpected_count"},
		"set-full": {"attempted": "attempt_count", "lost": "lost_count", "never_read": "never_read_count",
			"stale": "stale_count", "stable": "stable_count", "duplicated": "duplicated_count",
			"stable_latencies_ms": "stable_latencies", "lost_latencies_ms": "lost_latencies"},
		"total-queue": {"attempted": "attempt_count", "acknowledged": "acknowledged_count", "ok": "ok_count",
			"lost": "lost_count", "unexpected": "unexpected_count", "duplicated": "duplicated_count", "recovered": "recovered_count"},
		"unique-ids": {"attempted": "attempted_count", "acknowledged": "acknowledged_count", "duplicated": "duplicated_count"},
	}[checker]
}

func compareDetails(t *testing.T, c jepsenCase, r Result, path string) {
	t.Helper()
	for ours, theirs := range statisticNames(c.Checker) {
		want, ok := c.Expected[theirs]
		if !ok {
			continue
		}
		if got, want := asJSON(t, r.Statistics[ours]), asJSON(t, want); got != want {
			t.Errorf("%s: got %s, want %s", theirs, got, want)
		}
	}
	for _, list := range []string{"lost", "unexpected"} {
		members, ok := c.Expected[list].([]any)
		if !ok {
			continue
		}
		for _, v := range members {
			if !someAnomaly(r, list, asJSON(t, v)) {
				t.Errorf("no anomaly %s about %v in %+v", list, v, r.Anomalies)
			}
		}
	}
	switch c.Checker {
	case "counter":
		compareReads(t, c, path)
	case "pn-counter":
		compareTotals(t, c, path)
	case "linearizable":
		if want, ok := c.Expected["op_index"]; ok {
			h := load(t, path)
			last := r.Anomalies[0].Ops[len(r.Anomalies[0].Ops)-1]
			for _, op := range h.Ops {
				if op.Invoked == last && float64(op.Completed) != want {
					t.Errorf("the witness ends with event %d, want %v", op.Completed, want)
				}
			}
		}
	}
}

func someAnomaly(r Result, kind, value string) bool {
	for _, a := range r.Anomalies {
		if a.Type == kind && strings.Contains(a.Explanation, value) {
			return true
		}
	}
	return false
}

func compareReads(t *testing.T, c jepsenCase, path string) {
	t.Helper()
	reads, err := boundsCounter{}.reads(load(t, path).Ops)
	if err != nil {
		t.Fatal(err)
	}
	all, broken := [][3]int64{}, [][3]int64{}
	for _, b := range reads {
		all = append(all, [3]int64{b.lower, b.value, b.upper})
		if b.broken() {
			broken = append(broken, [3]int64{b.lower, b.value, b.upper})
		}
	}
	if got, want := asJSON(t, all), asJSON(t, c.Expected["reads"]); got != want {
		t.Errorf("reads: got %s, want %s", got, want)
	}
	if got, want := asJSON(t, broken), asJSON(t, c.Expected["errors"]); got != want {
		t.Errorf("errors: got %s, want %s", got, want)
	}
}

func compareTotals(t *testing.T, c jepsenCase, path string) {
	t.Helper()
	totals, _, err := pnCounter{}.totals(load(t, path).Ops)
	if err != nil {
		t.Fatal(err)
	}
	ranges := [][2]int64{}
	for _, s := range totals {
		ranges = append(ranges, [2]int64{s.from, s.to})
	}
	if got, want := asJSON(t, ranges), asJSON(t, c.Expected["acceptable"]); got != want {
		t.Errorf("acceptable: got %s, want %s", got, want)
	}
}

func load(t *testing.T, path string) *history.History {
	t.Helper()
	h, err := history.ReadFile(path, history.ReadOptions{Unpaired: true})
	if err != nil {
		t.Fatal(err)
	}
	return withUnpaired(h)
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
