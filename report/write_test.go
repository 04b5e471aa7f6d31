package report_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report"
	"github.com/jepsen-lite/jepsen-lite/report/browsertest"
)

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestWriteLeavesThePageAndItsFigures(t *testing.T) {
	dir := invalidRun(t, "k1")
	before := names(t, dir)
	if err := report.Write(dir); err != nil {
		t.Fatal(err)
	}
	got := slices.DeleteFunc(names(t, dir), func(name string) bool { return slices.Contains(before, name) })
	if want := []string{"availability.svg", "histogram.svg", "latency.svg", "report.html", "throughput.svg", "witness-1.svg"}; !slices.Equal(got, want) {
		t.Errorf("it left %v, want %v", got, want)
	}
	// What an earlier judgement showed and this one does not is gone.
	f := folder{t: t, dir: dir}
	f.results.Verdict = checker.Valid
	f.writeJSON("results.json", f.results)
	if err := report.Write(dir); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(names(t, dir), "witness-1.svg") {
		t.Error("the picture of an anomaly that is none any more is still there")
	}
}

// A page is the same whenever it is written.
func TestWriteIsRepeatable(t *testing.T) {
	dir := invalidRun(t, "k1")
	var pages [2][]byte
	for i := range pages {
		if err := report.Write(dir); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "report.html"))
		if err != nil {
			t.Fatal(err)
		}
		pages[i] = text
		if err := os.Remove(filepath.Join(dir, "report.html")); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			for _, name := range names(t, dir) {
				if strings.HasSuffix(name, ".svg") {
					os.Remove(filepath.Join(dir, name))
				}
			}
		}
	}
	if string(pages[0]) != string(pages[1]) {
		t.Error("the page differs from the one before")
	}
}

func TestWriteRefuses(t *testing.T) {
	if err := report.Write(t.TempDir()); err == nil || !strings.Contains(err.Error(), "is no run folder") {
		t.Errorf("an empty folder: %v", err)
	}
	f := newFolder(t)
	f.info.Version = 99
	if err := report.Write(f.end(checker.Valid)); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("a folder of a newer version: %v", err)
	}
	dir := invalidRun(t, "k1")
	if err := os.Mkdir(filepath.Join(dir, "report.html"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := report.Write(dir); err == nil || !strings.Contains(err.Error(), "write report.html") {
		t.Errorf("a folder in the page's place: %v", err)
	}
	if slices.ContainsFunc(names(t, dir), func(name string) bool { return strings.HasSuffix(name, ".new") }) {
		t.Errorf("a part of the page is left: %v", names(t, dir))
	}
}

// largeRun is a run of so many operations by 10 clients, some of which fail, are
// slow, or are never answered, with an anomaly in the middle.
func largeRun(t testing.TB, operations int) string {
	t.Helper()
	f := newFolder(t)
	f.info.Config.Concurrency = 10
	const clients = 10
	chance := rand.New(rand.NewPCG(1, 2))
	step := int64(20*time.Second) / int64(operations)
	process := [clients]history.Process{}
	for i := range process {
		process[i] = history.Process(i)
	}
	var open [clients]*history.Event
	var proof []int
	for i := range operations + clients {
		c := i % clients
		now := int64(i)*step + chance.Int64N(step)
		if e := open[c]; e != nil {
			e.Time = now
			switch n := i - clients; {
			case n%5000 == 0:
				e.Type, e.Value, e.Error = history.Info, history.Value{}, "timeout"
				process[c] += clients
				f.ops.Info++
			case n%4 == 0:
				e.Type, e.Value, e.Error = history.Fail, history.Value{}, "conn-refused"
				f.ops.Fail++
			default:
				e.Type = history.OK
				if e.F == "read" {
					e.Value = history.Int(int64(n))
				}
				f.ops.OK++
			}
			f.event(*e)
			open[c] = nil
		}
		if i >= operations {
			continue
		}
		e := history.Event{Time: now + 1, Process: process[c], Type: history.Invoke, F: "read", Key: fmt.Sprint("k", i/200), Value: history.NullValue}
		if i%2 == 0 {
			e.F, e.Value = "write", history.Int(int64(i))
		}
		index := f.event(e)
		if i == operations/2 || i == operations/2+40 {
			proof = append(proof, index)
		}
		open[c] = &e
		if i%(operations/10) == operations/20 {
			f.nemesis(time.Duration(now+1), "kill", "")
		} else if i%(operations/10) == operations/15 {
			f.nemesis(time.Duration(now+1), "start", "kill")
		}
	}
	f.results.Checks = []checker.Result{{Name: "linearizable(register)", Model: "register", Verdict: checker.Invalid, Anomalies: []checker.Anomaly{
		{Type: "lost-write", Key: fmt.Sprint("k", operations/400), Explanation: "made up", Ops: proof},
	}}}
	f.results.Reason = "made up"
	return f.end(checker.Invalid)
}

// BenchmarkWrite writes the report of a run, reading it included: operations, bytes of
// the page, and the most memory that the garbage collector took from the system.
func BenchmarkWrite(b *testing.B) {
	for _, operations := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("operations=%d", operations), func(b *testing.B) {
			dir := largeRun(b, operations)
			runtime.GC()
			b.ReportAllocs()
			for b.Loop() {
				if err := report.Write(dir); err != nil {
					b.Fatal(err)
				}
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys)/1e6, "MB-from-system")
			if info, err := os.Stat(filepath.Join(dir, "report.html")); err == nil {
				b.ReportMetric(float64(info.Size())/1e6, "MB-page")
			}
		})
	}
}

// A run of a million operations is thinned, and says so; its page is small enough.
func TestAMillionOperations(t *testing.T) {
	if testing.Short() {
		t.Skip("writes and reads a history of a million operations")
	}
	b := browsertest.Start(t)
	dir := largeRun(t, 1_000_000)
	p := look(t, b, dir)
	p.Wait(ready)
	info, err := os.Stat(filepath.Join(dir, "report.html"))
	if err != nil || info.Size() > 15e6 {
		t.Errorf("the page has %d bytes, want up to 15 MB; %v", info.Size(), err)
	}
	lead := browsertest.Eval[string](p, `document.querySelector("#timeline .lead").textContent`)
	if !strings.Contains(lead, "Of 1,000,000 operations the timeline holds 2") || !strings.Contains(lead, "all 200 of unknown outcome") || !strings.Contains(lead, "of 249,") {
		t.Errorf("it does not say what was thinned: %s", lead)
	}
	t.Logf("shown after %.0f ms, drawn in %.1f ms", browsertest.Eval[float64](p, `performance.getEntriesByName("ready")[0]?.startTime ?? performance.now()`), browsertest.Eval[float64](p, `Number(document.getElementById("timeline").dataset.drawn)`))
	p.Click("button[data-anomaly]")
	p.Wait(`document.getElementById("timeline").dataset.anomaly === "0"`)
	settle(p)
	if got := partOf(p); got.Shown != 200 {
		t.Errorf("of the 200 operations of the anomaly's key %v are there", got.Shown)
	}
}

// Where porcupine judged, its own picture is kept.
func TestPorcupinesPicture(t *testing.T) {
	dir := invalidRun(t, "k1")
	text, err := os.ReadFile(filepath.Join(dir, "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	f := folder{t: t, dir: dir}
	picture := func() bool { return slices.Contains(names(t, dir), "porcupine.html") }
	f.write("results.json", []byte(strings.Replace(string(text), `"engine":"monitor"`, `"engine":"monitor+porcupine"`, 1)))
	if err := report.Write(dir); err != nil || !picture() {
		t.Fatalf("a picture: %v; %v", picture(), err)
	}
	if page, err := os.ReadFile(filepath.Join(dir, "report.html")); err != nil || !strings.Contains(string(page), `<a href="porcupine.html">`) {
		t.Errorf("the page does not lead to it: %v", err)
	}
	f.write("results.json", text)
	if err := report.Write(dir); err != nil || picture() {
		t.Errorf("judged by another engine, a picture: %v; %v", picture(), err)
	}
}
