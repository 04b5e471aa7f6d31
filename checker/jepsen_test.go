package checker

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
)

// Each drawing is judged twice: by us, and under Jepsen's quirks.
func TestJepsenChecksOfDrawnHistories(t *testing.T) {
	for _, test := range []struct {
		name, check   string
		ours, jepsens Verdict
		anomaly       string // the first by us, or by Jepsen if ours is none
		ops           []int
		drawing       string
	}{
		{"within bounds", "bounds-counter", Valid, Valid, "", nil, `
0  |-add 1-|
1             |-add 2--------------|
2               |-read → 3-|
3                                     |-read → 3-|`},
		{"less than was added", "bounds-counter", Invalid, Invalid, "out-of-bounds", []int{4}, `
0  |-add 1-|
1             |-add 2-|
2                        |-read → 2-|`},
		{"an addition of unknown outcome, perhaps late", "bounds-counter", Valid, Valid, "", nil, `
0  |-add 5-?
1             |-read → 0-|
2                          |-read → 5-|`},
		{"what failed was not added", "bounds-counter", Invalid, Invalid, "out-of-bounds", []int{2}, `
0  |-add 5-x
1             |-read → 5-|`},
		{"something may have been taken away", "bounds-counter", Valid, Valid, "", nil, `
0  |-add 5-|
1    |-add -3--------------|
2            |-read → 2-|
3                             |-read → 2-|`},
		{"it was taken away for certain", "bounds-counter", Invalid, Invalid, "out-of-bounds", []int{4}, `
0  |-add 5-|
1             |-add -3-|
2                        |-read → 5-|`},
		{"never read", "bounds-counter", Unknown, Valid, "", nil, `
0  |-add 1-|`},

		{"one id for each", "unique-ids", Valid, Valid, "", nil, `
0  |-generate → 1-|
1    |-generate → 2-|
2    |-generate-?`},
		{"an id twice", "unique-ids", Invalid, Invalid, "duplicate-id", []int{0, 2}, `
0  |-generate → 1-|
1                    |-generate → 1-|`},
		{"no id", "unique-ids", Unknown, Valid, "", nil, `
0  |-generate-?`},

		{"what went in comes out", "queue", Valid, Valid, "", nil, `
0  |-enqueue 1--------|
1     |-dequeue → 1-|`},
		{"out before in", "queue", Invalid, Invalid, "unexpected", []int{0}, `
1  |-dequeue → 1-|
0                   |-enqueue 1-|`},
		{"out twice", "queue", Invalid, Invalid, "duplicate", []int{4}, `
0  |-enqueue 1-|
1                 |-dequeue → 1-|
2                                 |-dequeue → 1-|`},
		{"an enqueue that failed", "queue", Invalid, Valid, "unexpected", []int{2}, `
0  |-enqueue 1-x
1                 |-dequeue → 1-|`},
		{"an enqueue of unknown outcome", "queue", Valid, Valid, "", nil, `
0  |-enqueue 1-?
1                 |-dequeue → 1-|`},
		{"nothing out", "queue", Unknown, Valid, "", nil, `
0  |-enqueue 1-|`},

		{"all out, once", "total-queue", Valid, Valid, "", nil, `
0  |-enqueue 1-|
1    |-enqueue 2-?
2                 |-dequeue → 1-|
3                   |-drain → [2]-|`},
		{"one lost", "total-queue", Invalid, Invalid, "lost", []int{0}, `
0  |-enqueue 1-|
1    |-enqueue 2-|
2                   |-dequeue → 2-|`},
		{"taken perhaps by a dequeue of unknown outcome", "total-queue", Unknown, Invalid, "lost", []int{0}, `
0  |-enqueue 1-|
1    |-enqueue 2-|
3    |-dequeue-?
2                   |-dequeue → 2-|`},
		{"two lost, one taker", "total-queue", Invalid, Invalid, "lost", []int{0}, `
0  |-enqueue 1-|
1    |-enqueue 2-|
3    |-dequeue-?`},
		{"out twice", "total-queue", Invalid, Valid, "duplicate", []int{0, 2, 4}, `
0  |-enqueue 1-|
1                 |-dequeue → 1-|
2                                 |-dequeue → 1-|`},
		{"failed and out", "total-queue", Invalid, Valid, "unexpected", []int{2}, `
0  |-enqueue 1-x
1                 |-dequeue → 1-|`},
		{"from nowhere", "total-queue", Invalid, Invalid, "unexpected", []int{2}, `
0  |-enqueue 1-|
1                 |-drain → [1,7]-|`},

		{"all read", "set-full", Valid, Valid, "", nil, `
0  |-add 1-|
1             |-read → [1]-|`},
		{"lost", "set-full", Invalid, Invalid, "lost", []int{0, 4}, `
0  |-add 1-|
1             |-read → [1]-|
2                            |-read → []-|`},
		{"too early to be missed", "set-full", Unknown, Unknown, "", nil, `
0  |-add 1---------------|
1     |-read → []-|`},
		{"known by a read, not by its add", "set-full", Invalid, Invalid, "lost", []int{1, 3}, `
0  |-add 1-?
1     |-read → [1]-|
2                            |-read → []-|`},
		{"late is good enough", "set-full", Valid, Valid, "", nil, `
0  |-add 1-|
1             |-read → []-|
2                            |-read → [1]-|`},
		{"late is stale", "set-full(linearizable)", Invalid, Valid, "stale", []int{0, 2}, `
0  |-add 1-|
1             |-read → []-|
2                            |-read → [1]-|`},
		{"an element twice", "set-full", Invalid, Valid, "duplicate-element", []int{2}, `
0  |-add 1-|
1             |-read → [1,1]-|`},
		{"an element of nobody", "set-full", Invalid, Valid, "unexpected", []int{2}, `
0  |-add 1-|
1             |-read → [1,7]-|`},
		{"an element whose add failed", "set-full", Invalid, Valid, "unexpected", []int{0, 2}, `
0  |-add 1-x
1             |-read → [1]-|`},

		{"money moves", "bank", Valid, Valid, "", nil, `
0  |-read → {"a":10,"b":0}-|
1    |-transfer {"from":"a","to":"b","amount":3}-?
2                                                    |-read → {"a":7,"b":3}-|`},
		{"money is lost", "bank", Invalid, Invalid, "wrong-total", []int{0, 2}, `
0  |-read → {"a":10,"b":0}-|
2                             |-read → {"a":7,"b":0}-|`},
		{"another total than said", "bank(11)", Invalid, Invalid, "wrong-total", []int{0}, `
0  |-read → {"a":10,"b":0}-|`},
		{"an account without money", "bank", Invalid, Invalid, "negative-balance", []int{0}, `
0  |-read → {"a":11,"b":-1}-|`},
		{"which may be", "bank(10,negative)", Valid, Valid, "", nil, `
0  |-read → {"a":11,"b":-1}-|`},
		{"an account without a balance", "bank", Invalid, Invalid, "no-balance", []int{0}, `
0  |-read → {"a":11,"b":null}-|`},
		{"never looked", "bank", Unknown, Valid, "", nil, `
1    |-transfer {"from":"a","to":"b","amount":3}-|`},

		{"each at least once", "each-succeeds", Valid, Valid, "", nil, `
0  |-read → 1-|
1  |-read-x
2     |-write 1-|`},
		{"one never", "each-succeeds", Invalid, Invalid, "never-succeeds", []int{1}, `
0  |-read → 1-|
2     |-write 1-x`},

		{"a set's last read came too early", "durability", Unknown, Invalid, "lost", []int{2, 0}, `
1  |-read → []-|
0                 |-add 1-|`},
		{"what failed is there", "durability", Invalid, Valid, "unexpected", []int{0, 2}, `
0  |-add 1-x
1            |-read → [1]-|`},

		{"transactions in order", "list-append", Valid, Valid, "", nil, `
0  |-txn [["append","x",1]] → [["append","x",1]]-|
1                                                   |-txn [["r","x",null]] → [["r","x",[1]]]-|`},
		{"a stale read", "list-append", Invalid, Invalid, "G-single-realtime", []int{0, 2}, `
0  |-txn [["append","x",1]] → [["append","x",1]]-|
1                                                   |-txn [["r","x",null]] → [["r","x",null]]-|`},
		{"which serializability allows", "list-append(serializable)", Valid, Valid, "", nil, `
0  |-txn [["append","x",1]] → [["append","x",1]]-|
1                                                   |-txn [["r","x",null]] → [["r","x",null]]-|`},
		{"an append of unknown outcome", "list-append", Unknown, Unknown, "", nil, `
0  |-txn [["append","x",1]]-?
1                              |-txn [["r","x",null]] → [["r","x",null]]-|`},
		{"an element appended twice", "list-append", Unknown, Unknown, "", nil, `
0  |-txn [["append","x",1]] → [["append","x",1]]-|
1                                                   |-txn [["append","x",1]] → [["append","x",1]]-|
2                                                                                                    |-txn [["r","x",null]] → [["r","x",[1]]]-|`},
	} {
		t.Run(test.check+" "+test.name, func(t *testing.T) {
			h := &history.History{Ops: sketch.MustParse(test.drawing)}
			ours, theirs := judgeBoth(t, test.check, h)
			if ours.Verdict != test.ours || theirs.Verdict != test.jepsens {
				t.Fatalf("got %s (%s) and under Jepsen's quirks %s (%s), want %s and %s\n%+v", ours.Verdict, ours.Reason, theirs.Verdict, theirs.Reason, test.ours, test.jepsens, ours.Anomalies)
			}
			shown := slices.Concat(ours.Anomalies, theirs.Anomalies)
			if test.anomaly == "" {
				return
			}
			if shown[0].Type != test.anomaly || !slices.Equal(shown[0].Ops, test.ops) {
				t.Errorf("got %s %v (%s), want %s %v", shown[0].Type, shown[0].Ops, shown[0].Explanation, test.anomaly, test.ops)
			}
		})
	}
}

func judgeBoth(t *testing.T, check string, h *history.History) (ours, theirs Result) {
	t.Helper()
	c, err := Parse(check)
	if err != nil {
		t.Fatal(err)
	}
	if !ByEvents(c) {
		t.Errorf("%s does not look at events", check)
	}
	for i, r := range []*Result{&ours, &theirs} {
		if *r, err = c.Check(t.Context(), h, Options{JepsenQuirks: i == 1}.withDefaults()); err != nil {
			t.Fatal(err)
		}
	}
	return ours, theirs
}

// The final reads of a counter are marked; events may have no process.
func TestPNCounter(t *testing.T) {
	add := func(at int, outcome history.Type, n int64) history.Event {
		return history.Event{Index: at, Time: int64(at), Process: history.Nobody, Type: outcome, F: "add", Value: history.Int(n)}
	}
	read := func(at int, n int64, extra string) history.Event {
		return history.Event{Index: at, Time: int64(at), Process: history.Nobody, Type: history.OK, F: "read", Value: history.Int(n), Extra: extra}
	}
	for _, test := range []struct {
		name          string
		ours, jepsens Verdict
		explanation   string
		events        []history.Event
	}{
		{"all added", Valid, Valid, "", []history.Event{add(0, history.OK, 2), add(1, history.OK, 3), read(2, 1, ""), read(3, 5, `"final":true`)}},
		{"one is missing", Invalid, Invalid, "a final read returned 3, although the additions make 5",
			[]history.Event{add(0, history.OK, 2), add(1, history.OK, 3), read(2, 3, `"final?":true`)}},
		{"of unknown outcome", Valid, Valid, "", []history.Event{add(0, history.Info, 2), add(1, history.Info, 7), read(2, 7, `"a":1,"final":true`), read(3, 9, `"final":true`)}},
		{"no sum of those", Invalid, Invalid, "a final read returned 4, although the additions make 0 or 2 or 7 or 9",
			[]history.Event{add(0, history.Info, 2), add(1, history.Info, 7), read(2, 4, `"final":true`)}},
		{"no read is final", Unknown, Valid, "", []history.Event{add(0, history.OK, 2), read(1, 1, `"final":false`)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			ours, theirs := judgeBoth(t, "pn-counter", &history.History{Unpaired: test.events})
			if ours.Verdict != test.ours || theirs.Verdict != test.jepsens {
				t.Errorf("got %s (%s) and %s, want %s and %s", ours.Verdict, ours.Reason, theirs.Verdict, test.ours, test.jepsens)
			}
			if test.explanation != "" && ours.Anomalies[0].Explanation != test.explanation {
				t.Errorf("got %q", ours.Anomalies[0].Explanation)
			}
		})
	}
}

// So many additions that might have happened make more totals than are followed.
func TestPNCounterDoesNotFollowEveryTotal(t *testing.T) {
	h := &history.History{}
	for i := range 20 {
		h.Unpaired = append(h.Unpaired, history.Event{Index: i, Type: history.Info, F: "add", Value: history.Int(1 << (2 * i))})
	}
	h.Unpaired = append(h.Unpaired, history.Event{Index: 20, Type: history.OK, F: "read", Value: history.Int(1<<38 + 2), Extra: `"final":true`})
	ours, theirs := judgeBoth(t, "pn-counter", h)
	if ours.Verdict != Unknown || theirs.Verdict != Unknown || !strings.Contains(ours.Reason, "too many totals") {
		t.Errorf("got %s (%s), %s", ours.Verdict, ours.Reason, theirs.Verdict)
	}
}

func TestChecksRefuseWhatTheyAreNotAbout(t *testing.T) {
	for _, test := range []struct{ check, drawing, err string }{
		{"bounds-counter", `0 |-enqueue 1-|`, "none of its operations is one of [add read]"},
		{"bounds-counter", `0 |-add "a"-|`, `the value of add is "a": expected an integer`},
		{"pn-counter", `0 |-add 9999999999999-|`, "expected an integer between"},
		{"set-full", `0 |-read → 7-|`, "expected the list of members"},
		{"total-queue", `0 |-drain → 7-|`, "expected a list"},
		{"unique-ids", `0 |-read → 7-|`, "none of its operations is one of [generate]"},
		{"bank", `0 |-read → 7-|`, "expected an object, account to balance"},
		{"bank", `0 |-read → {"a":"b"}-|`, `the balance of "a" is "b"`},
		{"list-append", `0 |-read → 7-|`, "expected a list of steps"},
	} {
		c, err := Parse(test.check)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Check(t.Context(), &history.History{Ops: sketch.MustParse(test.drawing)}, Options{}.withDefaults())
		if err == nil || !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s of %s: got %v, want %q", test.check, test.drawing, err, test.err)
		}
	}
}

func TestForJepsen(t *testing.T) {
	for _, test := range []struct{ name, options, model, want, err string }{
		{name: "counter", want: "bounds-counter"},
		{name: "jepsen.checker/set", want: "durability"},
		{name: "stats", want: "each-succeeds"},
		{name: "set-full", want: "set-full"},
		{name: "set-full", options: `{"linearizable?":true}`, want: "set-full(linearizable)"},
		{name: "set-full", options: `{"linearizable?":false}`, want: "set-full"},
		{name: "bank", options: `{"total-amount":100,"negative-balances?":true}`, want: "bank(100,negative)"},
		{name: "bank", options: `{"negative-balances?":true}`, want: "bank(negative)"},
		{name: "list-append", options: `{"consistency-models":["serializable"]}`, want: "list-append(serializable)"},
		{name: "linearizable", model: "cas-register(0)", want: "linearizable(cas-register(0))"},
		{name: "queue", model: "unordered-queue", want: "queue"},
		{name: "linearizable", err: "needs a model"},
		{name: "queue", model: "fifo-queue", err: "try --model fifo-queue"},
		{name: "perf", err: `unknown checker "perf"`},
	} {
		var options map[string]json.RawMessage
		if test.options != "" {
			if err := json.Unmarshal([]byte(test.options), &options); err != nil {
				t.Fatal(err)
			}
		}
		c, err := ForJepsen(test.name, options, test.model)
		switch {
		case test.err != "":
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: got %v, want %q", test.name, err, test.err)
			}
		case err != nil || c.Name() != test.want:
			t.Errorf("%s: got %v, %v, want %s", test.name, c, err, test.want)
		}
	}
}
