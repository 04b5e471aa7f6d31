package monitor

import (
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// Core lists the processes whose operations are the core; none: the history is
// legal.
func TestDrawnCounters(t *testing.T) {
	for _, test := range []struct {
		name, model string
		core        []int
		anyState    bool
		drawing     string
	}{
		{"one after the other", "counter", nil, false, `
0  |-add-and-get 2 → 2-|
1                        |-read → 2-|
2                            |-add-and-get 1 → 3-|
3                            |-read → 3---------------|
4                                                         |-read → 3-|`},
		{"two additions, one total", "counter", []int{1, 3}, true, `
0  |-add-and-get 1 → 1-|
1  |-add-and-get 1 → 2-----------|
2                          |-read → 1-|
3     |-add-and-get 1 → 2-------------------|
4                                               |-read → 2-|`},
		{"a total that went back", "counter", []int{1, 4}, true, `
0  |-add-and-get 1 → 1-|
1                          |-add-and-get 1 → 2-|
2                          |-read → 2-|
3                                                 |-add-and-get 1 → 3-|
4                                                   |-read → 1-|`},
		{"what is missing was added by one of unknown outcome", "counter", nil, false, `
0  |-add-and-get 1 → 1-|
1    |-add-and-get 2--?
2                          |-read → 1-|
3                                        |-add-and-get 1 → 4-|
4                                                               |-read → 4-|`},
		{"it was called too late", "counter", []int{0, 1}, true, `
0  |-add-and-get 1 → 1-|
1                         |-add-and-get 1 → 3-|
2                                                |-add-and-get 1--?
3                                                |-read → 3-|
4                                                               |-read → 4-|`},
		{"it can be used once", "counter", []int{0, 1, 2, 3, 4}, true, `
0  |-read → 0-|
1     |-add-and-get 1--?
2               |-add-and-get 1 → 2-|
3                                      |-read → 2-|
4                                                    |-add-and-get 1 → 4-|`},
		{"one of two and two of one", "counter", nil, false, `
0  |-add-and-get 2--?
1  |-add-and-get 1--?
2  |-add-and-get 1--?
3     |-add-and-get 4 → 6-|
4                            |-add-and-get 1 → 9-|`},
		{"no two of them make three", "counter", []int{0, 3, 4}, true, `
0  |-add-and-get 2--?
1  |-add-and-get 4--?
2                                    |-add-and-get 1--?
3     |-add-and-get 1 → 1-|
4            |-add-and-get 1 → 5-|`},
		{"additions without totals, in between", "counter", nil, false, `
0  |-read → 0-|
1  |-add 1----------------|
2  |-add 1----------------------|
3                 |-read → 1-|
4                                |-read → 2-|`},
		{"an addition without a total was lost", "counter", []int{0, 2, 4}, true, `
0  |-read → 0-|
1  |-add 1----------------|
2                 |-add 1----|
3                 |-read → 0-|
4                                |-read → 0-|`},
		{"up and down again", "counter", nil, false, `
0  |-add 1---------------------------|
1  |-add -1--------------------------|
2  |-read → -1-|
3                |-read → 0----|
4                                      |-read → 0-|`},
		{"once up, and twice seen there", "counter", []int{0, 1, 2, 3, 4}, false, `
0  |-add 1---------------------------|
1      |-add -1--?
2  |-read → 1-|
3               |-read → 0----|
4                                |-read → 1-|`},
		{"too far down", "counter", []int{0, 1, 4}, true, `
0  |-read → 0-|
1     |-add -1--------|
2  |-add 1--?
3                  |-add 1--?
4                        |-read → -2-|`},

		{"refused, for what was taken by one of unknown outcome", "bounded-counter(3)", nil, false, `
0  |-take 2 → 1-|
1  |-take 1--?
2                 |-take 1 → null-|
3                                    |-read → 0-|
4                                                   |-take 2 → null-|`},
		{"refused although there was enough", "bounded-counter(3)", []int{1, 2}, false, `
0  |-take 1 → 2-|
1                 |-take 2 → null-|
2                                    |-take 1 → 1-|
3                                                     |-take 2 → null-|
4                                                     |-read → 1-|`},
		{"sold twice", "bounded-counter(3)", []int{1, 2}, true, `
0  |-take 1 → 2-|
1                 |-take 1 → 1-|
2                 |-take 1 → 1-|
3                                 |-read → 1-|
4                                 |-take 1--?`},
		{"less than none", "bounded-counter(1)", []int{1}, true, `
0  |-take 1 → 0-|
1                 |-take 1 → -1-|
2                 |-take 1 → null-|
3                                 |-read → 0-|
4                                 |-put 1--?`},
		{"refused, and put back later", "bounded-counter(1)", nil, false, `
0  |-take 1 → 0-|
1                 |-take 1 → null-|
2                    |-put 1 → 1-------|
3                                         |-take 1 → 0-|
4                                         |-read → 1-|`},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := model.Parse(test.model)
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
			if o.Answer == Unfit || !slices.Equal(core, test.core) || o.AnyState != test.anyState {
				t.Errorf("got %+v, of processes %v; expected %v, any state %v", o, core, test.core, test.anyState)
			}
			if legal := explainable(m.Porcupine(), ops); legal != (test.core == nil) {
				t.Errorf("the drawing is wrong: porcupine says legal=%v", legal)
			}
		})
	}
}
