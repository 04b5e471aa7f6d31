package history_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/jepsen-lite/jepsen-lite/history"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRecorderFromManyGoroutines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.jsonl")
	journal, err := history.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	r := history.NewRecorder(journal, history.Monotonic())
	const processes, each = 8, 2000
	var wg sync.WaitGroup
	for p := range history.Process(processes) {
		wg.Go(func() {
			for i := range int64(each) {
				if r.Invoke(p, "write", "r1", history.Int(i), false) != nil || r.Complete(p, history.OK, "write", "r1", history.Int(i), "") != nil {
					t.Error("record failed")
				}
			}
		})
	}
	wg.Wait()
	if err := r.Note(history.End, history.Value{}); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	h, err := history.LoadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Ops) != processes*each || !h.Ended || len(h.Warnings) != 0 {
		t.Fatalf("got %d operations, ended %v, warnings %v", len(h.Ops), h.Ended, h.Warnings)
	}
	want := history.Counts{Invoked: processes * each, OK: processes * each}
	if r.Counts() != want {
		t.Fatalf("counts %+v, want %+v", r.Counts(), want)
	}
	if r.Invoke(0, "write", "", history.Value{}, false) == nil {
		t.Fatal("recording after Close must fail")
	}
}

// The journal reaches the file while the run goes on, not only at its end.
func TestJournalIsVisibleBeforeClose(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.jsonl")
	journal, err := history.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	r := history.NewRecorder(journal, history.Monotonic())
	defer r.Close()
	if err := r.Invoke(0, "read", "r1", history.NullValue, false); err != nil {
		t.Fatal(err)
	}
	for range 1_000_000 { // bounded: the writer needs one turn
		if text, _ := os.ReadFile(path); strings.HasSuffix(string(text), "\n") {
			return
		}
	}
	t.Fatal("the event never reached the file")
}

// /dev/full is a disk with no room: every write fails with ENOSPC.
func TestRecorderReportsFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("no /dev/full here: %v", err)
	}
	r := history.NewRecorder(history.NewJournalForTest(full), history.Monotonic())
	for range 1_000_000 { // bounded: fails once the writer has had a turn
		if err = r.Invoke(0, "read", "", history.Value{}, false); err != nil {
			break
		}
	}
	if err == nil || !strings.Contains(err.Error(), "no space left on device") {
		t.Fatalf("got %v, want the disk's error", err)
	}
	if err := r.Close(); err == nil {
		t.Fatal("Close must report the error too")
	}
}

func TestCreateRefusesExisting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.jsonl")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := history.Create(path); err == nil {
		t.Fatal("an existing history must not be overwritten")
	}
}

func BenchmarkRecord(b *testing.B) {
	journal, err := history.Create(filepath.Join(b.TempDir(), "history.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	r := history.NewRecorder(journal, history.Monotonic())
	b.ReportAllocs()
	for i := range b.N {
		if i%2 == 0 {
			err = r.Invoke(3, "write", "r17", history.Int(int64(i)), false)
		} else {
			err = r.Complete(3, history.OK, "write", "r17", history.Int(int64(i)), "")
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := r.Close(); err != nil { // what is journaled counts, not what is queued
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkLoad(b *testing.B) {
	var text []byte
	const ops = 200_000
	for i := range ops {
		p := history.Process(i % 10)
		e := history.Event{Index: 2 * i, Time: int64(4000 * i), Process: p, Type: history.Invoke, F: "write", Key: fmt.Sprintf("r%d", i/200), Value: history.Int(int64(i))}
		text = history.AppendEvent(text, &e)
		e.Index, e.Time, e.Type = e.Index+1, e.Time+2000, history.OK
		text = history.AppendEvent(text, &e)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	perOp := retained(func() any { h, _ := history.Load(bytes.NewReader(text)); return h }) / ops
	for b.Loop() {
		h, err := history.Load(bytes.NewReader(text))
		if err != nil || len(h.Ops) != ops {
			b.Fatal(len(h.Ops), err)
		}
	}
	b.ReportMetric(perOp, "retainedB/op")
}

// retained returns the bytes of heap that what make returns holds on to.
func retained(make func() any) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	kept := make()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(kept)
	return float64(after.HeapAlloc) - float64(before.HeapAlloc)
}
