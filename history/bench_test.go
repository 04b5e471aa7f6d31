package history_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// many returns a history of a register with so many operations by 50 clients,
// spread over keys, as a recorder writes it.
func many(b *testing.B, f history.Format, operations, keys int) []byte {
	b.Helper()
	var (
		chance = rand.New(rand.NewPCG(1, 2))
		out    bytes.Buffer
		open   [50]*history.Event
		index  int
	)
	w, err := history.NewWriter(&out, f)
	if err != nil {
		b.Fatal(err)
	}
	record := func(e history.Event) *history.Event {
		e.Index, e.Time = index, int64(index)*1_234
		index++
		if err := w.Write(&e); err != nil {
			b.Fatal(err)
		}
		return &e
	}
	for invoked := 0; invoked < operations; {
		p := chance.IntN(len(open))
		if e := open[p]; e != nil {
			done := *e
			if done.Type = history.OK; done.F == "read" {
				done.Value = history.Int(int64(invoked))
			}
			record(done)
			open[p] = nil
			continue
		}
		e := history.Event{Process: history.Process(p), Type: history.Invoke, F: "read", Value: history.NullValue}
		if invoked%2 == 0 {
			e.F, e.Value = "write", history.Int(int64(invoked))
		}
		if keys > 1 {
			e.Key = fmt.Sprintf("k%d", chance.IntN(keys))
		}
		open[p] = record(e)
		invoked++
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// BenchmarkRead reads a history into memory, paired: MB/s.
func BenchmarkRead(b *testing.B) {
	for _, f := range history.WritableFormats() {
		for _, keys := range []int{1, 10_000} {
			text := many(b, f, 200_000, keys)
			b.Run(fmt.Sprintf("%s/keys=%d", f, keys), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := history.Read(bytes.NewReader(text), history.ReadOptions{}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkReadEvents reads the events one after another and keeps none.
func BenchmarkReadEvents(b *testing.B) {
	texts := map[history.Format][]byte{history.FormatLog: []byte(strings.Repeat(
		"2026-01-02 03:04:05,678{GMT}\tINFO\t[jepsen worker 3] jepsen.util: 3\t:invoke\t:cas\t[3 4]\n"+
			"2026-01-02 03:04:05,679{GMT}\tINFO\t[jepsen worker 3] jepsen.util: 3\t:ok\t:cas\t[3 4]\n", 100_000))}
	for _, f := range history.WritableFormats() {
		texts[f] = many(b, f, 100_000, 1)
	}
	for _, f := range history.Formats() {
		b.Run(string(f), func(b *testing.B) {
			b.SetBytes(int64(len(texts[f])))
			b.ReportAllocs()
			for b.Loop() {
				r, err := history.NewReader(bytes.NewReader(texts[f]), history.ReadOptions{})
				for err == nil {
					_, err = r.Next()
				}
				if err != io.EOF {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkReadEventsEncodingJSON is what BenchmarkReadEvents/jsonl would be
// with the standard library.
func BenchmarkReadEventsEncodingJSON(b *testing.B) {
	text := many(b, history.FormatJSONL, 100_000, 1)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		for line := range bytes.Lines(text) {
			var e struct {
				Index   int             `json:"index"`
				Time    int64           `json:"time"`
				Process json.RawMessage `json:"process"`
				Type    string          `json:"type"`
				F       string          `json:"f"`
				Key     string          `json:"key"`
				Value   json.RawMessage `json:"value"`
				Error   json.RawMessage `json:"error"`
			}
			if err := json.Unmarshal(line, &e); err != nil {
				b.Fatal(err)
			}
		}
	}
}
