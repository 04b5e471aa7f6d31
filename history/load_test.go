package history_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
)

const head = `{"index":0,"time":10,"process":0,"type":"invoke","f":"write","key":"r1","value":7}` + "\n"

func TestLoadRefuses(t *testing.T) {
	for _, test := range []struct {
		name, input string
		line        int
		want        string
	}{
		{"empty file", "", 0, "the history is empty"},
		{"not JSON", "hello\n", 1, "expected a JSON object"},
		{"binary", "\x7fELF\x02\x01\x00\n", 1, "expected a JSON object"},
		{"not JSON, no newline", "hello", 1, "expected a JSON object"},
		{"malformed in the middle", head + "{\"index\":1,\n" + head, 2, "the line ends inside"},
		{"unknown type", `{"index":0,"time":1,"process":0,"type":"begin","f":"read"}`, 1, `unknown type "begin": expected invoke, ok, fail or info`},
		{"no process", `{"index":0,"time":1,"type":"invoke","f":"read"}`, 1, `no "process" field`},
		{"no type", `{"index":0,"time":1,"process":0,"f":"read"}`, 1, `no "type" field`},
		{"no f", `{"index":0,"time":1,"process":0,"type":"invoke"}`, 1, `no "f" field`},
		{"negative process", `{"index":0,"time":1,"process":-4,"type":"invoke","f":"read"}`, 1, "process is -4"},
		{"fractional time", `{"index":0,"time":1.5,"process":0,"type":"invoke","f":"read"}`, 1, "time is 1.5: expected an integer"},
		{"twice the same field", `{"index":0,"index":0,"time":1,"process":0,"type":"invoke","f":"read"}`, 1, `the field "index" stands twice`},
		{"gap in index", head + `{"index":2,"time":11,"process":0,"type":"ok","f":"write","key":"r1"}` + "\n", 2, "gap in index: found 2, expected 1"},
		{"index in some", head + `{"time":11,"process":0,"type":"ok","f":"write","key":"r1"}` + "\n", 2, "some events have an index"},
		{"time backwards", head + `{"index":1,"time":9,"process":0,"type":"ok","f":"write","key":"r1"}` + "\n", 2, "time runs backwards: 9 after 10"},
		{"completion without invoke", head + `{"index":1,"time":11,"process":3,"type":"ok","f":"write"}` + "\n", 2, `process 3 completes "write" without an invoke`},
		{"two open operations", head + `{"index":1,"time":11,"process":0,"type":"invoke","f":"read","key":"r1"}` + "\n", 2, `process 0 invokes "read" while its "write" (event 0) is still open`},
		{"completes another operation", head + `{"index":1,"time":11,"process":0,"type":"ok","f":"read","key":"r1"}` + "\n", 2, `completes "read" on "r1", but invoked "write" on "r1"`},
		{"completes another key", head + `{"index":1,"time":11,"process":0,"type":"ok","f":"write","key":"r2"}` + "\n", 2, `completes "write" on "r2"`},
		{"process goes on after info", head +
			`{"index":1,"time":11,"process":0,"type":"info","f":"write","key":"r1"}` + "\n" +
			`{"index":2,"time":12,"process":0,"type":"invoke","f":"read","key":"r1"}` + "\n", 3, "after an info: expected a new process"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := history.Load(strings.NewReader(test.input))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got error %v, want %q", err, test.want)
			}
			var at *history.LineError
			if test.line > 0 && (!errors.As(err, &at) || at.Line != test.line) {
				t.Fatalf("got error %v, want one on line %d", err, test.line)
			}
		})
	}
}

func TestLoadTornAndOpen(t *testing.T) {
	h, err := history.Load(strings.NewReader(head + `{"index":1,"time":12,"process":1,"ty`))
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Ops) != 1 || h.Ops[0].Outcome != history.Info || h.Ops[0].Return != history.Never || h.Ops[0].Completed != -1 {
		t.Fatalf("want one open operation of unknown outcome, got %+v", h.Ops)
	}
	if h.Ended || len(h.Warnings) != 2 {
		t.Fatalf("want two warnings (torn, open) and no end, got %v, ended %v", h.Warnings, h.Ended)
	}
}

func TestLoadWholeLastLineWithoutNewline(t *testing.T) {
	h, err := history.Load(strings.NewReader(head +
		`{"index":1,"time":12,"process":0,"type":"ok","f":"write","key":"r1","value":7}`))
	if err != nil {
		t.Fatal(err)
	}
	if h.Ops[0].Outcome != history.OK || h.Ops[0].Return != 12 || len(h.Warnings) != 0 {
		t.Fatalf("the last line is whole and counts, got %+v, %v", h.Ops[0], h.Warnings)
	}
}

func TestLoadHandWritten(t *testing.T) {
	h, err := history.Load(strings.NewReader(`
{"process":0,"type":"invoke","f":"write","value":7}
{"process":1,"type":"invoke","f":"read"}
{"process":0,"type":"ok","f":"write"}
{"process":"nemesis","type":"info","f":"kill","value":{"node":"n1"}}
{"process":1,"type":"ok","f":"read","value":7}
`))
	if err != nil {
		t.Fatal(err)
	}
	read := h.Ops[1]
	if read.Call != 1 || read.Return != 4 || read.Output != history.Int(7) || len(h.Nemesis) != 1 {
		t.Fatalf("places serve as times: got %+v and nemesis %v", read, h.Nemesis)
	}
	if !h.Ops[0].Output.IsAbsent() {
		t.Fatalf("a completion without value says nothing, got %v", h.Ops[0].Output)
	}
}

func TestLoadBoundsLongLines(t *testing.T) {
	_, err := history.Load(endless{})
	if err == nil || !strings.Contains(err.Error(), "longer than 64 MiB") {
		t.Fatalf("got %v, want a refusal of the long line", err)
	}
}

// endless is a file without a newline.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '['
	}
	return len(p), nil
}
