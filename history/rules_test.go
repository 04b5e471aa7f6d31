package history_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// read reads a history that must be right.
func read(t *testing.T, text string, o history.ReadOptions) *history.History {
	t.Helper()
	h, err := history.Read(strings.NewReader(text), o)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return h
}

func TestReadOfNil(t *testing.T) {
	const (
		edn   = "{:process 0, :type :invoke, :f %, :value nil} {:process 0, :type :ok, :f %, :value nil}"
		lines = `{"process":0,"type":"invoke","f":"%","value":null}` + "\n" + `{"process":0,"type":"ok","f":"%","value":null}` + "\n"
	)
	for _, test := range []struct {
		name, text, f string
		options       history.ReadOptions
		said          bool
	}{
		{"Jepsen's says nothing", edn, ":read", history.ReadOptions{}, false},
		{"but for --nil-is-initial", edn, ":read", history.ReadOptions{NilIsInitial: true}, true},
		{"a dequeue of nil found the queue empty", edn, ":dequeue", history.ReadOptions{}, true},
		{"elle-cli's says nothing", "[" + strings.ReplaceAll(lines, "\n{", ",\n{") + "]", "read", history.ReadOptions{}, false},
		{"the log's says nothing", "0\t:invoke\t%\tnil\n0\t:ok\t%\tnil\n", ":read", history.ReadOptions{}, false},
		{"with its key", "{:process 0, :type :invoke, :f %, :value [1 nil]} {:process 0, :type :ok, :f %, :value [1 nil]}", ":read", history.ReadOptions{Keyed: true}, false},
		{"ours is a value", lines, "read", history.ReadOptions{}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			op := read(t, strings.ReplaceAll(test.text, "%", test.f), test.options).Ops[0]
			if op.Outcome != history.OK || op.Output.IsNull() != test.said || op.Output.IsAbsent() == test.said {
				t.Errorf("got %+v, want an output of null: %v", op, test.said)
			}
		})
	}
}

func TestACompletionTellsTheArgument(t *testing.T) {
	const both = "{:process 0, :type :invoke, :f %, :value nil} {:process 0, :type :ok, :f %, :value [1 2]}"
	for _, test := range []struct {
		f    string
		told bool
	}{{":write", true}, {":cas", true}, {":enqueue", true}, {":add", true}, {":read", false}, {":dequeue", false}} {
		op := read(t, strings.ReplaceAll(both, "%", test.f), history.ReadOptions{}).Ops[0]
		if got := op.Input == op.Output; got != test.told {
			t.Errorf("%s: got %+v", test.f, op)
		}
	}
}

func TestReadKeyed(t *testing.T) {
	for _, test := range []struct {
		name, text string
		keyed      bool
	}{
		{"plain", "{:process 0, :type :invoke, :f :cas, :value [:x [1 2]]} {:process 0, :type :ok, :f :cas, :value [:x [1 2]]}", true},
		{"tagged", "{:process 0, :type :invoke, :f :cas, :value #jepsen.independent.Tuple [:x [1 2]]} {:process 0, :type :ok, :f :cas, :value #jepsen.independent/Tuple [:x [1 2]]}", false},
		{"tagged, and said so", "{:process 0, :type :invoke, :f :cas, :value #jepsen.independent.Tuple [:x [1 2]]} {:process 0, :type :ok, :f :cas, :value #jepsen.independent.Tuple [:x [1 2]]}", true},
		{"with a key of its own", "{:process 0, :type :invoke, :f :cas, :key :x, :value [1 2]} {:process 0, :type :ok, :f :cas, :key :x, :value [1 2]}", false},
		{"JSON lines", `{"process":0,"type":"invoke","f":"cas","value":[":x",[1,2]]}` + "\n" + `{"process":0,"type":"ok","f":"cas","value":[":x",[1,2]]}`, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			op := read(t, test.text, history.ReadOptions{Keyed: test.keyed}).Ops[0]
			want := history.List(history.Int(1), history.Int(2))
			if op.Key != ":x" || op.Input != want || op.Output != want {
				t.Errorf("got %+v", op)
			}
		})
	}
}

func TestAnInfoMayLackTheKey(t *testing.T) {
	h := read(t, "{:process 0, :type :invoke, :f :write, :value [7 1]} {:process 0, :type :info, :f :write, :value nil, :error [:timeout nil 3]}", history.ReadOptions{Keyed: true})
	if op := h.Ops[0]; op.Key != "7" || op.Outcome != history.Info || op.Error != "timeout: 3" {
		t.Errorf("got %+v", op)
	}
}

// Where times disagree with the order, the order counts, as in Knossos:
//
//	p0  |-write 1-|
//	p1             |-read 0-|   at the same time
func TestOrderCountsInHistoriesOfOthers(t *testing.T) {
	h := read(t, `{:time 5, :process 0, :type :invoke, :f :write, :value 1} {:time 5, :process 0, :type :ok, :f :write, :value 1}
		{:time 5, :process 1, :type :invoke, :f :read, :value nil} {:time 3, :process 1, :type :ok, :f :read, :value 0} {:process 2, :type :invoke, :f :read}`, history.ReadOptions{})
	w, r := h.Ops[0], h.Ops[1]
	if w.Call != 5 || w.Return != 5 || r.Call != 6 || r.Return != 6 || h.Ops[2].Call <= r.Return {
		t.Errorf("got %+v", h.Ops)
	}
	h = read(t, `{"time":5,"process":0,"type":"invoke","f":"write"}
{"time":5,"process":0,"type":"ok","f":"write"}
{"time":5,"process":1,"type":"invoke","f":"read"}
`, history.ReadOptions{})
	if h.Ops[1].Call != h.Ops[0].Return {
		t.Errorf("in our own format the two are concurrent, got %+v", h.Ops)
	}
}

// A process that goes on after an info leaves its operation open:
//
//	p0  |-write 1-…
//	p0            |-write 2-|
func TestProcessGoesOnAfterInfo(t *testing.T) {
	h := read(t, "{:process 0, :type :invoke, :f :write, :value 1}\n{:process 0, :type :info, :f :write, :value 1}\n"+
		"{:process 0, :type :invoke, :f :write, :value 2}\n{:process 0, :type :ok, :f :write, :value 2}\n", history.ReadOptions{})
	if len(h.Ops) != 2 || h.Ops[0].Return != history.Never || h.Ops[1].Outcome != history.OK {
		t.Errorf("got %+v", h.Ops)
	}
	if len(h.Warnings) != 1 || !strings.HasPrefix(h.Warnings[0], "process 0 goes on after an info (line 3)") {
		t.Errorf("got %q", h.Warnings)
	}
}

func TestOtherProcessesAreANemesis(t *testing.T) {
	h := read(t, "{:process :nemesis, :type :info, :f :start, :value nil} {:process :clock, :type :invoke, :f :end} {:process 0, :type :invoke, :f :read}", history.ReadOptions{})
	if len(h.Ops) != 1 || len(h.Nemesis) != 2 || h.Ended {
		t.Errorf("got %+v", h)
	}
}

func TestUnpairedCompletionsAreKeptOnRequest(t *testing.T) {
	h := read(t, "{:process 1, :type :ok, :f :dequeue, :value 1}\n{:process :nemesis, :type :info, :f :kill}\n{:process 1, :type :invoke, :f :dequeue}\n"+
		"{:process 2, :type :info, :f :dequeue}\n{:process 1, :type :info, :f :dequeue}", history.ReadOptions{Unpaired: true})
	if len(h.Ops) != 1 || len(h.Unpaired) != 2 || !strings.HasPrefix(h.Warnings[0], "completions without an invoke: 2") {
		t.Fatalf("got %+v", h)
	}
	var got []string
	for e := range h.Events() {
		got = append(got, e.Process.String()+" "+e.Type.String()+" "+e.F)
	}
	want := []string{"1 ok dequeue", "nemesis info kill", "1 invoke dequeue", "2 info dequeue", "1 info dequeue"}
	if !slices.Equal(got, want) {
		t.Errorf("got events %q, want %q", got, want)
	}
}

func TestLogLines(t *testing.T) {
	h := read(t, "2026-01-02 03:04:05,678{GMT}\tWARN\t[main] jepsen.core: no operation\tat all\n"+
		"2026-01-02 03:04:05,678{GMT}\tINFO\t[jepsen worker 4] jepsen.util: 4\t:invoke\t:cas\t[3 \"a\\tb\"]\r\n"+
		"\n2026-01-02 03:04:06,678{GMT}\tINFO\t[jepsen worker 4] jepsen.util: 4\t:info\t:cas\t[3 #object[a 0x1 \"b\"]\t:timeout\n"+
		"INFO  jepsen.util - :nemesis\t:info\t:start\t\"Cut off {a b}\"\n"+
		"INFO  jepsen.util - 3\t:invoke\t:read\tnil\nINFO  jepsen.util - 3\t:fail\t:read\t:timed-out\n", history.ReadOptions{})
	if len(h.Ops) != 2 || len(h.Nemesis) != 1 {
		t.Fatalf("got %+v", h)
	}
	cas, failed := h.Ops[0], h.Ops[1]
	if cas.Input != history.List(history.Int(3), history.Str("a\tb")) || cas.Outcome != history.Info || cas.Error != "timeout" {
		t.Errorf("got %+v", cas)
	}
	if failed.Outcome != history.Fail || failed.Error != "timed-out" || !failed.Output.IsAbsent() {
		t.Errorf("got %+v", failed)
	}
}
