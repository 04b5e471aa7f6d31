package monitor

import (
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// Elements that were left inside can be needed twice to prove that a queue was
// not empty, before and after one more dequeue that may have taken them. They are
// part of the core once.
func TestCoreNamesEachOperationOnce(t *testing.T) {
	ops := sketch.MustParse(`
0  |-enqueue 1-|
1                |-dequeue → null-----------------------------------------------------|
2                  |-enqueue 2-|
3                      |-enqueue 3------------------------|
4                                    |-dequeue-?
5                                                            |-dequeue → 2-|`)
	for _, kind := range []string{"fifo-queue", "unordered-queue"} {
		m, err := model.Parse(kind)
		if err != nil {
			t.Fatal(err)
		}
		prepared, err := m.Prepare(ops)
		if err != nil {
			t.Fatal(err)
		}
		o := each(t, m, ops)
		unique := slices.Clone(o.Core)
		slices.Sort(unique)
		if unique = slices.Compact(unique); o.Answer != Illegal || len(unique) != len(o.Core) || explainable(m.Porcupine(), only(prepared, o.Core)) {
			t.Errorf("%s: got %+v of\n%s", kind, o, drawing(prepared))
		}
	}
}
