package checker

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// everyCheck returns all checks, linearizable with every model.
func everyCheck(tb testing.TB) []Check {
	tb.Helper()
	parameters := map[string]string{"bounded-counter": fmt.Sprintf("(%d)", modeltest.InitialStock), "lease": "(10ms)", "reentrant-lease": "(10ms)"}
	var checks []Check
	for _, e := range Table() {
		var names []string
		switch e.Name {
		case "linearizable":
			for _, m := range model.Names() {
				names = append(names, "linearizable("+m+parameters[m]+")")
			}
		case "evidence":
			names = append(names, "evidence(none)", "evidence(kill,pause)")
		case "expiry":
			names = append(names, "expiry(10ms)")
		default:
			names = append(names, e.Name)
		}
		for _, name := range names {
			c, err := Parse(name)
			if err != nil {
				tb.Fatal(err)
			}
			checks = append(checks, c)
		}
	}
	return checks
}

// FuzzJudge wants that every check says something sensible, soon, of whatever
// can be loaded.
func FuzzJudge(f *testing.F) {
	for _, drawing := range []string{
		"0 |-write 1 → 1-|\n1       |-read → 1-|\n2        |-write 2-?\n3                    |-read → 3-|",
		"0 |-write 1 → 1-|\n1       |-cas [1,2] → [1,2]-|\n2        |-cas [1,3]-?\n3    |-cas [4,3] → {\"saw\":2}-x",
		"0 |-add-and-get 1 → 1-|\n1       |-add 2-?\n2            |-read → 5-|",
		"0 |-take 1 → 2-|\n1       |-put 2-?\n2            |-take 9 → null-|",
		"0 |-acquire \"a\" → \"a\"-|\n1       |-acquire \"b\" → \"b\"-|\n2          |-release \"b\" → false-|",
		"0 |-acquire → 1-|\n1       |-acquire → 1-|\n2          |-write 1 → 1-|\n2                               |-release 1-?",
		"0 |-enqueue 1 → 1-|\n1       |-dequeue → 2-|\n2          |-dequeue-?\n3                    |-dequeue → null-|",
		"0 |-add 1 → 1-|\n1       |-add 2-?\n2                    |-read → [2]-|\n3                                   |-read → null-|",
		"0 |-generate → 1-|\n1      |-generate → 1-|\n2      |-drain → [1]-|\n3          |-transfer {\"from\":1}-|",
		"0 |-read → {\"a\":1,\"b\":-1}-|\n1      |-read → {\"a\":null}-|",
		"0 |-txn [[\"append\",\"x\",1]]-?\n1      |-txn [[\"r\",\"x\"]] → [[\"r\",\"x\",[1]]]-|",
		"0 |-txn [[\"w\",\"x\",1]]-?\n1      |-txn [[\"r\",\"x\"]] → [[\"r\",\"x\",2]]-|",
		"0 |-append \"a\"-?\n1      |-put \"b\"-|\n2      |-get → \"ba\"-|",
		"0 |-acquire \"u\" → {\"client\":\"c\",\"fence\":3}-|\n1      |-acquire-?\n2      |-release → {\"client\":\"d\"}-|",
	} {
		f.Add(journalled(f, sketch.MustParse(drawing)))
	}
	f.Add([]byte(`{"process":"nemesis","type":"info","f":"kill","value":{"effect":true}}` + "\n"))
	checks := everyCheck(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := history.Load(bytes.NewReader(data))
		if err != nil || len(h.Ops) > 200 {
			return
		}
		for _, c := range checks {
			judgeSensibly(t, c, h)
		}
	})
}

func judgeSensibly(t *testing.T, c Check, h *history.History) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	start := time.Now()
	verdict, results, err := Judge(ctx, h, []Check{c}, Options{Timeout: 100 * time.Millisecond, MemoryBytes: 4 << 20})
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("%s took %v", c.Name(), took)
	}
	if err != nil {
		return // a history of something else
	}
	r := results[0]
	switch {
	case strings.HasPrefix(r.Reason, "the check crashed"):
		t.Error(r.Reason)
	case r.Name == "stats" && verdict == Unknown:
	case verdict != r.Verdict || (r.Verdict == Invalid) != (len(r.Anomalies) > 0) || (r.Verdict == Unknown) != (r.Reason != ""):
		t.Errorf("%s: %s, %+v", c.Name(), verdict, r)
	}
	known := map[int]bool{}
	for i := range h.Ops {
		known[h.Ops[i].Invoked] = true
	}
	for _, a := range r.Anomalies {
		for _, id := range a.Ops {
			if !known[id] {
				t.Errorf("%s: %s: %d is no operation", c.Name(), a.Explanation, id)
			}
		}
		if a.Type == "" || a.Explanation == "" || len(a.Ops) == 0 {
			t.Errorf("%s: %+v", c.Name(), a)
		}
	}
}

// journalled returns the operations as a history file.
func journalled(tb testing.TB, ops []history.Op) []byte {
	tb.Helper()
	events := map[int]string{}
	line := func(index int, at int64, op history.Op, kind history.Type, v history.Value) {
		value := ""
		if !v.IsAbsent() {
			value = `,"value":` + v.String()
		}
		events[index] = fmt.Sprintf(`{"index":%d,"time":%d,"process":%d,"type":"%s","f":"%s"%s}`, index, at, op.Process, kind, op.F, value)
	}
	for _, op := range ops {
		line(op.Invoked, op.Call, op, history.Invoke, op.Input)
		if op.Completed >= 0 {
			line(op.Completed, op.Return, op, op.Outcome, op.Output)
		}
	}
	var text strings.Builder
	for i := range len(events) {
		text.WriteString(events[i] + "\n")
	}
	if _, err := history.Load(strings.NewReader(text.String())); err != nil {
		tb.Fatalf("%v\n%s", err, text.String())
	}
	return []byte(text.String())
}
