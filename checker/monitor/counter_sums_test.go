package monitor

import (
	"math/rand/v2"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// Where ways were left out, what cannot go on is not called illegal for that.
func TestSumsThatWereCutAreNotGuessed(t *testing.T) {
	for _, name := range []string{"counter", "bounded-counter(3)"} {
		m := parse(t, name)
		summed, gaveUp := 0, 0
		for seed := range uint64(40_000) {
			r := rand.New(rand.NewPCG(seed, 7))
			ops, err := m.Prepare(modeltest.Wild(r, m.Kind().Name, 10))
			if err != nil {
				t.Fatal(err)
			}
			c := newCounter(m, len(ops))
			for i := range ops {
				c.Add(&ops[i])
			}
			k := newChain(c)
			if c.below != none || c.grows && c.shrinks || k.sort().Answer != Legal || k.inTime().Answer != Legal || k.uniform() || k.mustPlace() {
				continue
			}
			f := k.newSums()
			f.limit = 1
			o := f.run()
			summed++
			if o.Answer == Unfit {
				gaveUp++
			} else if legal := explainable(m.Porcupine(), ops); legal != (o.Answer == Legal) {
				t.Fatalf("seed %d: porcupine says legal=%v, the sums %+v of\n%s", seed, legal, o, drawing(ops))
			}
		}
		if summed < 500 || gaveUp == 0 {
			t.Errorf("%s: only %d histories with sums, of which %d were given up", name, summed, gaveUp)
		}
		t.Logf("%s: %d histories with sums, %d given up", name, summed, gaveUp)
	}
}

// A hundred pairs make 2000. Which of them did shows only later, when each number of
// most pairs is missing by itself.
func TestSumsOfTooManyNumbersAreNotGuessed(t *testing.T) {
	const pairs, first = 100, 19
	var ops []history.Op
	add := func(n int64) {
		ops = append(ops, history.Op{F: "add", Input: history.Int(n), Outcome: history.Info, Call: 0, Return: history.Never})
	}
	for i := range int64(pairs) {
		add(1000 + i + 1)
		add(1000 - i - 1)
	}
	total := int64(2000)
	for i := int64(first); i <= pairs; i++ {
		ops = append(ops, history.Op{F: "read", Input: history.NullValue, Output: history.Int(total), Outcome: history.OK, Call: 10*i + 10, Return: 10*i + 15})
		total += 1000 + i + 1
	}
	for i := range ops {
		ops[i].Process, ops[i].Invoked, ops[i].Completed = history.Process(i), i, len(ops)+i
	}
	if o := each(t, parse(t, "counter"), ops); o.Answer == Illegal {
		t.Errorf("got %+v, but the first pair and then every number by itself explain it", o)
	}
}
