package serve

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/checker/promise"
	"github.com/jepsen-lite/jepsen-lite/harness"
)

func TestTheRunsPage(t *testing.T) {
	store := t.TempDir()
	first := mustRun(t, simulated(store, "set", "none", 1))
	time.Sleep(2 * time.Millisecond)
	id := mustRun(t, simulated(store, "set", "none", 2))
	s := startSite(t, store)
	page := s.page("/runs/" + id.escaped() + "/")
	mustContain(t, page, "invalid", "did not contain", "linearizable(set)", "durability", "--seed 2",
		"/files/"+id.escaped()+"/report.html", "/zip/"+id.escaped(), "/compare?run="+first.Workload+"%2f"+first.Name, "throughput.svg")
	if strings.Contains(page, "data-events") {
		t.Error("a run that is over has no stream")
	}
	for _, name := range []string{"throughput", "latency", "histogram", "availability"} {
		a := s.get("/runs/" + id.escaped() + "/" + name + ".svg?width=500&with=" + first.String())
		if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(a.body, "<svg") || !strings.Contains(a.body, ` width="5`) {
			t.Errorf("%s: status %d, %.100q", name, a.StatusCode, a.body)
		}
	}
	for name, want := range map[string]int{"throughput.svg": http.StatusOK, "witness-1.svg": http.StatusOK, "witness-99.svg": http.StatusNotFound, "other.svg": http.StatusNotFound} {
		if a := s.get("/files/" + id.escaped() + "/" + name); a.StatusCode != want {
			t.Errorf("%s: status %d, want %d", name, a.StatusCode, want)
		}
	}
	for _, name := range []string{"secret.svg", "throughput", "throughput.png", "latency.svg?with=../..", "latency.svg?with=x"} {
		if a := s.get("/runs/" + id.escaped() + "/" + name); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", name, a.StatusCode)
		}
	}
}

// The report in the folder is shown as long as it is of these results; else one is
// made, and not kept there.
func TestTheReportIsOfTheResults(t *testing.T) {
	store := t.TempDir()
	id := mustRun(t, simulated(store, "set", "none", 1))
	s := startSite(t, store)
	url := "/files/" + id.escaped() + "/report.html"
	mustContain(t, s.page(url), "<html", "did not contain")
	s.write(id, reportFile, "<html>mine")
	if got := s.page(url); got != "<html>mine" {
		t.Errorf("got %.80q", got)
	}
	older := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(s.folder(id), reportFile), older, older); err != nil {
		t.Fatal(err)
	}
	mustContain(t, s.page(url), "did not contain")
	a := s.get(url)
	if !strings.HasPrefix(a.Header.Get("Content-Security-Policy"), "sandbox allow-scripts ") || strings.Contains(a.Header.Get("Content-Security-Policy"), "allow-same-origin") {
		t.Errorf("policy %q", a.Header.Get("Content-Security-Policy"))
	}
	edit(t, filepath.Join(s.folder(id), harness.ResultsFile), func(r *harness.Results) { r.Reason = "another reason" })
	mustContain(t, s.page(url), "nother reason")
}

func TestCompare(t *testing.T) {
	store := t.TempDir()
	a := mustRun(t, simulated(store, "set", "none", 1))
	b := mustRun(t, simulated(store, "set", "aof-always", 2))
	s := startSite(t, store)
	page := s.page("/compare?run=" + a.String() + "&run=" + b.String())
	differ, same, found := strings.Cut(page, "What is the same")
	if !found {
		t.Fatal("nothing is the same")
	}
	mustContain(t, differ, ">persistence<", ">none<", ">aof-always<", ">seed<", "linearizable(set)", ">durability<", "How long add took", "99 %", "throughput.svg?with=")
	mustContain(t, same, ">workload<", ">time-limit<")
	if strings.Contains(differ, ">time-limit<") {
		t.Error("what is the same stands with what differs")
	}
	for _, query := range []string{"", "?run=" + a.String(), "?run=a/b&run=c/d&run=e/f"} {
		if got := s.get("/compare" + query); got.StatusCode != http.StatusBadRequest || !strings.Contains(got.body, "Two runs can be compared") {
			t.Errorf("%s: status %d", query, got.StatusCode)
		}
	}
	for _, query := range []string{"?run=../..&run=" + a.String(), "?run=set/none&run=" + a.String()} {
		if got := s.get("/compare" + query); got.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", query, got.StatusCode)
		}
	}
}

func TestPromises(t *testing.T) {
	store := t.TempDir()
	a := mustRun(t, simulated(store, "set", "none", 1))
	b := mustRun(t, simulated(store, "set", "aof-always", 2))
	s := startSite(t, store)
	compared := "/compare?run=" + a.String() + "&run=" + b.String()
	mustContain(t, s.page(compared), ">Promises<", ">no-loss<") // as the runs were judged
	for id, promises := range map[runID][]promise.Promise{
		a: {{Name: "no-loss", Meaning: "Nothing is lost.", Standing: promise.Violated, Witness: &checker.Anomaly{Explanation: "7 was lost"}}, {Name: "sequential", Standing: promise.Held}},
		b: {{Name: "no-loss", Standing: promise.NotDecided, Reason: "Nobody read."}},
	} {
		edit(t, filepath.Join(s.folder(id), harness.ResultsFile), func(r *harness.Results) { r.Promises = promises })
	}
	page := s.page(compared)
	_, page, _ = strings.Cut(page, ">Promises<")
	page, _, _ = strings.Cut(page, ">Checks<")
	mustContain(t, page, ">no-loss<", "violated", "not decided", ">sequential<", "held", `class="differs"`)
	mustContain(t, s.page("/runs/"+a.escaped()+"/"), ">Promises<", "Nothing is lost.", "7 was lost")
	mustContain(t, s.page("/runs/"+b.escaped()+"/"), "not decided", "Nobody read.")
	for _, id := range []runID{a, b} { // one that was judged before there were promises
		edit(t, filepath.Join(s.folder(id), harness.ResultsFile), func(r *harness.Results) { r.Promises = nil })
	}
	if strings.Contains(s.page(compared), ">Promises<") || strings.Contains(s.page("/runs/"+a.escaped()+"/"), ">Promises<") {
		t.Error("promises are shown of which results say nothing")
	}
}

func TestTrends(t *testing.T) {
	store := t.TempDir()
	for seed := range uint64(3) {
		mustRun(t, simulated(store, "set", "none", seed+1))
	}
	mustRun(t, simulated(store, "set", "aof-always", 1))
	mustRun(t, simulated(store, "register", "aof-always", 1))
	s := startSite(t, store)
	page := s.page("/trends")
	mustContain(t, page, "3 runs", "3 configurations", "nothing lost", "ok/s", ">lost</text>", "<span>--persistence none</span>")
	if n := strings.Count(page, "<svg"); n != 1 {
		t.Errorf("%d pictures, want one: a single run has none", n)
	}
	mustContain(t, s.page("/trends?workload=register"), "1 configuration")
}

// hostile is text that would do harm anywhere it is not escaped.
const hostile = `<script>window.harmed=1</script><img src=x onerror="window.harmed=1">'"&{{.}}` + "\u2028\r\ndata: x"

// hostileRun is a run whose every text is hostile.
func hostileRun(t testing.TB, store string, live bool) runID {
	t.Helper()
	id := mustRun(t, simulated(store, "set", "none", 1))
	folder := filepath.Join(store, id.String())
	edit(t, filepath.Join(folder, harness.InfoFile), func(i *harness.Info) {
		i.Redis, i.Target, i.Command, i.Error = hostile, hostile, hostile, hostile
		i.Config.Topology, i.Config.Nemesis, i.Checks = hostile, []string{hostile}, []string{hostile}
		if live {
			i.Ended = time.Time{}
		}
	})
	edit(t, filepath.Join(folder, harness.ResultsFile), func(r *harness.Results) {
		r.Reason, r.Findings, r.Faults = hostile, []string{hostile}, map[string]int{hostile: 2}
		for i := range r.Checks {
			r.Checks[i].Model, r.Checks[i].Reason = hostile, hostile
			for j := range r.Checks[i].Anomalies {
				a := &r.Checks[i].Anomalies[j]
				a.Type, a.Key, a.Explanation = hostile, hostile, hostile
			}
			if stats := r.Checks[i].Statistics; r.Checks[i].Name == "stats" {
				stats[hostile] = stats["add"]
			} else {
				r.Checks[i].Name = hostile
			}
		}
	})
	path := filepath.Join(folder, harness.HistoryFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	quoted := `"\u003cscript>window.harmed=1</script>\"'&\u2028\r\ndata: x"`
	changed := strings.NewReplacer(`"key":"k1"`, `"key":`+quoted, `"f":"kill"`, `"f":`+quoted, `"node":"n1"`, `"node":`+quoted).Replace(string(text))
	if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(filepath.Join(folder, reportFile))
	if live {
		if err := os.Remove(filepath.Join(folder, harness.ResultsFile)); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

func TestTextsOfRunsAreEscaped(t *testing.T) {
	store := t.TempDir()
	id, live := hostileRun(t, store, false), hostileRun(t, store, true)
	s := startSite(t, store)
	for _, path := range []string{
		"/", "/?q=" + "%3Cscript%3Ewindow.harmed%3D1", "/?workload=%3Cscript%3Ewindow.harmed%3D1", "/trends", "/runs/" + id.escaped() + "/", "/runs/" + live.escaped() + "/",
		"/compare?run=" + id.String() + "&run=" + live.String(), "/files/" + id.escaped() + "/", "/runs/" + id.escaped() + "/throughput.svg",
	} {
		page := s.page(path)
		if strings.Contains(page, "<script>window") || strings.Contains(page, "<img src=x") {
			t.Errorf("%s holds what a run said as it is", path)
		}
	}
	s.stream(live, func(name, text string) bool {
		if strings.Contains(text, "<script>") || name != "moment" && name != "over" {
			t.Errorf("event %s: %.300q", name, text)
		}
		return true
	})
}
