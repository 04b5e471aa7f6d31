package harness

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/checker/promise"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// stored makes a run folder with that history.
func stored(t *testing.T, info Info, lines ...string) string {
	t.Helper()
	folder := t.TempDir()
	if err := writeJSON(filepath.Join(folder, InfoFile), info); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, HistoryFile), []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

func counterInfo() Info {
	c := Defaults()
	c.Workload, c.Seed, c.Nemesis = "counter", 42, []string{"kill"}
	return Info{Version: 1, Config: c, Command: c.Command(), Checks: []string{"linearizable(counter)", "stats"}, Redis: "redis 7.0.15"}
}

// lostAdd is a history in which an acknowledged add is gone after a kill.
var lostAdd = []string{
	`{"index":0,"time":1000,"process":0,"type":"invoke","f":"add-and-get","key":"k1","value":2}`,
	`{"index":1,"time":2000,"process":0,"type":"ok","f":"add-and-get","key":"k1","value":2}`,
	`{"index":2,"time":3000,"process":"nemesis","type":"info","f":"kill","value":{"effect":true,"node":"n1","took_ns":500}}`,
	`{"index":3,"time":4000,"process":"nemesis","type":"info","f":"start","value":{"effect":true,"heals":"kill","node":"n1"}}`,
	`{"index":4,"time":5000,"process":"nemesis","type":"info","f":"kill","value":{"effect":false,"node":"n1"}}`,
	`{"index":5,"time":6000,"process":1,"type":"invoke","f":"read","key":"k1","value":null}`,
	`{"index":6,"time":7000,"process":1,"type":"ok","f":"read","key":"k1","value":0}`,
}

const ended = `{"index":7,"time":8000,"process":"nemesis","type":"info","f":"end"}` + "\n"

// That everysec can lose writes is said only where a server ended without warning,
// and had that persistence.
func TestThatEverysecCanLoseIsSaidWhereItApplies(t *testing.T) {
	event := func(value string) string {
		return `{"index":2,"time":3000,"process":"nemesis","type":"info",` + value
	}
	for _, test := range []struct {
		name, persistence, event string
		want                     bool
	}{
		{"kill", "aof-everysec", event(`"f":"kill","value":{"effect":true,"node":"n1"}}`), true},
		{"power loss", "aof-everysec", event(`"f":"powerloss","value":{"effect":true,"node":"n1"}}`), true},
		{"damaged log", "mixed", event(`"f":"aof-truncate","value":{"effect":true,"node":"n1"}}`), true},
		{"ended by itself", "aof-everysec", event(`"f":"start","value":{"effect":true,"heals":"exit","node":"n1"}}`), true},
		{"kill without effect", "aof-everysec", event(`"f":"kill","value":{"effect":false,"node":"n1"}}`), false},
		{"pause", "aof-everysec", event(`"f":"pause","value":{"effect":true,"node":"n1"}}`), false},
		{"partition", "aof-everysec", event(`"f":"partition","value":{"effect":true,"links":"n1<->n2"}}`), false},
		{"restart", "aof-everysec", event(`"f":"restart","value":{"effect":true,"node":"n1"}}`), false},
		{"always", "aof-always", event(`"f":"kill","value":{"effect":true,"node":"n1"}}`), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			info := counterInfo()
			info.Config.Persistence = test.persistence
			lines := slices.Clone(lostAdd)
			lines[2], lines[3] = test.event, strings.Replace(lines[4], "4", "3", 1)
			results, err := Judge(t.Context(), stored(t, info, append(lines, ended)...), JudgeOptions{})
			if err != nil || results.Verdict != checker.Invalid {
				t.Fatalf("%+v, %v", results, err)
			}
			said := slices.ContainsFunc(results.Findings, func(text string) bool { return strings.Contains(text, "everysec") })
			if said != test.want {
				t.Errorf("got findings %q, want everysec to be among them: %v", results.Findings, test.want)
			}
		})
	}
}

func TestJudgeReadsAFolderAndNothingElse(t *testing.T) {
	folder := stored(t, counterInfo(), append(slices.Clone(lostAdd), ended)...)
	results, err := Judge(t.Context(), folder, JudgeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if results.Verdict != checker.Invalid || results.Reason == "" || results.Reason != results.Checks[0].Anomalies[0].Explanation {
		t.Errorf("got %s because %q", results.Verdict, results.Reason)
	}
	if results.Ops != (Outcomes{OK: 2}) || results.Faults["kill"] != 1 || results.Seed != 42 || results.Workload != "counter" {
		t.Errorf("got %+v", results)
	}
	want := []checker.Incident{{TimeNS: 3000, TookNS: 500, F: "kill", Where: "n1"}, {TimeNS: 4000, F: "start", Where: "n1", Heals: "kill"}}
	if !slices.Equal(results.Nemesis, want) {
		t.Errorf("got incidents %+v, want %+v: what took no effect is none", results.Nemesis, want)
	}
	if len(results.Findings) != 1 || !strings.Contains(results.Findings[0], "appendfsync everysec") {
		t.Errorf("got findings %q, want only that everysec can lose writes", results.Findings)
	}
	var names []string
	for _, c := range results.Checks {
		names = append(names, c.Name)
	}
	if want := []string{"linearizable(counter)", "stats", "evidence(kill)"}; !slices.Equal(names, want) {
		t.Errorf("judged by %q, want %q", names, want)
	}
}

// What is no fault counts as none, and what never took effect is told.
func TestNoiseIsNoFault(t *testing.T) {
	quiet := []string{
		`{"index":0,"time":1000,"process":"nemesis","type":"info","f":"bgsave","value":{"effect":true,"node":"n1","noise":true}}`,
		`{"index":1,"time":2000,"process":"nemesis","type":"info","f":"backup","value":{"effect":true,"node":"n1","prepares":"rollback"}}`,
		`{"index":2,"time":3000,"process":"nemesis","type":"info","f":"kill","value":{"call":"kill(primary)","effect":true,"nodes":["n1","n2"]}}`,
		`{"index":3,"time":8000,"process":"nemesis","type":"info","f":"start","value":{"effect":true,"heals":"exit","node":"n2"}}`,
		`{"index":4,"time":9000,"process":"nemesis","type":"info","f":"end"}` + "\n",
	}
	for _, test := range []struct {
		plan []string
		want []string // of the findings
		not  string
	}{
		{[]string{"bgsave"}, []string{"bgsave is background noise, no fault"}, "never took effect"},
		{[]string{"bgsave", "kill(primary) every 5s", "rollback"}, []string{"rollback never took effect", "n2 had ended by itself"}, "kill(primary) never"},
		{[]string{"kill", "kill(primary)", "kill every 1s"}, []string{"kill never took effect"}, "kill(primary) never"},
	} {
		info := counterInfo()
		info.Config.Nemesis = test.plan
		results, err := Judge(t.Context(), stored(t, info, quiet...), JudgeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if len(results.Faults) != 1 || results.Faults["kill"] != 1 || len(results.Nemesis) != 4 || results.Nemesis[2].Where != "n1,n2" {
			t.Errorf("got faults %v, incidents %+v", results.Faults, results.Nemesis)
		}
		all := strings.Join(results.Findings, "\n")
		for _, want := range test.want {
			if strings.Count(all, want) != 1 {
				t.Errorf("%v: got %q, want %q once", test.plan, all, want)
			}
		}
		if strings.Contains(all, test.not) {
			t.Errorf("%v: got %q", test.plan, all)
		}
	}
}

func TestARunOfNothingButNoiseIsUnknown(t *testing.T) {
	var lines []string
	for i := range 2 * checker.MinOperations {
		event := `{"index":%d,"time":%d,"process":0,"type":"invoke","f":"read","key":"k1","value":null}`
		if i%2 == 1 {
			event = `{"index":%d,"time":%d,"process":0,"type":"ok","f":"read","key":"k1","value":0}`
		}
		lines = append(lines, fmt.Sprintf(event, i, i))
	}
	noise := `{"index":%d,"time":1000,"process":"nemesis","type":"info","f":"bgsave","value":{"effect":true,"node":"n1","noise":true}}`
	lines = append(lines, fmt.Sprintf(noise, len(lines)), fmt.Sprintf(`{"index":%d,"time":1001,"process":"nemesis","type":"info","f":"end"}`+"\n", len(lines)+1))
	for plan, want := range map[string]checker.Verdict{"bgsave": checker.Unknown, "": checker.Valid} {
		info := counterInfo()
		if info.Config.Nemesis = nil; plan != "" {
			info.Config.Nemesis = []string{plan}
		}
		results, err := Judge(t.Context(), stored(t, info, lines...), JudgeOptions{})
		if err != nil || results.Verdict != want {
			t.Errorf("%q: got %s because %s, %v; want %s", plan, results.Verdict, results.Reason, err, want)
		}
	}
}

func TestJudgeKeepsTheResultsIfAsked(t *testing.T) {
	folder := stored(t, counterInfo(), append(slices.Clone(lostAdd), ended)...)
	path := filepath.Join(folder, ResultsFile)
	if _, err := Judge(t.Context(), folder, JudgeOptions{Keep: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Fatalf("results were written: %v", err)
	}
	if _, err := Judge(t.Context(), folder, JudgeOptions{}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !bytes.HasPrefix(text, []byte("{\n  \"verdict\": \"invalid\",")) {
		t.Errorf("got %.60q, %v", text, err)
	}
}

func TestFindingsSayHowTheRunEnded(t *testing.T) {
	whole := append(slices.Clone(lostAdd), ended)
	for _, test := range []struct {
		name   string
		change func(*Info)
		lines  []string
		held   bool
		want   string
	}{
		{"recording cut off", nil, lostAdd, false, "the recording was cut off before the run's end"},
		{"torn line", nil, append(slices.Clone(lostAdd), `{"index":7,"ti`), false, "line 8 is torn"},
		{"cut short by the user", func(i *Info) { i.CutShort = true }, whole, false, "cut short after 0s of 20s"},
		{"failed", func(i *Info) { i.Error = "start n1: boom" }, lostAdd, false, "the run could not be finished: start n1: boom"},
		{"a server ended by itself", func(i *Info) { i.Notes = []string{"n1 had ended by itself"} }, whole, false, "n1 had ended by itself"},
		{"log held back", nil, whole, true, "aof_buffer_length: seen 3 times"},
		{"log perhaps held back", nil, whole, false, "did not see it here, which does not exclude it"},
		{"nothing recorded", nil, nil, false, "nothing was recorded"},
	} {
		t.Run(test.name, func(t *testing.T) {
			info := counterInfo()
			if test.change != nil {
				test.change(&info)
			}
			folder := stored(t, info, test.lines...)
			if test.held {
				dir := filepath.Join(folder, serversFolder, "n1")
				if err := os.MkdirAll(dir, 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, persistenceFile), []byte(`{"aof_delayed_fsync":3}`), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			results, err := Judge(t.Context(), folder, JudgeOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if all := strings.Join(results.Findings, "\n"); !strings.Contains(all, test.want) {
				t.Errorf("got %q, want %q in it", all, test.want)
			}
			if test.lines == nil && results.Verdict != checker.Unknown {
				t.Errorf("a run that recorded nothing is %s", results.Verdict)
			}
		})
	}
}

func TestJudgeRefusesWhatItCannotRead(t *testing.T) {
	unknownCheck := counterInfo()
	unknownCheck.Checks = []string{"telepathy"}
	for _, test := range []struct {
		name  string
		info  Info
		lines []string
		want  string
	}{
		{"not a history", counterInfo(), []string{"hello\n"}, "line 1"},
		{"a check of the future", unknownCheck, lostAdd, "the run names a check this jepsen-lite does not have"},
		{"another workload's history", counterInfo(), []string{
			`{"index":0,"time":1,"process":0,"type":"invoke","f":"enqueue","value":1}`,
			`{"index":1,"time":2,"process":0,"type":"ok","f":"enqueue","value":1}` + "\n"}, "enqueue"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Judge(t.Context(), stored(t, test.info, test.lines...), JudgeOptions{}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestLastTimeCoversTheNemesis(t *testing.T) {
	h := &history.History{Ops: []history.Op{{Call: 5, Return: 9}}, Nemesis: []history.Event{{Time: 12}}}
	if got := lastTime(h); got != 12*time.Nanosecond {
		t.Errorf("got %v, want 12ns", got)
	}
}

// A run that did not do its part holds no promise, as it is not valid; what was
// violated is.
func TestPromisesOfAnUnfinishedRunAreNotHeld(t *testing.T) {
	var reads []string
	for i := range 2 * checker.MinOperations {
		event := `{"index":%d,"time":%d,"process":0,"type":"invoke","f":"read","key":"k1","value":null}`
		if i%2 == 1 {
			event = `{"index":%d,"time":%d,"process":0,"type":"ok","f":"read","key":"k1","value":0}`
		}
		reads = append(reads, fmt.Sprintf(event, i, i))
	}
	reads = append(reads, fmt.Sprintf(`{"index":%d,"time":1001,"process":"nemesis","type":"info","f":"end"}`+"\n", len(reads)))
	for _, test := range []struct {
		failure string
		lines   []string
		want    promise.Standing
	}{
		{"", reads, promise.Held},
		{"start n1: boom", reads, promise.NotDecided},
		{"start n1: boom", append(slices.Clone(lostAdd), ended), promise.Violated},
	} {
		info := counterInfo()
		info.Config.Nemesis, info.Error = nil, test.failure
		results, err := Judge(t.Context(), stored(t, info, test.lines...), JudgeOptions{})
		if err != nil || len(results.Promises) == 0 || results.Promises[0].Standing != test.want {
			t.Errorf("%q: got %+v, %v; want %s", test.failure, results, err, test.want)
		}
	}
}
