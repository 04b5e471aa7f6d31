package checker

import (
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history/sketch"
)

// An operation of unknown outcome that a witness does without may have taken
// effect all the same: a sentence must not claim what it would make untrue.
func TestSentencesKnowOfExcuses(t *testing.T) {
	for _, test := range []drawn{
		{"put back in between, perhaps", "linearizable(bounded-counter(3))", Invalid, "wrong-stock",
			"no order of the deductions gives the stocks that were returned", []int{0, 1, 3}, `
0  |-put 1-?
1              |-take 1 → 3-|
2                              |-take 1 → 3-|`},
		{"nobody put anything back", "linearizable(bounded-counter(4))", Invalid, "lost-update",
			"two deductions both left a stock of 3: the same goods were sold twice", []int{0, 2}, `
1  |-take 1 → 3-|
2                  |-take 1 → 3-|`},
		{"a release of unknown outcome called before the grant", "linearizable(fenced-mutex)", Invalid, "non-linearizable",
			"no order of these 4 operations gives the results they had", []int{0, 1, 2, 5}, `
0  |-release 1-?
1                 |-acquire → 1-|
2                 |-acquire → 2-|
3                                  |-acquire → {"held_by":1}-|`},
		{"released by another, without a token", "linearizable(mutex)", Invalid, "two-holders",
			"process 3 (token true) was granted the lock while process 2 (token true) still held it", []int{4, 6}, `
0  |-acquire → true-|
1                      |-release-|
2                                   |-acquire → true-|
3                                                       |-acquire → true-|`},
		{"null was written again", "linearizable(cas-register)", Invalid, "non-linearizable",
			"no order of these 4 operations gives the results they had", []int{0, 1, 2, 3}, `
0  |-cas [null,1] → [null,1]-----|
1   |-write null → null----------|
2     |-cas [null,1] → [null,1]--|
3      |-cas [null,1] → [null,1]-|`},
		{"null was there once", "linearizable(cas-register)", Invalid, "lost-update",
			"two compare-and-sets replaced the same value null", []int{0, 1}, `
0  |-cas [null,1] → [null,1]--|
1   |-cas [null,2] → [null,2]-|`},
		{"an addition that the proof does without", "linearizable(counter)", Invalid, "impossible-result",
			"read → 1 is a result that no order of the operations gives", []int{1}, `
0  |-add-and-get 1 → 2-|
1  |-read → 1-|`},
		{"put back, which the proof does without", "linearizable(bounded-counter(3))", Invalid, "wrong-stock",
			"no order of the deductions gives the stocks that were returned", []int{0, 1}, `
0  |-take 1 → 1-|
1  |-take 1 → 1-------|
2                     |-put 1 → 2-|`},
		{"taken by another, were it not for what came later", "linearizable(fifo-queue)", Invalid, "non-linearizable",
			"no order of these 3 operations gives the results they had", []int{0, 3, 5}, `
0  |-enqueue 1-|
1                 |-dequeue-?
2                 |-dequeue → null-|
3                                     |-dequeue → 1-|`},
	} {
		t.Run(test.name, test.run)
	}
}

// The second grant may have had to wait for the end of the first: then the third
// came too early for the second. Of no two of them can that be said.
func TestALeaseIsBlamedForWhatCameTooEarly(t *testing.T) {
	ops := sketch.MustParse(`
0  |-acquire "a" → "a"|
1                        |-acquire "b" → "b"---------------------|
2                                                                     |-acquire "c" → "c"-----------|`)
	stretch(ops, int64(time.Millisecond))
	r := judge(t, "linearizable(lease(60ms))", ops)
	want := "no order of these 3 operations gives the results they had"
	if r.Verdict != Invalid || r.Anomalies[0].Explanation != want {
		t.Errorf("got %s %+v\nwant %s", r.Verdict, r.Anomalies, want)
	}
}
