package checker

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// uniqueQueues are short histories of a queue whose values are put in once, as a
// run makes them: some outcomes made unknown, some results exchanged.
func uniqueQueues() *rapid.Generator[[]history.Op] {
	return rapid.Custom(func(t *rapid.T) []history.Op {
		n := rapid.SampledFrom([]int{4, 5, 6, 7, 8}).Draw(t, "operations")
		ops := modeltest.Large(uint64(rapid.IntRange(0, 1<<20).Draw(t, "seed")), modeltest.Load{Model: "fifo-queue"}, n, 3)
		for i := range ops {
			// Coarser moments, three events each, make ties.
			if ops[i].Call /= 3000; ops[i].Outcome == history.OK {
				ops[i].Return /= 3000
			}
			if rapid.SampledFrom([]int{0, 1, 2, 3, 4, 5}).Draw(t, "unknown") == 5 {
				ops[i].Outcome, ops[i].Return, ops[i].Output = history.Info, history.Never, history.Value{}
			}
		}
		out := slices.DeleteFunc(intsUntil(n), func(i int) bool { return ops[i].F != "dequeue" || ops[i].Outcome != history.OK })
		if len(out) > 1 && rapid.Bool().Draw(t, "exchange") {
			a, b := rapid.SampledFrom(out).Draw(t, "one"), rapid.SampledFrom(out).Draw(t, "other")
			ops[a].Output, ops[b].Output = ops[b].Output, ops[a].Output
		}
		return ops
	})
}

func intsUntil(n int) (all []int) {
	for i := range n {
		all = append(all, i)
	}
	return all
}

// What the search for FIFO queues takes from unique values changes no verdict.
func TestQueuesOfUniqueValuesAgreeWithPlainOnes(t *testing.T) {
	for _, test := range []struct {
		model string
		step  sequential
	}{
		{"fifo-queue", lineStep}, {"unordered-queue", stepQueue},
	} {
		t.Run(test.model, func(t *testing.T) {
			agree(t, "linearizable("+test.model+")", uniqueQueues(), func(ops []history.Op) Verdict {
				always := func([]history.Value) bool { return true }
				switch {
				case !someOrder(ops, nil, test.step, always):
					return Invalid
				case !slices.ContainsFunc(ops, func(op history.Op) bool { return op.Outcome == history.OK }):
					return Unknown
				}
				return Valid
			})
		})
	}
}
