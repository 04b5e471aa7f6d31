package workloads

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// answer is how a server might end an operation: a function of the operation,
// so that two generators can be told the same.
func answer(op Op, i int) (history.Type, history.Value) {
	switch {
	case i%7 == 3:
		return history.Info, history.Value{}
	case i%5 == 2 && op.F == "cas":
		return history.Fail, history.Object("saw", history.Int(int64(i)))
	case i%5 == 2:
		return history.Fail, history.Value{}
	case i%4 == 1 && op.F == "acquire":
		return history.OK, history.Object("held_by", history.Str("another"))
	case op.Value.IsNull():
		return history.OK, history.Int(int64(i))
	}
	return history.OK, op.Value
}

// generate returns the operations of a run's lanes, one of each in turn.
func generate(w Workload, seed uint64, lanes, each int) []Op {
	instance := w.New(Options{TTL: time.Minute, Hold: 10 * time.Millisecond})
	keys := NewKeys(3, 20)
	var generators []Generator
	for i := range lanes {
		generators = append(generators, instance.Generator(Lane{Number: i, Of: lanes, Keys: keys, Rand: newRand(seed + uint64(i))}))
	}
	var ops []Op
	for range each {
		for _, g := range generators {
			op := g.Next()
			outcome, result := answer(op, len(ops))
			g.Done(op, outcome, result)
			keys.Used(op.Key)
			ops = append(ops, op)
		}
	}
	return ops
}

func TestGeneratorsAreDeterministic(t *testing.T) {
	for _, w := range All() {
		first, second := generate(w, 1, 3, 200), generate(w, 1, 3, 200)
		if !slices.Equal(first, second) {
			t.Errorf("%s: the same seed gave other operations", w.Name)
		}
		if slices.Equal(first, generate(w, 2, 3, 200)) {
			t.Errorf("%s: another seed gave the same operations", w.Name)
		}
	}
}

// How often each operation comes, of a hundred, where the generator decides.
func TestOperationMix(t *testing.T) {
	tests := []struct {
		workload string
		want     map[string]float64
	}{
		{"register", map[string]float64{"write": 30, "cas": 30, "read": 40}},
		{"counter", map[string]float64{"add-and-get": 70, "read": 30}},
		{"inventory", map[string]float64{"take": 70, "read": 30}},
		{"queue", map[string]float64{"enqueue": 50, "dequeue": 50}},
		{"set", map[string]float64{"add": 90, "read": 10}},
	}
	for _, test := range tests {
		t.Run(test.workload, func(t *testing.T) {
			w, err := Find(test.workload)
			if err != nil {
				t.Fatal(err)
			}
			instance := w.New(Options{})
			g := instance.Generator(Lane{Of: 1, Keys: NewKeys(1, 0), Rand: newRand(1)})
			got := map[string]float64{}
			const operations = 5000
			for range operations {
				op := g.Next()
				got[op.F] += 100.0 / operations
				g.Done(op, history.OK, history.Int(1)) // something to compare with
			}
			for f, want := range test.want {
				if math.Abs(got[f]-want) > 3 {
					t.Errorf("%s: got %.1f %%, want %.0f %%", f, got[f], want)
				}
			}
			if len(got) != len(test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// No two lanes, and no two operations of one, ever write the same value.
func TestValuesAreUnique(t *testing.T) {
	for _, w := range All() {
		written := map[string]bool{}
		for _, op := range generate(w, 1, 3, 300) {
			value := op.Value
			switch op.F {
			case "cas":
				pair, _ := op.Value.Elements()
				value = pair[1]
			case "write", "add", "enqueue", "acquire":
			default:
				continue
			}
			if value.IsNull() || w.Name == "lock-fenced" {
				continue // the server numbers these
			}
			if written[value.String()] {
				t.Fatalf("%s: %s writes %s again", w.Name, op.F, value)
			}
			written[value.String()] = true
		}
		if len(written) == 0 && !slices.Contains([]string{"counter", "inventory", "lock-fenced"}, w.Name) {
			t.Errorf("%s: nothing was written", w.Name)
		}
	}
}

// What the lanes write does not depend on one another: value n of lane i of m.
func TestValuesOfALane(t *testing.T) {
	for _, test := range []struct {
		number, of int
		want       string
	}{{0, 1, "[1 2 3]"}, {0, 3, "[1 4 7]"}, {2, 3, "[3 6 9]"}} {
		v := values{lane: Lane{Number: test.number, Of: test.of}}
		var got []history.Value
		for range 3 {
			got = append(got, v.fresh())
		}
		if fmt.Sprint(got) != test.want {
			t.Errorf("lane %d of %d: got %v, want %s", test.number, test.of, got, test.want)
		}
	}
}

// A compare-and-set compares with what the lane saw last of that key, by
// whatever operation it saw it.
func TestRegisterGeneratorCompares(t *testing.T) {
	read, write := Op{F: "read", Key: "k1"}, Op{F: "write", Key: "k1", Value: history.Int(2)}
	cas := Op{F: "cas", Key: "k1", Value: history.List(history.Int(1), history.Int(3))}
	tests := []struct {
		name    string
		op      Op
		outcome history.Type
		result  history.Value
		want    string // "": nothing known
	}{
		{"read", read, history.OK, history.Int(5), "5"},
		{"read nothing", read, history.OK, history.NullValue, ""},
		{"read text", read, history.OK, history.Str("5"), ""},
		{"read refused", read, history.Fail, history.Value{}, ""},
		{"read unknown", read, history.Info, history.Value{}, ""},
		{"write", write, history.OK, history.Int(2), "2"},
		{"write unknown", write, history.Info, history.Value{}, ""},
		{"cas", cas, history.OK, cas.Value, "3"},
		{"cas mismatch", cas, history.Fail, history.Object("saw", history.Int(7)), "7"},
		{"cas mismatch, nothing there", cas, history.Fail, history.Object("saw", history.NullValue), ""},
		{"cas refused", cas, history.Fail, history.Value{}, ""},
		{"cas unknown", cas, history.Info, history.Value{}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := register().New(Options{}).Generator(Lane{Of: 1, Keys: NewKeys(1, 0), Rand: newRand(1)})
			g.Done(test.op, test.outcome, test.result)
			compared := ""
			for range 100 {
				if op := g.Next(); op.F == "cas" {
					pair, _ := op.Value.Elements()
					compared = pair[0].String()
				}
			}
			if compared != test.want {
				t.Errorf("compares with %q, want %q", compared, test.want)
			}
		})
	}
}

// Keys rotate without end; what a generator remembers does not grow with them.
func TestRegisterGeneratorForgets(t *testing.T) {
	g := register().New(Options{}).Generator(Lane{Of: 1, Keys: NewKeys(1, 0), Rand: newRand(1)})
	for i := range 5000 {
		g.Done(Op{F: "read", Key: fmt.Sprint(i)}, history.OK, history.Int(1))
	}
	if got := len(g.(*registerGenerator).known); got > 1001 {
		t.Errorf("it knows %d keys", got)
	}
}
