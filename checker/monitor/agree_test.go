package monitor

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/anishathalye/porcupine"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// rounds returns how many histories of a kind the agreement tests try:
// JEPSEN_LITE_AGREE, or enough to catch a mistake in a moment.
func rounds(t *testing.T) int {
	text := os.Getenv("JEPSEN_LITE_AGREE")
	if text == "" {
		return 10_000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("JEPSEN_LITE_AGREE is %q: expected a number of histories", text)
	}
	return n
}

// Each monitor and porcupine agree, and what a monitor calls the core of a
// violation is illegal by itself.
func TestMonitorsAgreeWithPorcupine(t *testing.T) {
	for _, name := range modeltest.Names() {
		m, err := model.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := New(m, 0); !ok {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := agreement{model: m, seed: rand.Uint64()}
			for i := range uint64(rounds(t)) {
				a.try(t, i)
			}
			a.report(t)
		})
	}
}

// agreement counts what two checkers said of the same histories.
type agreement struct {
	model                          model.Model
	seed                           uint64
	tried, unfit, illegal, guessed int // guessed: illegal, and with unknown outcomes
}

func (a *agreement) try(t *testing.T, i uint64) {
	r := rand.New(rand.NewPCG(a.seed, i))
	history := modeltest.Wild(r, a.model.Kind().Name, 4+r.IntN(7))
	ops, err := a.model.Prepare(history)
	if err != nil {
		t.Fatal(err)
	}
	mon, _ := New(a.model, len(ops))
	if reg, ok := mon.(*register); ok && i%2 == 0 {
		reg.short = 0 // blocks are short here, cores should not always begin with them
	}
	o := judge(mon, ops)
	a.tried++
	if o.Answer == Unfit {
		a.unfit++
		return
	}
	legal := explainable(a.model.Porcupine(), ops)
	if legal != (o.Answer == Legal) {
		t.Fatalf("seed %d, history %d: porcupine says legal=%v, the monitor %+v of\n%s", a.seed, i, legal, o, drawing(ops))
	}
	if legal {
		return
	}
	a.illegal++
	if len(ops) > certain(ops) {
		a.guessed++
	}
	a.tryCore(t, i, ops, o)
}

func (a *agreement) tryCore(t *testing.T, i uint64, ops []model.Op, o Outcome) {
	pm := a.model.Porcupine()
	if o.AnyState {
		pm, _ = a.model.PorcupineFromAnyState()
	}
	if core := a.model.Among(only(ops, o.Core), o.Elements); len(core) != len(o.Core) || explainable(pm, core) {
		t.Fatalf("seed %d, history %d: the core %v is not illegal by itself:\n%s", a.seed, i, o.Core, drawing(ops))
	}
}

// report fails where the histories were too tame to show anything. A fifth should
// be illegal, and half of these with unknown outcomes, give or take what chance
// does to few.
func (a *agreement) report(t *testing.T) {
	t.Logf("%d histories: %d judged, %d illegal, %d of these with unknown outcomes",
		a.tried, a.tried-a.unfit, a.illegal, a.guessed)
	if judged := a.tried - a.unfit; 21*a.illegal < 4*judged || 5*a.illegal > 4*judged || 20*a.guessed < 9*a.illegal || 2*judged < a.tried {
		t.Errorf("too few of %d histories were judged (%d), illegal (%d), or illegal with unknown outcomes (%d)",
			a.tried, judged, a.illegal, a.guessed)
	}
}

func judge(mon Monitor, ops []model.Op) Outcome {
	for i := range ops {
		op := ops[i]
		mon.Add(&op)
	}
	return mon.Judge()
}

// explainable asks porcupine, of the operations as they are.
func explainable(pm porcupine.Model, ops []model.Op) bool {
	pm.Partition = nil
	in := make([]porcupine.Operation, len(ops))
	for i := range ops {
		in[i] = porcupine.Operation{ClientId: i, Input: &ops[i], Call: ops[i].Call, Return: ops[i].Return}
	}
	return porcupine.CheckOperations(pm, in)
}

func only(ops []model.Op, ids []int) []model.Op {
	want := map[int]bool{}
	for _, id := range ids {
		want[id] = true
	}
	var kept []model.Op
	for i := range ops {
		if want[ops[i].ID] {
			kept = append(kept, ops[i])
		}
	}
	return kept
}

func certain(ops []model.Op) int {
	n := 0
	for i := range ops {
		if ops[i].Certain {
			n++
		}
	}
	return n
}

// drawing lists operations with their intervals.
func drawing(ops []model.Op) string {
	text := ""
	for i := range ops {
		op := &ops[i]
		end := "?"
		if op.Return != history.Never {
			end = strconv.FormatInt(op.Return, 10)
		}
		text += strconv.Itoa(op.ID) + ": [" + strconv.FormatInt(op.Call, 10) + " " + end + "] " + op.String() + "\n"
	}
	return text
}
