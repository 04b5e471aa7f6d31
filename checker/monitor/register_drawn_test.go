package monitor

import (
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// Core lists the processes whose operations are the core; none: the history is
// legal. Random histories seldom have circles of values.
func TestDrawnRegisters(t *testing.T) {
	for _, test := range []struct {
		name    string
		core    []int
		drawing string
	}{
		{"a chain", nil, `
0  |-read → null-|
1  |-write 1--------|
2     |-cas [1,2] → [1,2]------|
3        |-cas [2,3] → [2,3]------|
4                                    |-read → 3-|`},
		{"a circle beside what is in order", []int{2, 3}, `
0  |-read → null-|
1                   |-write 1-|
2     |-cas [2,3] → [2,3]------|
3        |-cas [3,2] → [3,2]------|
4                                    |-read → 1-|`},
		{"a circle of one", []int{2}, `
0  |-read → null-|
1                   |-write 1-|
2     |-cas [2,2] → [2,2]------|
3                                |-read → 1-|
4                                              |-read → 1-|`},
		{"a circle of three, perhaps", []int{1, 2, 3, 4}, `
0  |-read → null-|
1     |-cas [2,3]--?
2     |-cas [3,4]--?
3     |-cas [4,2]--?
4                                |-read → 4-|`},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := model.Parse("cas-register")
			if err != nil {
				t.Fatal(err)
			}
			ops, err := m.Prepare(sketch.MustParse(test.drawing))
			if err != nil {
				t.Fatal(err)
			}
			mon, _ := New(m, len(ops))
			o := judge(mon, ops)
			var core []int
			for _, op := range only(ops, o.Core) {
				core = append(core, int(op.Process))
			}
			slices.Sort(core)
			if o.Answer == Unfit || !slices.Equal(core, test.core) {
				t.Errorf("got %+v, of processes %v; expected %v", o, core, test.core)
			}
			if legal := explainable(m.Porcupine(), ops); legal != (test.core == nil) {
				t.Errorf("the drawing is wrong: porcupine says legal=%v", legal)
			}
		})
	}
}
