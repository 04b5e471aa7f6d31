package serve

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// stream reads server-sent events until they end, or until it has seen enough.
func (s site) stream(id runID, enough func(name, text string) bool) (ended bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/runs/"+id.escaped()+"/events", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	if got := response.Header.Get("Content-Type"); got != "text/event-stream" {
		s.t.Fatalf("%d, %s", response.StatusCode, got)
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 4<<20)
	name := ""
	for lines.Scan() {
		if is, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			name = is
		} else if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			var text string
			if err := json.Unmarshal([]byte(data), &text); err != nil {
				s.t.Fatal(err)
			}
			if enough(name, text) {
				return false
			}
		}
	}
	if ctx.Err() != nil {
		s.t.Fatal("the stream does not end")
	}
	return true
}

// A run on a real server is watched from its beginning to its verdict, by three at
// once.
func TestARunIsSeenWhileItGoesOn(t *testing.T) {
	processtest.Require(t)
	store := t.TempDir()
	s := startSite(t, store)
	c := harness.Defaults()
	c.Store, c.Seed, c.TimeLimit, c.Interval, c.Rate = store, 5, 4*time.Second, 800*time.Millisecond, 500
	c.Nemesis = []string{"kill"}
	finished := make(chan error, 1)
	go func() {
		_, err := harness.Run(context.WithoutCancel(t.Context()), c, nil)
		finished <- err
	}()
	var id runID
	for end := time.Now().Add(patience); id.Name == ""; time.Sleep(20 * time.Millisecond) {
		if names, _ := filepath.Glob(filepath.Join(store, "register", "*-5", harness.InfoFile)); len(names) == 1 {
			id = runID{"register", filepath.Base(filepath.Dir(names[0]))}
		} else if time.Now().After(end) {
			t.Fatal("no run begins")
		}
	}
	mustContain(t, s.page("/"), "running")
	mustContain(t, s.page("/runs/"+id.escaped()+"/"), "data-events", "running")
	seen := make(chan [4]bool, 3)
	for range 3 {
		go func() {
			var running, fault, judged, over bool
			over = s.stream(id, func(name, text string) bool {
				running = running || strings.Contains(text, "Phase: running")
				fault = fault || strings.Contains(text, "<td>kill</td>") && strings.Contains(text, ">now<")
				judged = judged || strings.Contains(text, "data-judged")
				return false
			})
			seen <- [4]bool{running, fault, judged, over}
		}()
	}
	for range 3 {
		if got := <-seen; got != [4]bool{true, true, true, true} {
			t.Errorf("seen running, a fault as it lasts, the verdict, the end: %v", got)
		}
	}
	if err := <-finished; err != nil {
		t.Fatal(err)
	}
	page := s.page("/runs/" + id.escaped() + "/")
	if strings.Contains(page, "data-events") {
		t.Error("the page of a run that was judged still waits for more")
	}
}

// unfinished is a run as it is before its end: without results, and without the last
// part of its history.
func unfinished(t *testing.T, s site, keep float64) (id runID, lines []string) {
	t.Helper()
	id = mustRun(t, simulated(s.store, "register", "aof-always", 3))
	for _, name := range []string{harness.ResultsFile, reportFile} {
		if err := os.Remove(filepath.Join(s.folder(id), name)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	edit(t, filepath.Join(s.folder(id), harness.InfoFile), func(i *harness.Info) { i.Ended = time.Time{} })
	path := filepath.Join(s.folder(id), harness.HistoryFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines = strings.SplitAfter(string(text), "\n")
	n := int(float64(len(lines)) * keep)
	s.write(id, harness.HistoryFile, strings.Join(lines[:n], "")+`{"index":99,"ti`) // torn
	return id, lines[n:]
}

func TestARunThatIsKilled(t *testing.T) {
	s := startSite(t, t.TempDir())
	id, _ := unfinished(t, s, 0.5)
	s.stream(id, func(name, text string) bool { return strings.Contains(text, "ok per second") })
	mustContain(t, s.page("/runs/"+id.escaped()+"/"), "ok per second", "<svg") // without JavaScript, too
	if a := s.get("/runs/"+id.escaped()+"/events", func(r *http.Request) { r.Method = http.MethodHead }); a.body != "" {
		t.Error("a HEAD is a stream")
	}
	long := time.Now().Add(-2 * silence)
	for _, name := range []string{harness.InfoFile, harness.HistoryFile, harness.LogFile} {
		if err := os.Chtimes(filepath.Join(s.folder(id), name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	killed := false
	if !s.stream(id, func(name, text string) bool {
		killed = killed || strings.Contains(text, "killed, or it is stuck")
		return false
	}) || !killed {
		t.Error("the stream does not say that the run was killed")
	}
	mustContain(t, s.page("/runs/"+id.escaped()+"/"), "cut off", "jepsen-lite check")
	mustContain(t, s.page("/?verdict=cut+off"), id.Name)
	mustContain(t, s.page("/files/"+id.escaped()+"/report.html"), "<html")
}

// A viewer who leaves takes nobody's tail with him, and the last one ends it.
func TestTailsAreShared(t *testing.T) {
	dir := t.TempDir()
	s, err := openStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	id, _ := unfinished(t, site{t: t, store: dir}, 0.9)
	pages := newPages(s)
	defer pages.close()
	tails := pages.tails
	_, leaveFirst, ok := tails.join(id)
	updates, leaveSecond, ok2 := tails.join(id)
	if !ok || !ok2 || len(tails.shared) != 1 {
		t.Fatalf("%t, %t, %d tails", ok, ok2, len(tails.shared))
	}
	leaveFirst()
	leaveFirst() // twice is once
	if u := <-updates; u.over || len(u.text) == 0 {
		t.Errorf("got %t, %q", u.over, u.text)
	}
	leaveSecond()
	tails.mu.Lock()
	if len(tails.shared) != 0 || tails.viewers != 0 {
		t.Errorf("%d tails and %d viewers are left", len(tails.shared), tails.viewers)
	}
	tails.mu.Unlock()
	for range maxViewers {
		if _, leave, ok := tails.join(id); !ok {
			t.Fatal("a viewer was refused too early")
		} else {
			defer leave()
		}
	}
	if _, _, ok := tails.join(id); ok {
		t.Error("there is no limit of viewers")
	}
}

// A run that is not there any more ends its streams.
func TestARunThatIsRemoved(t *testing.T) {
	s := startSite(t, t.TempDir())
	id, _ := unfinished(t, s, 0.5)
	removed := false
	ended := s.stream(id, func(name, text string) bool {
		if !removed {
			removed = true
			if err := os.RemoveAll(s.folder(id)); err != nil {
				t.Error(err)
			}
		}
		return false
	})
	if !ended {
		t.Error("the stream goes on")
	}
}

// However the text of a history comes in pieces, its lines are counted once each.
func TestTailReadsPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var text []byte
		count := rapid.IntRange(0, 40).Draw(t, "lines")
		for i := range count {
			e := history.Event{Index: i, Time: int64(i) * 1e6, Process: 1, Type: history.OK, F: "read", Value: history.Str(rapid.StringN(0, 9, -1).Draw(t, "value"))}
			text = history.AppendEvent(text, &e)
		}
		tl := tail{tally: newTally()}
		for len(text) > 0 {
			n := rapid.IntRange(1, len(text)).Draw(t, "piece")
			tl.add(text[:n])
			text = text[n:]
		}
		if tl.tally.Counts.OK != count || tl.tally.Unread != 0 || len(tl.rest) != 0 {
			t.Fatalf("%+v of %d, rest %q", tl.tally.Counts, count, tl.rest)
		}
	})
}

func TestALineThatIsTooLong(t *testing.T) {
	tl := tail{tally: newTally()}
	piece := []byte(strings.Repeat("x", 1<<20))
	for range 20 {
		tl.add(piece)
	}
	if len(tl.rest) > maxLineBytes {
		t.Errorf("%d bytes are held", len(tl.rest))
	}
	e := history.Event{Process: 1, Type: history.Fail, F: "read"}
	tl.add(history.AppendEvent([]byte("the end of it\n"), &e))
	if tl.tally.Unread != 1 || tl.tally.Counts.Fail != 1 {
		t.Errorf("%d not understood, %+v", tl.tally.Unread, tl.tally.Counts)
	}
}

// What a tally says of a run so far is what the series of the whole run says.
func TestTallyAgreesWithSeries(t *testing.T) {
	store := t.TempDir()
	c := simulated(store, "queue", "aof-always", 9)
	c.TimeLimit, c.Rate = 30*time.Second, 100 // longer than the finest counts last
	id := mustRun(t, c)
	path := filepath.Join(store, id.String(), harness.HistoryFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tl := tail{tally: newTally()}
	tl.add(text)
	h, err := history.LoadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	results, err := harness.ReadResults(filepath.Join(store, id.String()))
	if err != nil {
		t.Fatal(err)
	}
	got, want := tl.tally.series(), series.Of(h, results.Nemesis)
	if got.Counts != want.Counts || got.End != want.End || got.Width != want.Width || len(got.Slices) != len(want.Slices) {
		t.Fatalf("got %+v to %d in %d of %d, want %+v to %d in %d of %d", got.Counts, got.End, len(got.Slices), got.Width, want.Counts, want.End, len(want.Slices), want.Width)
	}
	for i := range want.Slices {
		if got.Slices[i].Outcomes != want.Slices[i].Outcomes {
			t.Errorf("slice %d: got %+v, want %+v", i, got.Slices[i].Outcomes, want.Slices[i].Outcomes)
		}
	}
	if fmt.Sprint(got.Faults) != fmt.Sprint(want.Faults) {
		t.Errorf("got %v, want %v", got.Faults, want.Faults)
	}
}

// A tally of a run that never ends stays small.
func TestTallyIsBounded(t *testing.T) {
	tl := newTally()
	for i := range 200_000 {
		e := history.Event{Index: i, Time: int64(i) * 1e9, Process: 1, Type: history.OK, F: "read"}
		if i%7 == 0 {
			e = history.Event{Index: i, Time: int64(i) * 1e9, Process: history.Nemesis, Type: history.Info, F: "kill", Value: history.Object("effect", history.Bool(true))}
		}
		tl.line(history.AppendEvent(nil, &e))
	}
	if len(tl.fine) > maxFine || len(tl.nemesis) > maxNemesis {
		t.Errorf("%d times, %d events of the nemesis", len(tl.fine), len(tl.nemesis))
	}
	s := tl.series()
	if sum := s.Counts.OK; sum != 200_000-200_000/7-1 || len(s.Slices) > series.MaxSlices {
		t.Errorf("%d counted, %d slices", sum, len(s.Slices))
	}
}
