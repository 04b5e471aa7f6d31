package history_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// invoke and ok are a whole operation in EDN, a line each.
const (
	invoke = "{:process 0, :type :invoke, :f :read, :value nil}\n"
	ok     = "{:process 0, :type :ok, :f :read, :value 3}\n"
)

func TestReadRefuses(t *testing.T) {
	for _, test := range []struct {
		name, input string
		options     history.ReadOptions
		want        string // the whole message
	}{
		{"EDN cut off", "{:process 0, :type", history.ReadOptions{}, "line 1: the text ends inside this value: it was cut off"},
		{"a vector cut off between maps", "[" + invoke + ok, history.ReadOptions{}, "line 3: the text ends inside the vector that begins on line 1: it was cut off"},
		{"a vector cut off inside a map", "\n[" + invoke + "{:process 1, :ty", history.ReadOptions{}, "line 3: the text ends inside this value: it was cut off"},
		{"more after the vector", "[" + invoke + "]\n{}", history.ReadOptions{}, `line 3: '{' after the end of the vector that begins on line 1`},
		{"no map", invoke + "7", history.ReadOptions{}, `line 2: expected a map such as {:process 0, :type :invoke, :f :read, :value nil}, at "7"`},
		{"the wrong bracket", "{:process 0, :type :invoke, :f :read, :value [1 2)}", history.ReadOptions{}, `line 1: expected a value, at ")}"`},
		{"a map on several lines", "{:process 0,\n :type :begin}", history.ReadOptions{}, `line 2: unknown type "begin": expected :invoke, :ok, :fail or :info`},
		{"no :process", "{:type :invoke, :f :read}", history.ReadOptions{}, `line 1: no :process field: expected a number or "nemesis"`},
		{"no :f", "{:type :invoke, :process 1}", history.ReadOptions{}, `line 1: no :f field: expected the operation's name`},
		{"a key twice", "{:type :invoke, :type :ok}", history.ReadOptions{}, `line 1: the field "type" stands twice`},
		{"a key twice in a value", "{:type :ok, :value {:a 1, :a 2}}", history.ReadOptions{}, `line 1: a map has the key ":a" twice`},
		{"a process below 0", "{:process -1}", history.ReadOptions{}, "line 1: process is -1: expected a number from 0 or a name"},
		{"a process that is huge", "{:process 123456789012345678901}", history.ReadOptions{}, "line 1: process is 123456789012345678901: expected a number from 0 or a name"},
		{"a time that is none", `{:time "noon"}`, history.ReadOptions{}, `line 1: time is "noon": expected an integer`},
		{"an f that is none", "{:f 7}", history.ReadOptions{}, `line 1: expected a keyword as f, at "7}"`},
		{"an odd map", "{:f}", history.ReadOptions{}, `line 1: expected a keyword as f, at "}"`},
		{"not a number", "{:value 1x}", history.ReadOptions{}, `line 1: "1x" is not a number`},
		{"an escape", `{:value "\q"}`, history.ReadOptions{}, `line 1: a string has the unknown escape \q`},
		{"not UTF-8", "{:value \"\xff\"}", history.ReadOptions{}, `line 1: the string "\xff" is not UTF-8`},
		{"a tuple of one", "{:value #jepsen.independent.Tuple [1]}", history.ReadOptions{}, "line 1: the tuple is [1]: expected [key value]"},
		{"nested too deep", "{:value " + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "}", history.ReadOptions{}, "line 1: nested more than 256 deep"},
		{"no key in a value", invoke, history.ReadOptions{Keyed: true}, "line 1: the value is null: expected [key value] (--keyed)"},
		{"a key beside a keyed value", `{:process 0, :type :invoke, :f :read, :key 1, :value [1 nil]}`, history.ReadOptions{Keyed: true}, "line 1: the event has a key of its own: leave --keyed away"},
		{"two keys of one name", "{:process 0, :type :invoke, :f :read, :key 1}\n{:process 1, :type :invoke, :f :read, :key \"1\"}", history.ReadOptions{},
			"line 2: the key 1 is a string here and none on an earlier line, or the other way round: expected one of them"},
		{"some with tuples", "{:process 0, :type :invoke, :f :read, :value #jepsen.independent/Tuple [1 nil]}\n{:process 1, :type :invoke, :f :read}", history.ReadOptions{},
			"line 2: some operations have a tuple with a key and some have none: expected all or none"},
		{"a completion alone", invoke + ok + ok, history.ReadOptions{}, `line 3: process 0 completes "read" without an invoke: expected an invoke of that process first`},
		{"another operation completed", invoke + "{:process 0, :type :ok, :f :write, :value 1}", history.ReadOptions{},
			`line 2: process 0 completes "write", but invoked "read" (event 0): expected the same operation and key`},
		{"nothing in EDN", "", history.ReadOptions{Format: history.FormatEDN}, "the history is empty: expected one JSON object a line"},
		{"Jepsen's binary", "JEPSEN\x00\x00\x00\x01", history.ReadOptions{},
			"this is Jepsen's binary test.jepsen, which is not read: take history.edn or history.txt, which stand beside it"},
		{"another binary", "\x7fELF\x02\x01\x01", history.ReadOptions{}, `line 1: column 1: expected a JSON object, found '\x7f'`},
		{"gzip cut off", zipped(invoke + ok)[:30], history.ReadOptions{Format: history.FormatEDN}, "unexpected EOF"},

		{"an array cut off", `[{"process":0,"type":"invoke","f":"read"}`, history.ReadOptions{}, "line 1: the text ends inside the array that begins on line 1: it was cut off"},
		{"an object of the array cut off", "[\n{\"process\":0,\"type\":\"invo", history.ReadOptions{}, "line 2: the text ends inside this value: it was cut off"},
		{"more after the array", "[]\n[]", history.ReadOptions{}, `line 2: '[' after the end of the history`},
		{"a wrong type", "[\n {\"process\":0,\n  \"type\":7}]", history.ReadOptions{}, `line 3: column 10: expected a string, found '7'`},
		{"a history that is none", `{"history": {"a": 1}}`, history.ReadOptions{}, `line 1: the field "history" begins with '{': expected an array of objects`},
		{"an object cut off after the history", `{"history": []`, history.ReadOptions{}, "line 1: the text ends inside this value: it was cut off"},
		{"a field twice in a value", `[{"value":{"a":1,"a":2}}]`, history.ReadOptions{}, `line 1: a map has the key "a" twice`},

		{"a log without operations", "INFO  jepsen.core - Running test\n", history.ReadOptions{}, "the log has no operation: expected lines with process, type, f and value between tabs"},
		{"a log's process", "INFO - x7\t:invoke\t:read\tnil\n", history.ReadOptions{}, `line 1: process is "x7": expected a number from 0 or a keyword`},
		{"a log's value", "0\t:invoke\t:write\t[1 2\n", history.ReadOptions{}, `line 1: read the value "[1 2": the text ends inside this value: it was cut off`},
		{"a log without a value", "0\t:invoke\t:write\n1\t:ok\t:x\t1\n", history.ReadOptions{}, "line 1: no value: expected process, type, f and value between tabs"},
		{"a log that may be cut off", "0\t:invoke\t:read\tnil\n0\t:ok\t:read\t12", history.ReadOptions{}, `line 2: the last line has no newline and may be cut off inside "12": expected a newline if it is whole`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := history.Read(strings.NewReader(test.input), test.options)
			if err == nil || err.Error() != test.want && !(strings.Contains(test.name, "gzip") && strings.HasSuffix(err.Error(), test.want)) {
				t.Fatalf("got error  %v\nwant error %s", err, test.want)
			}
		})
	}
}

func zipped(text string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write([]byte(text)) // to memory
	_ = w.Close()
	return out.String()
}

func TestReadTellsTheFormat(t *testing.T) {
	const op = `{"process":0,"type":"invoke","f":"read","value":null}` + "\n"
	for _, test := range []struct {
		name, input string
		want        history.Format
	}{
		{"JSON lines", op, history.FormatJSONL},
		{"JSON lines after blank ones", "\n \n" + op, history.FormatJSONL},
		{"an array", "[" + op + "]", history.FormatJSON},
		{"an array on several lines", "\n[\n {\n  \"process\" : 0, \"type\": \"invoke\", \"f\": \"read\"}\n]", history.FormatJSON},
		{"an object around an array", `{"name": "x", "options": {"a": [1]}, "history": [` + op + `]}`, history.FormatJSON},
		{"an empty array", "[ ]", history.FormatJSON},
		{"maps", invoke, history.FormatEDN},
		{"a vector", "[" + invoke + "]", history.FormatEDN},
		{"a list after a comment", "; what happened\n(" + invoke + ")", history.FormatEDN},
		{"tagged maps", "#jepsen.history.Op{:index 0, :process 0, :type :invoke, :f :read}", history.FormatEDN},
		{"strings as keys", `{"process" 0, "type" "invoke", "f" "read"}`, history.FormatEDN},
		{"a discarded form first", "#_{:a 1}\n" + invoke, history.FormatEDN},
		{"a log", "INFO  jepsen.util - 4\t:invoke\t:read\tnil\n", history.FormatLog},
		{"a log with times and threads", "2026-01-02 03:04:05,678{GMT}\tINFO\t[main] jepsen.core: Running\n" +
			"2026-01-02 03:04:05,678{GMT}\tINFO\t[jepsen worker 4] jepsen.util: 4\t:invoke\t:read\tnil\n", history.FormatLog},
		{"history.txt", "4\t:invoke\t:read\tnil\n:nemesis\t:info\t:start\tnil\n", history.FormatLog},
		{"JSON lines after a byte order mark", "\ufeff" + op, history.FormatJSONL},
		{"maps, compressed", zipped(invoke), history.FormatEDN},
	} {
		t.Run(test.name, func(t *testing.T) {
			h, err := history.Read(strings.NewReader(test.input), history.ReadOptions{})
			if err != nil || h.Format != test.want {
				t.Fatalf("got %v and %+v, want %s", err, h, test.want)
			}
			if len(h.Ops) != 1 && test.name != "an empty array" {
				t.Errorf("got operations %+v, want one", h.Ops)
			}
		})
	}
}

func TestReadSkipsWhatIsDiscarded(t *testing.T) {
	h := read(t, "#_ #_"+ok+ok+"[ #_ {:process 3} "+invoke+"#_#_"+ok+"#x "+ok+" #_foo ; :process\n"+ok+"#_ #_ 1 2 #_[3] #_:a]  ;\n#_ 7", history.ReadOptions{})
	if len(h.Ops) != 1 || h.Ops[0].Outcome != history.OK || h.Ops[0].Output != history.Int(3) {
		t.Errorf("got %+v", h.Ops)
	}
}

func TestReadOfSmallPieces(t *testing.T) {
	text := "; \"{\n[" + strings.Repeat("#_(1 [\"]\\\"\" \\] ;)\n ]) "+invoke+strings.Replace(ok, "3", "#{3 \"a b\"}", 1), 200) + "]"
	whole, err := history.Read(strings.NewReader(text), history.ReadOptions{})
	if err != nil || len(whole.Ops) != 200 {
		t.Fatalf("got %v", err)
	}
	pieces, err := history.Read(iotest.OneByteReader(strings.NewReader(text)), history.ReadOptions{})
	if err != nil || !slices.Equal(pieces.Ops, whole.Ops) {
		t.Errorf("a byte at a time gives something else: %v", err)
	}
}

// TestReadBeyondOneBuffer reads forms that end anywhere in the reader's buffer.
func TestReadBeyondOneBuffer(t *testing.T) {
	for _, blanks := range []int{0, 1, 7, 100} {
		text := strings.Repeat(invoke+strings.Repeat(" ", blanks)+"#_ x ; {\n"+ok, 10_000)
		if h := read(t, text, history.ReadOptions{}); len(h.Ops) != 10_000 {
			t.Errorf("got %d operations", len(h.Ops))
		}
	}
}

func TestReadBoundsLongForms(t *testing.T) {
	for _, f := range []history.Format{history.FormatEDN, history.FormatJSON, history.FormatLog, history.FormatJSONL} {
		_, err := history.Read(endless{}, history.ReadOptions{Format: f})
		if err == nil || !strings.Contains(err.Error(), "longer than 64 MiB") && !strings.Contains(err.Error(), "expected a map") && !strings.Contains(err.Error(), "expected a JSON object") {
			t.Errorf("%s: got %v, want a refusal", f, err)
		}
	}
}

func TestReadDropsWhatWasTorn(t *testing.T) {
	for _, text := range []string{
		invoke + "{:process 1, :type :invo",
		"0\t:invoke\t:read\tnil\n1\t:invoke\t:re",
	} {
		h, err := history.Read(strings.NewReader(text), history.ReadOptions{})
		if err != nil || len(h.Ops) != 1 || len(h.Warnings) != 2 || !strings.HasPrefix(h.Warnings[0], "line 2 is torn") {
			t.Errorf("%q: got %+v, %v", text, h, err)
		}
	}
}

func TestReadKeepsIndexesOfTheFile(t *testing.T) {
	h, err := history.Read(strings.NewReader(`{:index 5, :process 0, :type :invoke, :f :read} {:process 1, :type :invoke, :f :read} {:index 99, :process 0, :type :ok, :f :read, :value 1}`), history.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if op := h.Ops[0]; op.Invoked != 0 || op.Completed != 2 || h.OriginalIndex(0) != 5 || h.OriginalIndex(1) != -1 || h.OriginalIndex(2) != 99 {
		t.Errorf("got %+v and the indexes %d, %d, %d", op, h.OriginalIndex(0), h.OriginalIndex(1), h.OriginalIndex(2))
	}
}

func TestReadErrorsNameTheLineOnce(t *testing.T) {
	_, err := history.Read(strings.NewReader(invoke+invoke), history.ReadOptions{})
	var at *history.LineError
	if !errors.As(err, &at) || at.Line != 2 || strings.Count(err.Error(), "line 2") != 1 {
		t.Errorf("got %v", err)
	}
}
