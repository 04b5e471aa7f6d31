package promise

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
)

// told is the ladder as a line: name, letter, name, letter, ….
func told(rungs []Promise) string {
	var words []string
	for i, r := range rungs {
		words = append(words, r.Name+" "+standings(rungs[i:], 1))
	}
	return strings.Join(words, ", ")
}

func TestLadderOfQueuesAndLocks(t *testing.T) {
	queue := []string{"linearizable(fifo-queue)", "delivery", "stats"}
	lock := []string{"linearizable(mutex)", "linearizable(lease(30ns))", "exclusion"}
	for _, test := range []struct {
		name   string
		checks []string
		want   string
		drawn  string
	}{
		{"all of them", queue, "linearizable H, exactly-once H, at-most-once H, at-least-once H, fifo H, no-loss H, bounded-loss H", `
0  |-enqueue 1-|
0                |-enqueue 2-|
1                              |-dequeue → 1-|
1                                              |-dequeue → 2-|
1                                                              |-dequeue → null-|`},
		{"out of order", queue, "linearizable V, exactly-once H, at-most-once H, at-least-once H, fifo V, no-loss H, bounded-loss H", `
0  |-enqueue 1-|
0                |-enqueue 2-|
1                              |-dequeue → 2-|
1                                              |-dequeue → 1-|
1                                                              |-dequeue → null-|`},
		{"twice, in order", queue, "linearizable V, exactly-once V, at-most-once V, at-least-once H, fifo H, no-loss H, bounded-loss H", `
0  |-enqueue 1-|
0                |-enqueue 2-|
0                              |-enqueue 3-|
1                                            |-dequeue → 1-|
1                                                            |-dequeue → 2-|
1                                                                            |-dequeue → 3-|
1                                                                                            |-dequeue → 3-|
1                                                                                                            |-dequeue → null-|`},
		{"lost, in order", queue, "linearizable V, exactly-once V, at-most-once H, at-least-once V, fifo H, no-loss V, bounded-loss V", `
0  |-enqueue 1-|
0                |-enqueue 2-|
0                              |-enqueue 3-|
1                                            |-dequeue → 2-|
1                                                            |-dequeue → 3-|
1                                                                            |-dequeue → null-|`},
		{"not drained", queue, "linearizable H, exactly-once -, at-most-once -, at-least-once -, fifo -, no-loss -, bounded-loss -", `
0  |-enqueue 1-|
0                |-enqueue 2-|
1                              |-dequeue → 1-|`},
		{"work that nobody finished", []string{"at-least-once"}, "exactly-once V, at-most-once H, at-least-once V, fifo -, no-loss V, bounded-loss V", `
0  |-enqueue 1-|
0                |-enqueue 2-|
1                              |-dequeue-?
2                                          |-dequeue → 2-|
2                                                          |-dequeue → null-|`},
		{"a lock", lock, "linearizable H, mutual-exclusion H, lease H, fencing -", `
0  |-acquire "a" → "a"-|
0                        |-release "a" → "a"-|
1                                              |-acquire "b" → "b"-|
1                                                                    |-release "b" → "b"-|`},
		{"two holders after the lease is over", lock, "linearizable V, mutual-exclusion V, lease H, fencing -", `
0  |-acquire "a" → "a"-|
1                                                                                      |-acquire "b" → "b"-|
0                                                                                                              |-release "a" → false-|
1                                                                                                                                         |-release "b" → "b"-|`},
		{"granted before the lease was over", []string{"linearizable(lease(1h))", "exclusion"}, "mutual-exclusion V, lease V, fencing -", `
0  |-acquire "a" → "a"-|
1                          |-acquire "b" → "b"-|
0                                                |-release "a" → false-|
1                                                                          |-release "b" → "b"-|`},
		{"one grant", []string{"exclusion"}, "mutual-exclusion -, lease -, fencing -", `
0  |-acquire "a" → "a"-|`},
		{"exclusion without growing numbers", []string{"exclusion", "fencing"}, "mutual-exclusion H, lease -, fencing V", `
0  |-acquire → 7-|
0                  |-release-|
1                              |-acquire → 6-|
1                                              |-release-|`},
		{"numbers that grow without exclusion", []string{"exclusion", "fencing"}, "mutual-exclusion V, lease -, fencing H", `
0  |-acquire → 6-|
1                  |-acquire → 7-|
0                                  |-release-|
1                                              |-release-|`},
		{"a counter", []string{"linearizable(counter)"}, "linearizable H", `
0  |-add-and-get 1 → 1-|`},
		{"what has no rung stands by its own name", []string{"unique-ids"}, "unique-ids V", `
0  |-generate → 1-|
0                   |-generate → 1-|`},
		{"checks that nobody named", nil, "linearizable H, exactly-once H, at-most-once H, at-least-once H, fifo -, no-loss H, bounded-loss H", `
0  |-enqueue 1-|
1                |-dequeue → 1-|
1                                |-dequeue → null-|`},
	} {
		t.Run(test.name, func(t *testing.T) {
			rungs := climbed(t, &history.History{Ops: sketch.MustParse(test.drawn)}, test.checks...)
			if got := told(rungs); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
				for _, r := range rungs {
					t.Logf("%s: %s %s %+v", r.Name, r.Standing, r.Reason, r.Witness)
				}
			}
		})
	}
}

// kill is a fault that took effect, over at that time and begun so long before.
func kill(at, took int64) history.Event {
	v, err := history.ParseValue(fmt.Appendf(nil, `{"node":"n1","effect":true,"took_ns":%d}`, took))
	if err != nil {
		panic(err)
	}
	return history.Event{Time: at, Process: history.Nemesis, Type: history.Info, F: "kill", Value: v}
}

// What was lost is measured to the fault that comes next.
func TestLossIsMeasuredBeforeFaults(t *testing.T) {
	const ms = int64(time.Millisecond)
	write := func(f string, index int, at int64) history.Op {
		v := history.Int(int64(index))
		return history.Op{Key: "x", F: f, Input: v, Output: v, Call: at - 1, Return: at, Outcome: history.OK, Invoked: index, Completed: index + 1}
	}
	read := func(saw history.Value, index int, at int64) history.Op {
		return history.Op{Process: 1, Key: "x", F: "read", Output: saw, Call: at, Return: at + 1, Outcome: history.OK, Invoked: index, Completed: index + 1}
	}
	one := history.List(history.Int(0))
	for _, test := range []struct {
		name   string
		checks string
		saw    history.Value
		faults []history.Event
		// want are the letters of no-loss and bounded-loss, lost how many, before how
		// long before the fault at which time.
		want         string
		lost         int64
		before, time int64
	}{
		{"a set that lost two", "durability", one, []history.Event{kill(100*ms, 10*ms)}, "VH", 2, 70 * ms, 100 * ms},
		{"before several faults", "durability", one, []history.Event{kill(15*ms, ms), kill(35*ms, ms), kill(100*ms, ms)}, "VH", 2, 59 * ms, 100 * ms},
		{"with no fault after", "durability", one, []history.Event{kill(15*ms, ms)}, "V-", 2, 0, 0},
		{"without any fault", "durability", one, nil, "VV", 2, 0, 0},
		{"nothing", "durability", history.List(history.Int(0), history.Int(2), history.Int(4)), nil, "HH", 0, 0, 0},
		{"a register that went back", "linearizable(register)", history.Int(0), []history.Event{kill(100*ms, 10*ms)}, "VH", 2, 70 * ms, 100 * ms},
		{"all of a register", "linearizable(register)", history.NullValue, []history.Event{kill(100*ms, 10*ms)}, "V-", 3, 80 * ms, 100 * ms},
		{"all of a register, each time", "linearizable(register)", history.NullValue, []history.Event{kill(30*ms, ms), kill(100*ms, ms)}, "VV", 3, 59 * ms, 100 * ms},
		{"all of a set", "durability", history.List(), []history.Event{kill(100*ms, ms)}, "V-", 3, 89 * ms, 100 * ms},
		{"nothing of a register", "linearizable(register)", history.Int(4), nil, "HH", 0, 0, 0},
		{"a register read by who may be late", "late", history.NullValue, nil, "--", 0, 0, 0},
		{"a set read by who may be late", "late set", one, nil, "--", 0, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, check, final := "write", test.checks, true
			if late, isLate := map[string]string{"late": "linearizable(register)", "late set": "linearizable(set)"}[check]; isLate {
				check, final = late, false
			}
			if check == "durability" || check == "linearizable(set)" {
				f = "add"
			}
			h := &history.History{Nemesis: test.faults, Ops: []history.Op{write(f, 0, 10*ms), write(f, 2, 20*ms), write(f, 4, 40*ms), read(test.saw, 6, 200*ms)}}
			h.Ops[3].Final = final
			rungs := climbed(t, h, check)
			rungs = rungs[len(rungs)-2:]
			none, bounded := rungs[0], rungs[1]
			if got := standings(rungs, 2); got != test.want || none.Figures[0].Value != test.lost || final && none.Figures[1].Value != 3 {
				t.Fatalf("got %s, %+v; want %s", got, rungs, test.want)
			}
			if test.time == 0 {
				if bounded.Fault != nil {
					t.Errorf("got the fault %+v", bounded.Fault)
				}
				return
			}
			if bounded.Fault.TimeNS != test.time || bounded.Figures[0] != (Figure{"acknowledged at most", test.before, "ns"}) {
				t.Errorf("got %+v %+v", bounded.Fault, bounded.Figures)
			}
		})
	}
}

// A result that is known is taken as it is.
func TestNothingIsJudgedTwice(t *testing.T) {
	h := &history.History{Ops: sketch.MustParse(`
0  |-write 1-|
1              |-read → null-|`)}
	known := checker.Result{Name: "linearizable(register)", Verdict: checker.Unknown, Reason: "it was interrupted"}
	rungs, err := Ladder(t.Context(), h, Given{Checks: []string{known.Name}, Known: []checker.Result{known}})
	if err != nil {
		t.Fatal(err)
	}
	if got := rungs[0]; got.Standing != NotDecided || got.Reason != known.Reason || !got.Asked {
		t.Errorf("got %+v", got)
	}
	// What is not even sequential is not linearizable, whatever was left open.
	h.Ops = sketch.MustParse(`
0  |-write 1-|
0              |-read → null-|`)
	if rungs, err = Ladder(t.Context(), h, Given{Checks: []string{known.Name}, Known: []checker.Result{known}}); err != nil || rungs[0].Standing != Violated {
		t.Errorf("got %+v, %v", rungs[0], err)
	}
}

// Results that were stored as JSON say the same as those just made.
func TestStoredResultsSayTheSame(t *testing.T) {
	h := &history.History{Ops: sketch.MustParse(`
0  |-enqueue 1-|
0                |-enqueue 2-|
1                              |-dequeue → 1-|
1                                              |-dequeue → 1-|
1                                                              |-dequeue → null-|`)}
	checks := []string{"linearizable(fifo-queue)", "delivery"}
	var parsed []checker.Check
	for _, name := range checks {
		c, err := checker.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, c)
	}
	_, results, err := checker.Judge(t.Context(), h, parsed, checker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(results)
	if err != nil {
		t.Fatal(err)
	}
	var stored []checker.Result
	if err := json.Unmarshal(text, &stored); err != nil {
		t.Fatal(err)
	}
	fresh, err := Ladder(t.Context(), h, Given{Checks: checks})
	if err != nil {
		t.Fatal(err)
	}
	again, err := Ladder(t.Context(), h, Given{Checks: checks, Known: stored})
	if err != nil || !reflect.DeepEqual(fresh, again) {
		t.Errorf("got  %+v, %v\nwant %+v", again, err, fresh)
	}
}

func TestTooLittleIsNotHeld(t *testing.T) {
	ops := sketch.MustParse(`
0  |-write 1-|
0              |-read → 1-|
0                           |-read → 1-|`)
	for _, test := range []struct {
		name   string
		h      *history.History
		checks []string
	}{
		{"nothing at all", &history.History{}, []string{"linearizable(register)"}},
		{"nothing, of a lock", &history.History{}, []string{"exclusion"}},
		{"nothing, of a queue", &history.History{}, []string{"delivery"}},
		{"nothing, of a set", &history.History{}, []string{"durability"}},
		{"a run without evidence", &history.History{Ops: ops}, []string{"linearizable(register)", "evidence(kill)"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			rungs := climbed(t, test.h, test.checks...)
			for _, r := range rungs {
				if r.Standing != NotDecided {
					t.Errorf("%s: %s", r.Name, r.Standing)
				}
			}
			if len(rungs) < 3 {
				t.Errorf("only %d promises", len(rungs))
			}
		})
	}
}

// An operation called when the one before it returned is concurrent with it to
// linearizability, and comes after it in its session.
func TestIntervalsThatTouchAreNotHeldAgainstAnybody(t *testing.T) {
	ops := sketch.MustParse(`
0  |-read → 1-|
0               |-write 1-|`)
	ops[1].Call = ops[0].Return
	rungs := climbed(t, &history.History{Ops: ops}, "linearizable(register)")
	if got := standings(rungs, 6); rungs[0].Standing != Held || strings.Contains(got, "V") {
		t.Errorf("got %s", got)
	}
}

func TestUnknownChecksAreRefused(t *testing.T) {
	if _, err := Ladder(t.Context(), &history.History{}, Given{Checks: []string{"telepathy"}}); err == nil {
		t.Error("no error")
	}
}
