package paper

import (
	"testing"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

func TestBeforeNamesTheLastFaultThatWasOver(t *testing.T) {
	h := &history.History{Ops: []history.Op{{Invoked: 0, Call: 1_000_000}, {Invoked: 4, Call: 9_000_000}}}
	faults := []series.Fault{{Name: "kill", Where: "n1", To: 2_000_000}, {Name: "pause", Where: "n2", To: 5_000_000}, {Name: "kill", Where: "n3", To: 9_500_000}}
	for _, c := range []struct {
		ops  []int
		want string
	}{
		{[]int{4}, "The last fault before, pause n2, was over 4.000 ms before the first call."},
		{[]int{0, 4}, ""},
		{nil, ""},
	} {
		if got := before(faults, checker.Anomaly{Ops: c.ops}, h); got != c.want {
			t.Errorf("%v: %q, want %q", c.ops, got, c.want)
		}
	}
}

// What is drawn of a run without a history is what its results tell.
func TestToldShowsTheWitness(t *testing.T) {
	p := told(checker.Result{Name: "exclusion"}, checker.Anomaly{Type: "two-holders", Key: "k", Witness: []checker.WitnessOp{
		{Index: 7, Process: 2, Operation: "acquire → ?", CallNS: 50}, {Index: 3, Process: 1, Operation: "acquire → 1", CallNS: 10, ReturnNS: 20},
	}})
	d := draw(p.Proof)
	if len(d.Bars) != 2 || d.Bars[0].Index != 3 || d.Bars[0].Open || !d.Bars[1].Open || d.Bars[1].CallNS != 40 {
		t.Errorf("got %+v", d.Bars)
	}
}
