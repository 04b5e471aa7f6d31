package checker

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// More operations than porcupine is asked for are judged by a monitor, if they are
// judged from the model's own first state, else by the search.
func TestManyOperationsAreJudgedByWhoCan(t *testing.T) {
	once := func(i int) int64 { return int64(i + 1) }
	twice := func(i int) int64 { return int64(i/2 + 1) }
	for _, test := range []struct {
		name    string
		put     func(i int) int64
		from    start
		reads   []int64
		illegal bool
	}{
		{"values put once, legal", once, fromOwn, []int64{50}, false},
		{"values put once, stale", once, fromOwn, []int64{49}, true},
		{"values put once, from any state", once, fromAny, []int64{50}, false},
		{"values put once, stale from any state", once, fromAny, []int64{49}, true},
		{"values put twice, legal", twice, fromOwn, []int64{25}, false},
		{"values put twice, stale", twice, fromOwn, []int64{24}, true},
		{"values put twice, stale from any state", twice, fromAny, []int64{24}, true},
		{"nothing put", nil, fromOwn, slices.Repeat([]int64{7}, 50), true},
		{"nothing put, from any state", nil, fromAny, slices.Repeat([]int64{7}, 50), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var ops []history.Op
			add := func(f string, v int64) {
				at := int64(len(ops))
				ops = append(ops, history.Op{F: f, Input: history.Int(v), Output: history.Int(v), Call: 2 * at, Return: 2*at + 1, Outcome: history.OK})
			}
			for i := 0; test.put != nil && i < 50; i++ {
				add("write", test.put(i))
			}
			for _, v := range test.reads {
				add("read", v)
			}
			m, prepared := preparedFor(t, "register", indexed(ops))
			if len(prepared) <= smallOps {
				t.Fatal("too few to be many")
			}
			if got := newMinimizer(t.Context(), m, 1<<30).illegal(test.from, prepared); got != test.illegal {
				t.Errorf("got %v, want %v", got, test.illegal)
			}
		})
	}
}

// What is illegal from any state is the witness only if it is the smaller one, and
// nothing that was left aside excuses it.
func TestAWitnessFromAnyState(t *testing.T) {
	for _, test := range []struct {
		name, model, ops, aside, want string
	}{
		{"smaller", "register", `
0  |-write 1-|
1               |-write 2-|
2                            |-read → 1-|`, "", "1 2 from any state"},
		{"as large", "counter", `
0  |-add-and-get 1 → 1-|
1                         |-add-and-get 1 → 1-|`, "", "0 1"},
		{"excused by what was left aside", "counter", `
0  |-add-and-get 2 → 2-|
1                         |-add-and-get 3 → 5-|
2                                                |-read → 3-|
3                                                               |-read → 1-|`, `
9                                                |-add -2-?`, "0 1 3"},
		{"not excused", "counter", `
0  |-add-and-get 2 → 2-|
1                         |-add-and-get 3 → 5-|
2                                                |-read → 3-|
3                                                               |-read → 1-|`, `
9                                                |-add -1-?`, "1 2 from any state"},
		{"without unknown outcomes that excuse nothing", "counter", `
0  |-add-and-get 5 → 5-|
1                         |-add-and-get 2 → 7-|
2                         |-add -1-?
3                         |-add -1-?
4                                                |-read → 4-|`, "", "1 4 from any state"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, ops := preparedFor(t, test.model, sketch.MustParse(test.ops))
			_, aside := preparedFor(t, test.model, sketch.MustParse(test.aside))
			w := newMinimizer(t.Context(), m, 1<<30).minimize(grounds{ops: ops, aside: aside, last: -1})
			if got := describe(w); got != test.want {
				t.Errorf("got the processes %s, want %s", got, test.want)
			}
		})
	}
}

// Few operations can be too many for porcupine: then the others are asked.
func TestFewOperationsThatPorcupineCannotJudge(t *testing.T) {
	var ops []history.Op
	for i := range smallOps - 1 {
		v := history.Int(int64(i))
		ops = append(ops, history.Op{F: "write", Input: v, Output: v, Call: 0, Return: 9, Outcome: history.OK, Process: history.Process(i)})
	}
	ops = append(ops, history.Op{F: "read", Input: history.NullValue, Output: history.Int(-1), Call: 10, Return: 11, Outcome: history.OK, Process: 99})
	m, prepared := preparedFor(t, "register", indexed(ops))
	z := newMinimizer(t.Context(), m, 1<<30)
	if a := z.porcupine(fromOwn, prepared, smallSteps); a != undecided {
		t.Fatalf("porcupine says %v: these are too easy", a)
	}
	if !z.illegal(fromOwn, prepared) {
		t.Error("a value that nobody wrote was not found illegal")
	}
}

// Of two violations the latest is looked at, and no earlier operation.
func TestTheShortestSuffix(t *testing.T) {
	var ops []history.Op
	for i, total := range []int64{1, 2, 3, 3, 3, 3} {
		at := int64(10 * i)
		ops = append(ops, history.Op{F: "read", Input: history.NullValue, Output: history.Int(total), Call: at, Return: at + 5, Outcome: history.OK})
	}
	m, prepared := preparedFor(t, "counter", indexed(ops))
	got, ok := newMinimizer(t.Context(), m, 1<<30).shortestSuffix(prepared)
	if !ok || len(got) != 5 || got[0].ID != 1 {
		t.Errorf("got %v %+v, want the operations from 1 on", ok, got)
	}
}

// describe lists the processes of a witness whose processes do one thing each.
func describe(w witness) (text string) {
	for i, op := range w.ops {
		if i > 0 {
			text += " "
		}
		text += fmt.Sprint(op.Process)
	}
	if w.anyState {
		text += " from any state"
	}
	return text
}

// Both ends of a window are in it: what returned at its start may have taken effect
// then, and so may what is called at its end. Of what reaches beyond it nobody
// knows whether it did.
func TestAWindowHasBothEnds(t *testing.T) {
	const certain, unknown = "certain", "unknown"
	m, ops := preparedFor(t, "register", []history.Op{
		{F: "write", Input: history.Int(1), Call: 0, Return: 9, Outcome: history.OK, Process: 1},
		{F: "write", Input: history.Int(2), Call: 0, Return: 10, Outcome: history.OK, Process: 2, Invoked: 1},
		{F: "write", Input: history.Int(3), Call: 10, Return: 20, Outcome: history.OK, Process: 3, Invoked: 2},
		{F: "write", Input: history.Int(4), Call: 20, Return: 30, Outcome: history.OK, Process: 4, Invoked: 3},
		{F: "write", Input: history.Int(5), Call: 21, Return: 30, Outcome: history.OK, Process: 5, Invoked: 4},
	})
	got := map[history.Process]string{}
	for _, op := range newMinimizer(t.Context(), m, 1<<30).window(ops, 10, 20) {
		got[op.Process] = unknown
		if op.Certain {
			got[op.Process] = certain
		}
	}
	want := map[history.Process]string{2: unknown, 3: certain, 4: unknown}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func preparedFor(t *testing.T, name string, ops []history.Op) (model.Model, []model.Op) {
	t.Helper()
	m, err := model.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	prepared, err := m.Prepare(ops)
	if err != nil {
		t.Fatal(err)
	}
	return m, prepared
}
