package checker

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
)

func TestStats(t *testing.T) {
	ops := sketch.MustParse(`
0  |-write 1-|
1  |-write 2 → 2-------|
2  |-read → 1-|
3  |-write 3-x
4  |-read-?
5  |-write 4-?`)
	ops[3].Error, ops[4].Error, ops[5].Error = "refused: no", "timeout", "timeout: slow"
	got := judge(t, "stats", ops)
	if got.Verdict != Valid {
		t.Errorf("got %s", got.Verdict)
	}
	want := map[string]any{
		"write": &OperationStats{OK: 2, Fail: 1, Info: 1, Latency: &Latency{10, 10, 10, 20}, Errors: map[string]int{"refused": 1, "timeout": 1}},
		"read":  &OperationStats{OK: 1, Info: 1, Latency: &Latency{11, 11, 11, 11}, Errors: map[string]int{"timeout": 1}},
	}
	if !reflect.DeepEqual(got.Statistics, want) {
		text, _ := json.Marshal(got.Statistics)
		t.Errorf("got %s", text)
	}
}

func TestQuantiles(t *testing.T) {
	var ns []int64
	for i := range int64(101) {
		ns = append(ns, 1000-i)
	}
	if got, want := *quantiles(ns), (Latency{950, 995, 999, 1000}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := quantiles(nil); got != nil {
		t.Errorf("got %+v of nothing", got)
	}
}

// The lists of a result end; its statistics count everything.
func TestAnomaliesAreBounded(t *testing.T) {
	ops := growing(50)
	ops = append(ops, history.Op{F: "read", Input: history.NullValue, Output: history.List(), Outcome: history.OK, Call: 1000, Return: 1001})
	r := judge(t, "durability", indexed(ops))
	if len(r.Anomalies) != maxAnomalies || r.Statistics["lost"] != 50 {
		t.Errorf("%d anomalies, %v", len(r.Anomalies), r.Statistics)
	}
}

// One violation in each of many keys: some with a witness, all counted.
func TestWitnessesAreBounded(t *testing.T) {
	var ops []history.Op
	for i := range 2 * maxWitnesses {
		ops = append(ops, history.Op{
			Process: history.Process(i), Key: string(rune('a' + i)), F: "read", Input: history.NullValue,
			Output: history.Int(7), Outcome: history.OK, Return: 1,
		})
	}
	r := judge(t, "linearizable(register)", indexed(ops))
	if len(r.Anomalies) != maxWitnesses || r.Statistics["invalid_keys"] != 2*maxWitnesses || r.Statistics["keys"] != 2*maxWitnesses {
		t.Errorf("%d anomalies, %v", len(r.Anomalies), r.Statistics)
	}
}

func TestNothingCertainProvesNothing(t *testing.T) {
	for _, drawing := range []string{"0 |-write 1-?", "0 |-write 1-x", "0 |-read-?"} {
		r := judge(t, "linearizable(register)", sketch.MustParse(drawing))
		if r.Verdict != Unknown || r.Reason != "no operation is known to have taken effect" {
			t.Errorf("%s: got %s %q", drawing, r.Verdict, r.Reason)
		}
	}
}

func TestProgressCountsKeys(t *testing.T) {
	var ops []history.Op
	for i := range 3 {
		ops = append(ops, history.Op{Process: history.Process(i), Key: string(rune('a' + i)), F: "read", Input: history.NullValue, Output: history.NullValue, Outcome: history.OK, Return: 1})
	}
	c, err := Parse("linearizable(register)")
	if err != nil {
		t.Fatal(err)
	}
	var calls []int // made one after another
	progress := func(check string, done, total int) {
		if check != c.Name() || total != 3 {
			t.Errorf("%s: %d of %d", check, done, total)
		}
		calls = append(calls, done)
	}
	if _, _, err := Judge(t.Context(), &history.History{Ops: indexed(ops)}, []Check{c}, Options{Progress: progress}); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(calls, []int{1, 2, 3}) {
		t.Errorf("got %v", calls)
	}
}
