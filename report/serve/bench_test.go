package serve

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// BenchmarkList shows pages of a store of 5,000 runs: the first page, and one for
// which every run has to be known; both as they are the first time, and again.
func BenchmarkList(b *testing.B) {
	dir := b.TempDir()
	copies(b, dir, 5000)
	for _, path := range []string{"/", "/?verdict=invalid", "/trends"} {
		for _, again := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s again=%t", path, again), func(b *testing.B) {
				s, err := openStore(dir)
				if err != nil {
					b.Fatal(err)
				}
				pages := newPages(s)
				defer pages.close()
				handler := pages.handler()
				ask := func() {
					w := httptest.NewRecorder()
					handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
					if w.Code != http.StatusOK {
						b.Fatalf("status %d", w.Code)
					}
				}
				ask()
				for b.Loop() {
					if !again {
						s.mu.Lock()
						clear(s.digest)
						s.mu.Unlock()
					}
					ask()
				}
			})
		}
	}
}

// BenchmarkTail reads the history of a run of a million events, as who comes late to
// a run does.
func BenchmarkTail(b *testing.B) {
	path := filepath.Join(b.TempDir(), harness.HistoryFile)
	const events = 1_000_000
	var text []byte
	for i := range events {
		e := history.Event{Index: i, Time: int64(i) * 1e5, Process: history.Process(i / 2 % 10), Type: history.Invoke, F: "write", Key: "k17", Value: history.Int(int64(i))}
		if i%2 == 1 {
			e.Type = history.OK
		}
		text = history.AppendEvent(text, &e)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		root, err := os.OpenRoot(filepath.Dir(path))
		if err != nil {
			b.Fatal(err)
		}
		t := tail{folder: root, tally: newTally()}
		if err := t.read(b.Context()); err != nil {
			b.Fatal(err)
		}
		if t.tally.Counts.OK != events/2 {
			b.Fatalf("%d counted", t.tally.Counts.OK)
		}
		t.close()
	}
}
