package checker

import (
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
)

func TestWorkAtLeastOnceOfDrawnHistories(t *testing.T) {
	for _, test := range []drawn{
		{"done once each", "at-least-once", Valid, "", "", nil, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
1                                        |-dequeue → 2-|
1                                                         |-dequeue → 1-|
1                                                                          |-dequeue → null-|`},
		{"done twice", "at-least-once", Valid, "", "", nil, `
0  |-enqueue 1 → 1-|
1                     |-dequeue → 1-|
2                                      |-dequeue → 1-|
2                                                       |-dequeue → null-|`},
		{"taken by one that died", "at-least-once", Invalid, "lost",
			"1 was enqueued and acknowledged, but no dequeue returned it, and the queue is empty: the one dequeue of unknown outcome may have taken it, but did not finish",
			[]int{0}, `
0  |-enqueue 1 → 1-|
1                     |-dequeue-?
2                                      |-dequeue → null-|`},
		{"taken by one that died, and done by another", "at-least-once", Valid, "", "", nil, `
0  |-enqueue 1 → 1-|
1                     |-dequeue-?
2                                      |-dequeue → 1-|
2                                                       |-dequeue → null-|`},
		{"gone, and nobody died", "at-least-once", Invalid, "lost",
			"1 was enqueued and acknowledged, but was not dequeued, and the queue is empty", []int{0}, `
0  |-enqueue 1 → 1-|
2                     |-dequeue → null-|`},
		{"put in twice, done once", "at-least-once", Invalid, "lost",
			"1 was dequeued less often than it was enqueued and acknowledged: 1 times against 2, and the queue is empty", []int{0}, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 1 → 1-|
1                                        |-dequeue → 1-|
2                                                         |-dequeue → null-|`},
		{"put in by one of unknown outcome, and not done", "at-least-once", Valid, "", "", nil, `
0  |-enqueue 1 → 1-|
1                     |-enqueue 2-?
2                     |-dequeue → 1-|
2                                       |-dequeue → null-|`},
		{"not emptied", "at-least-once", Unknown, "", "", nil, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
1                                        |-dequeue → 1-|`},
		{"nothing came out", "at-least-once", Unknown, "", "", nil, `
1  |-dequeue → null-|`},
	} {
		t.Run(test.name, test.run)
	}
}

// Each acknowledged enqueue has a dequeue of its own that returned its element,
// and that had not returned before the enqueue was called.
func TestAtLeastOnceAgreesWithItsDefinition(t *testing.T) {
	agree(t, "at-least-once", queueHistories(), func(ops []history.Op) Verdict {
		var acknowledged, finished []history.Op
		last, emptied := int64(-1), false
		for _, op := range ops {
			isEmpty := op.F == "dequeue" && op.Output.IsNull()
			switch {
			case op.Outcome != history.OK || isEmpty:
				continue
			case op.F == "enqueue":
				acknowledged = append(acknowledged, op)
			case !op.Output.IsAbsent():
				finished = append(finished, op)
			}
			last = max(last, op.Return)
		}
		for _, op := range ops {
			emptied = emptied || op.F == "dequeue" && op.Outcome == history.OK && op.Output.IsNull() && op.Call > last
		}
		switch {
		case emptied && !assignable(acknowledged, finished):
			return Invalid
		case !emptied || len(finished) == 0:
			return Unknown
		}
		return Valid
	})
}

// assignable tries every way to give each enqueue a dequeue.
func assignable(enqueues, dequeues []history.Op) bool {
	if len(enqueues) == 0 {
		return true
	}
	for i, d := range dequeues {
		if d.Output != enqueues[0].Input || d.Return < enqueues[0].Call {
			continue
		}
		rest := append(append([]history.Op(nil), dequeues[:i]...), dequeues[i+1:]...)
		if assignable(enqueues[1:], rest) {
			return true
		}
	}
	return false
}
