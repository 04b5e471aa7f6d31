package monitor

import (
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// drawn is a history drawn by hand, one process a line, with what its monitor
// must say of it.
type drawn struct {
	name, model string
	want        verdict
	drawing     string
}

// verdict is what a monitor should find: the processes whose operations are illegal
// by themselves, and the elements that they are about, of a set or a log.
type verdict struct {
	processes []int // none: the history is legal
	elements  []history.Value
	anyState  bool
}

func legal() verdict { return verdict{} }

func guilty(processes ...int) verdict { return verdict{processes: processes} }

func (v verdict) about(elements ...int64) verdict {
	for _, e := range elements {
		v.elements = append(v.elements, history.Int(e))
	}
	return v
}

func (v verdict) fromAnyState() verdict {
	v.anyState = true
	return v
}

func judgeDrawn(t *testing.T, tests []drawn) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.model+"/"+test.name, test.check)
	}
}

// check holds the monitor to what is wanted, and the drawing to porcupine: it is
// legal or not, and so is the core.
func (test drawn) check(t *testing.T) {
	m := parse(t, test.model)
	ops := sketch.MustParse(test.drawing)
	prepared, err := m.Prepare(ops)
	if err != nil {
		t.Fatal(err)
	}
	isLegal := test.want.processes == nil
	if porcupineSays := explainable(m.Porcupine(), prepared); porcupineSays != isLegal {
		t.Errorf("the drawing is wrong: porcupine says legal=%v", porcupineSays)
	}
	o := each(t, m, ops)
	core := only(prepared, o.Core)
	var got []int
	for _, op := range core {
		got = append(got, int(op.Process))
	}
	slices.Sort(got)
	slices.SortFunc(o.Elements, history.Value.Compare)
	if o.Answer == Unfit || isLegal != (o.Answer == Legal) || len(o.Core) != len(core) || o.AnyState != test.want.anyState ||
		!slices.Equal(got, test.want.processes) || !slices.Equal(o.Elements, test.want.elements) {
		t.Fatalf("got %+v, of processes %v; want %+v of\n%s", o, got, test.want, drawing(prepared))
	}
	pm := m.Porcupine()
	if o.AnyState {
		pm, _ = m.PorcupineFromAnyState()
	}
	if !isLegal && explainable(pm, m.Among(core, o.Elements)) {
		t.Errorf("the core %v is not illegal by itself", got)
	}
}

func parse(t testing.TB, name string) model.Model {
	t.Helper()
	m, err := model.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// each judges a history given one operation at a time.
func each(t testing.TB, m model.Model, ops []history.Op) Outcome {
	t.Helper()
	mon, _ := New(m, len(ops))
	if err := m.Each(ops, places(ops), mon.Add); err != nil {
		t.Fatal(err)
	}
	return mon.Judge()
}
