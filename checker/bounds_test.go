package checker

import (
	"context"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// tangle returns a history that takes the search an age: n writes at the same
// time, one after another read in an order that no write gives.
func tangle(n int) []history.Op {
	var ops []history.Op
	add := func(f string, input, output history.Value, call, end int64) {
		ops = append(ops, history.Op{
			Process: history.Process(len(ops)), F: f, Input: input, Output: output, Outcome: history.OK,
			Call: call, Return: end,
		})
	}
	for i := range n {
		add("write", history.Int(int64(i)), history.Int(int64(i)), 0, 1000)
	}
	for i := range n {
		add("read", history.NullValue, history.Int(int64(i)), 1, 1000)
	}
	add("read", history.NullValue, history.Int(-1), 2000, 2001)
	return indexed(ops)
}

// growing returns adds to a set, one after another.
func growing(n int) []history.Op {
	ops := make([]history.Op, n)
	for i := range ops {
		v, at := history.Int(int64(i)), int64(10*i)
		ops[i] = history.Op{F: "add", Input: v, Output: v, Outcome: history.OK, Call: at, Return: at + 1}
	}
	return indexed(ops)
}

func TestBoundsMakeUnknown(t *testing.T) {
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		name   string
		ctx    context.Context
		model  string
		ops    []history.Op
		bounds Options
		want   string
	}{
		{"time", t.Context(), "register", tangle(40), Options{Engine: ByPorcupine, Timeout: 50 * time.Millisecond},
			"1 of 1 keys were not decided within 50ms; try --timeout, or fewer operations per key"},
		{"memory for the operations", t.Context(), "register", tangle(40), Options{Engine: ByPorcupine, MemoryBytes: 1000},
			"1 of 1 keys need more than 0 MiB to search; try --memory, or fewer operations per key"},
		{"memory for the steps", t.Context(), "register", tangle(40), Options{Engine: ByPorcupine, MemoryBytes: 4 << 20},
			"1 of 1 keys need more than 4 MiB to search; try --memory, or fewer operations per key"},
		{"memory for states that grow", t.Context(), "set", growing(3000), Options{Engine: ByPorcupine, MemoryBytes: 16 << 20},
			"1 of 1 keys need more than 16 MiB to search; try --memory, or fewer operations per key"},
		{"interruption", interrupted, "register", tangle(40), Options{Engine: ByPorcupine},
			"interrupted before 1 of 1 keys were decided"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := Parse("linearizable(" + test.model + ")")
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			verdict, results, err := Judge(test.ctx, &history.History{Ops: test.ops}, []Check{c}, test.bounds)
			if err != nil || verdict != Unknown || results[0].Reason != test.want || len(results[0].Anomalies) > 0 {
				t.Errorf("got %s %+v %v, want the reason %q", verdict, results, err, test.want)
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// The search holds about what it is given, whatever grows: the number of steps
// or the states.
func TestMemoryBoundHolds(t *testing.T) {
	const most = 8 << 20
	for _, test := range []struct {
		name, model string
		ops         []history.Op
		every       int // steps between two looks
	}{
		{"many steps", "register", tangle(40), 20_000},
		{"many operations", "register", tangle(100), 20_000},
		{"large states", "set", growing(3000), 50},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := model.Parse(test.model)
			if err != nil {
				t.Fatal(err)
			}
			ops, err := m.Prepare(test.ops)
			if err != nil {
				t.Fatal(err)
			}
			base, largest, steps := liveBytes(), int64(0), 0
			pm := m.Porcupine()
			step := pm.Step
			pm.Step = func(state, input, output any) (bool, any) {
				if steps++; steps%test.every == 0 {
					largest = max(largest, liveBytes()-base)
				}
				return step(state, input, output)
			}
			if got := tryPorcupine(t.Context(), m, pm, ops, bound{bytes: most}); got != tooLarge {
				t.Fatalf("got %d, want it to be too large", got)
			}
			t.Logf("held up to %d MiB of %d", largest>>20, most>>20)
			if alive := int64(most / garbage); largest > alive || largest < alive/2 {
				t.Errorf("held up to %d MiB within a bound of %d MiB", largest>>20, most>>20)
			}
		})
	}
}

func liveBytes() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestInterruptionEndsTheSearchSoon(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c, err := Parse("linearizable(register)")
	if err != nil {
		t.Fatal(err)
	}
	var interrupted time.Time
	timer := time.AfterFunc(100*time.Millisecond, func() { interrupted = time.Now(); cancel() })
	defer timer.Stop()
	verdict, results, err := Judge(ctx, &history.History{Ops: tangle(60)}, []Check{c}, Options{Engine: ByPorcupine, MemoryBytes: math.MaxInt64})
	if err != nil || verdict != Unknown || !strings.HasPrefix(results[0].Reason, "interrupted") {
		t.Fatalf("got %s %+v %v", verdict, results, err)
	}
	if took := time.Since(interrupted); took > 2*time.Second {
		t.Errorf("went on for %v", took)
	}
}

// A violation that was found is reported even if nothing is left for its proof,
// and keys that were not decided do not hide it.
func TestAViolationBeatsTheBounds(t *testing.T) {
	bad := history.Op{Process: 1000, Key: "bad", F: "read", Input: history.NullValue, Output: history.Int(7), Outcome: history.OK, Call: 1, Return: 2}
	ops := indexed(append(tangle(40), bad))
	c, err := Parse("linearizable(register)")
	if err != nil {
		t.Fatal(err)
	}
	verdict, results, err := Judge(t.Context(), &history.History{Ops: ops}, []Check{c}, Options{Engine: ByPorcupine, Timeout: 100 * time.Millisecond})
	if err != nil || verdict != Invalid || len(results[0].Anomalies) != 1 || results[0].Anomalies[0].Key != "bad" {
		t.Fatalf("got %s %+v %v", verdict, results, err)
	}
	if s := results[0].Statistics; s["invalid_keys"] != 1 || s["unknown_keys"] != 1 {
		t.Errorf("got %v", s)
	}
}
