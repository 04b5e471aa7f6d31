package checker

import (
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history/sketch"
)

// Each drawing has one thing wrong with it, among operations that have nothing
// to do with it; the anomaly must name the one thing.
func TestLinearizableExplainsDrawnHistories(t *testing.T) {
	for _, test := range []drawn{
		{"nothing wrong", "linearizable(register)", Valid, "", "", nil, `
0  |-write 1 → 1-|
1    |-read → 1-|
2    |-write 2-?
3                    |-read → 2-|
4                                  |-read → 2-|`},
		{"lost write", "linearizable(register)", Invalid, "lost-write",
			"a read returned null after the write of 2 had completed", []int{4, 6}, `
0  |-write 1 → 1-|
1                   |-read → 1-|
0                                  |-write 2 → 2-|
1                                                   |-read → null-|`},
		{"a write that is not seen at first", "linearizable(register)", Invalid, "stale-read",
			"a read returned null after the write of 2 had completed, which was not lost: a later read returned 2", []int{4, 6}, `
0  |-write 1 → 1-|
1                   |-read → 1-|
0                                  |-write 2 → 2-|
1                                                   |-read → null-|
1                                                                    |-read → 2-|`},
		{"one more write in between, which is not seen again", "linearizable(register)", Invalid, "stale-read",
			"a read returned null after the write of 1 had completed, which was not lost: a later read returned 1", []int{0, 2}, `
0  |-write 1 → 1-|
1                   |-read → null-|
1                                   |-read → 1-|
0                                                |-write 2 → 2-|
1                                                               |-read → 2-|`},
		{"lost, and written again", "linearizable(register)", Invalid, "lost-write",
			"a read returned null after the write of 2 had completed", []int{0, 2}, `
0  |-write 2 → 2-|
1                   |-read → null-|
0                                   |-write 2 → 2-|
1                                                    |-read → 2-|`},
		{"lost, and perhaps written again", "linearizable(register)", Invalid, "lost-write",
			"a read returned null after the write of 2 had completed", []int{0, 2, 3}, `
0  |-write 2 → 2-|
2                 |-write 2-?
1                   |-read → null-|
1                                    |-read → 2-|`},
		{"seen by a mismatch", "linearizable(cas-register)", Invalid, "stale-read",
			"a read returned 1 after the write of 2 had completed, which was not lost: a later read returned 2", []int{2, 4}, `
0  |-write 1 → 1-|
1                   |-write 2 → 2-|
2                                    |-read → 1-|
3                                                   |-cas [7,9] → {"saw":2}-x`},
		{"stale read", "linearizable(register)", Invalid, "read-went-back",
			"a read returned 1 after another had already seen 2", []int{4, 6}, `
0  |-write 1 → 1-|
0                   |-write 2 → 2-|
1                                    |-read → 2-|
2                                                  |-read → 1-|`},
		{"a read takes back what another saw", "linearizable(register)", Invalid, "read-went-back",
			"a read returned null after another had already seen 1", []int{0, 1, 3}, `
0  |-write 1-?
1                   |-read → 1-|
2                                    |-read → null-|`},
		{"two compare-and-sets of one value", "linearizable(cas-register)", Invalid, "lost-update",
			"two compare-and-sets replaced the same value 1", []int{2, 3}, `
0  |-write 1 → 1-|
1                   |-cas [1,2] → [1,2]-|
2                    |-cas [1,3] → [1,3]-|`},
		{"a mismatch saw what was over", "linearizable(cas-register)", Invalid, "lost-write",
			"a read returned 1 after the write of 2 had completed", []int{2, 4}, `
0  |-write 1 → 1-|
1                   |-write 2 → 2-|
2                                    |-cas [7,9] → {"saw":1}-x`},
		{"unknown value", "linearizable(register)", Invalid, "impossible-result",
			"read → 9 is a result that no order of the operations gives", []int{2}, `
0  |-write 1 → 1-|
1                   |-read → 9-|`},

		{"two additions, one total", "linearizable(counter)", Invalid, "lost-update",
			"two additions both made the total 2", []int{0, 1}, `
0  |-add-and-get 2 → 2-|
1    |-add-and-get 2 → 2-|
2                          |-read → 4-|`},
		{"a total went back", "linearizable(counter)", Invalid, "lost-update",
			"the total was 3 after it had already been 5, although every addition is positive: an addition was lost", []int{2, 4}, `
0  |-add-and-get 2 → 2-|
1                         |-add-and-get 3 → 5-|
2                                                |-read → 3-|`},
		{"a total that an addition of unknown outcome may have taken back", "linearizable(counter)", Invalid, "wrong-total",
			"no order of the additions gives the totals that were returned", []int{0, 1, 2, 3}, `
0  |-add-and-get 2 → 2-|
1    |-add-and-get 2 → 2-|
2     |-add-and-get 2 → 2-|
3      |-add -2-?`},
		{"a total nobody can have made", "linearizable(counter)", Invalid, "wrong-total",
			"no order of the additions gives the totals that were returned", []int{0, 2}, `
0  |-add-and-get 2 → 2-|
1                         |-add-and-get -1 → 7-|`},

		{"an addition counted twice", "linearizable(counter)", Invalid, "counted-twice",
			"the total was 3, although all additions asked for by then make 2: one was counted twice", []int{1}, `
0  |-add-and-get 1-?
1                     |-add-and-get 1 → 3-|
2                                            |-add-and-get 1 → 4-|`},

		{"a stock below zero", "linearizable(bounded-counter(5))", Invalid, "negative-stock",
			"the stock went below zero: take(3) → -1", []int{2}, `
0  |-take 3 → 2-|
1                  |-take 3 → -1-|`},
		{"sold twice", "linearizable(bounded-counter(5))", Invalid, "lost-update",
			"two deductions both left a stock of 4: the same goods were sold twice", []int{0, 2}, `
0  |-take 1 → 4-|
1                  |-take 1 → 4-|`},
		{"a deduction came back", "linearizable(bounded-counter(5))", Invalid, "lost-update",
			"the stock was 4 after it had already been down to 2, although nothing was put back: a deduction was lost", []int{2, 4}, `
0  |-take 1 → 4-|
1                  |-take 2 → 2-|
2                                  |-read → 4-|`},
		{"refused though there was enough", "linearizable(bounded-counter(5))", Invalid, "wrong-stock",
			"no order of the deductions gives the stocks that were returned", []int{0, 2}, `
0  |-take 1 → 4-|
1                  |-take 2 → null-|`},

		{"two holders", "linearizable(mutex)", Invalid, "two-holders",
			`process 1 (token "b") was granted the lock while process 0 (token "a") still held it`, []int{0, 2}, `
0  |-acquire "a" → "a"-|
1                         |-acquire "b" → "b"-|
0                                                |-release "a" → "a"-|`},
		{"seen held by another", "linearizable(mutex)", Invalid, "two-holders",
			`process 2 saw the lock held with the token "b" while process 0 (token "a") still held it`, []int{0, 2, 3}, `
0  |-acquire "a" → "a"-|
1                         |-acquire "b"-?
2                                          |-acquire "c" → {"held_by":"b"}-|
0                                                                              |-release "a" → "a"-|`},
		{"two holders at once", "linearizable(mutex)", Invalid, "two-holders",
			`process 0 (token "a") and process 1 (token "b") were both granted the lock, and neither had released it`, []int{0, 1}, `
0  |-acquire "a" → "a"-|
1    |-acquire "b" → "b"-|`},
		{"the release was not begun", "linearizable(mutex)", Invalid, "two-holders",
			"process 1 (token true) was granted the lock while process 0 (token true) still held it", []int{0, 2}, `
0  |-acquire → true-|
1                         |-acquire → true-|
0                                                |-release-|
2                                                             |-acquire → true-|`},
		{"released with unknown outcome in time", "linearizable(mutex)", Valid, "", "", nil, `
0  |-acquire "a" → "a"-|
0                         |-release "a"-?
1                                            |-acquire "b" → "b"-|`},
		{"granted before the time was over", "linearizable(lease(1h))", Invalid, "lease-broken",
			`process 1 (token "b") was granted the lock at most 43ns after it was granted to process 0 (token "a"), before its time to live was over`, []int{0, 2}, `
0  |-acquire "a" → "a"-|
1                         |-acquire "b" → "b"-|`},
		{"gone before the time was over", "linearizable(lease(1h))", Invalid, "lease-lost",
			`the lock of process 0 (token "a") was gone at most 45ns after it was granted, before its time to live was over`, []int{0, 2}, `
0  |-acquire "a" → "a"-|
0                         |-release "a" → false-|`},
		{"released when it was another's", "linearizable(lease(1h))", Invalid, "lease-stolen",
			`the lock was released with the token "a", although it had been granted to process 1 (token "b") since`, []int{4, 6}, `
0  |-acquire "a" → "a"-|
0                         |-release "a" → "a"-|
1                                                |-acquire "b" → "b"-|
0                                                                       |-release "a" → "a"-|`},
		{"renewed when it was another's", "linearizable(lease(1h))", Invalid, "lease-stolen",
			`the lock was renewed with the token "a", although it had been granted to process 1 (token "b") since`, []int{4, 6}, `
0  |-acquire "a" → "a"-|
0                         |-release "a" → "a"-|
1                                                |-acquire "b" → "b"-|
0                                                                       |-renew "a" → "a"-|`},
		{"a fencing token twice", "linearizable(fenced-mutex)", Invalid, "token-repeated",
			"the fencing token 1 was granted twice", []int{0, 2, 4}, `
0  |-acquire → 1-|
0                   |-release 1 → 1-|
1                                      |-acquire → 1-|`},
		{"a fencing token went back", "linearizable(fenced-mutex)", Invalid, "token-went-back",
			"the fencing token 1 was granted after 2 had been", []int{0, 2, 4}, `
0  |-acquire → 2-|
0                   |-release 2 → 2-|
1                                      |-acquire → 1-|`},
		{"an element twice", "linearizable(set)", Invalid, "duplicate-element",
			"a read contained 1 twice", []int{0, 2}, `
0  |-add 1-|
1             |-read → [1,1]-|`},
		{"released by another", "linearizable(owner-mutex)", Invalid, "released-by-another",
			"process 1 released the lock that process 0 held", []int{0, 2}, `
0  |-acquire-|
1               |-release-|`},
		{"a lost append", "linearizable(kv)", Invalid, "lost-append",
			`a get returned "a", without "b", which had been appended before`, []int{2, 4}, `
0  |-append "a"-|
1                  |-append "b"-|
2                                  |-get → "a"-|`},
		{"half of a transaction", "linearizable(multi-register)", Invalid, "non-linearizable",
			"no order of these 2 operations gives the results they had", []int{4, 6}, `
0  |-txn [["w","x",1],["w","y",1]] → [["w","x",1],["w","y",1]]-|
1                                                                 |-txn [["r","x",null]] → [["r","x",1]]-|
2                                                                                                           |-txn [["w","x",2],["w","y",2]] → [["w","x",2],["w","y",2]]-|
3                                                                                                                                                                          |-txn [["r","x",null],["r","y",null]] → [["r","x",2],["r","y",1]]-|`},
	} {
		t.Run(test.name, test.run)
	}
}

// Of three grants without tokens the first had expired when the second came.
func TestLeaseAnomalyNamesTheGrantThatLasted(t *testing.T) {
	ops := sketch.MustParse(`
0  |-acquire-|
1                          |-acquire-|
2                                      |-acquire-|`)
	for i := range ops {
		ops[i].Call, ops[i].Return = ops[i].Call*1e6, ops[i].Return*1e6
	}
	a := judge(t, "linearizable(lease(24ms))", ops).Anomalies[0]
	want := "process 2 was granted the lock at most 22ms after it was granted to process 1, before its time to live was over"
	if a.Explanation != want || a.Type != "lease-broken" {
		t.Errorf("got  %s: %s\nwant %s", a.Type, a.Explanation, want)
	}
}
