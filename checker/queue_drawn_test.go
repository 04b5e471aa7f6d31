package checker

import "testing"

func TestLinearizableExplainsDrawnQueuesAndSets(t *testing.T) {
	for _, test := range []drawn{
		{"first in, first out", "linearizable(fifo-queue)", Valid, "", "", nil, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
1                                        |-dequeue → 1-|
1                                                         |-dequeue → 2-|
2                                                           |-dequeue → null-|`},
		{"out twice", "linearizable(fifo-queue)", Invalid, "duplicate",
			"a dequeue returned 7 after another dequeue had already returned it", []int{0, 2, 4}, `
0  |-enqueue 7 → 7-|
1                     |-dequeue → 7-|
2                                      |-dequeue → 7-|`},
		{"out twice at once", "linearizable(unordered-queue)", Invalid, "duplicate",
			"two dequeues both returned 7", []int{0, 2, 3}, `
0  |-enqueue 7 → 7-|
1                     |-dequeue → 7-|
2                       |-dequeue → 7-|`},
		{"out, never in", "linearizable(fifo-queue)", Invalid, "never-enqueued",
			"a dequeue returned 9, which nobody had enqueued", []int{2}, `
0  |-enqueue 7 → 7-|
1                     |-dequeue → 9-|`},
		{"out before it was in", "linearizable(unordered-queue)", Invalid, "never-enqueued",
			"a dequeue returned 9, which nobody had enqueued", []int{0}, `
1  |-dequeue → 9-|
0                     |-enqueue 9 → 9-|`},
		{"lost", "linearizable(fifo-queue)", Invalid, "lost",
			"a dequeue found the queue empty although 7 had been enqueued and not dequeued", []int{0, 2}, `
0  |-enqueue 7 → 7-|
1                     |-dequeue → null-|`},
		{"seen empty, then out", "linearizable(unordered-queue)", Invalid, "lost",
			"a dequeue found the queue empty although 7 had been enqueued and not dequeued", []int{0, 2}, `
0  |-enqueue 7 → 7-|
1                     |-dequeue → null-|
1                                         |-dequeue → 7-|`},
		{"one of two is lost", "linearizable(unordered-queue)", Invalid, "lost",
			"a dequeue found the queue empty although 2 values had been enqueued and not dequeued, and the one dequeue of unknown outcome cannot have taken all", []int{0, 2, 4, 5}, `
0  |-enqueue 7 → 7-|
1                     |-enqueue 8 → 8-|
2                                        |-dequeue-?
1                                                     |-dequeue → null-|`},
		{"two of four are lost", "linearizable(fifo-queue)", Invalid, "lost",
			"a dequeue found the queue empty although 3 values had been enqueued and not dequeued, and the 2 dequeues of unknown outcome cannot have taken all", []int{0, 2, 3, 6, 7, 8}, `
0  |-enqueue 6 → 6-|
0                     |-enqueue 7 → 7-|
1                     |-enqueue 8 → 8-|
2                                        |-dequeue-?
3                                         |-dequeue-?
1                                                     |-dequeue → null-|`},
		{"one was taken by nobody knows whom", "linearizable(fifo-queue)", Valid, "", "", nil, `
0  |-enqueue 7 → 7-|
2                     |-dequeue-?
1                                    |-dequeue → null-|`},
		{"out of order", "linearizable(fifo-queue)", Invalid, "out-of-order",
			"a dequeue returned 2 although 1, enqueued before it, had not been dequeued", []int{0, 2, 4}, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
1                                        |-dequeue → 2-|
2                                                         |-dequeue → 1-|`},
		{"overtaken by what stayed", "linearizable(fifo-queue)", Invalid, "out-of-order",
			"a dequeue returned 2 although 1, enqueued before it, had not been dequeued", []int{0, 2, 4}, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
1                                        |-dequeue → 2-|`},
		{"order is no matter", "linearizable(unordered-queue)", Valid, "", "", nil, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
1                                        |-dequeue → 2-|
2                                                         |-dequeue → 1-|`},
		{"order and an unknown dequeue", "linearizable(fifo-queue)", Invalid, "out-of-order",
			"a dequeue returned 3 although 2 values enqueued before it had not been dequeued, and the one dequeue of unknown outcome cannot have taken all", []int{0, 2, 4, 6, 7}, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
0                                        |-enqueue 3 → 3-|
1                                                           |-dequeue-?
2                                                               |-dequeue → 3-|`},

		{"a member is gone", "linearizable(set)", Invalid, "lost",
			"a read did not contain 1, whose add had completed before", []int{0, 4}, `
0  |-add 1 → 1-|
0                 |-add 2 → 2-|
1                                |-read → [2]-|`},
		{"a member seen is gone", "linearizable(set)", Invalid, "lost",
			"a read did not contain 1, which another read had already seen", []int{0, 1, 3}, `
0  |-add 1-?
1                 |-read → [1]-|
1                                 |-read → []-|`},
		{"a member nobody added", "linearizable(set)", Invalid, "unexpected",
			"a read contained 9, which nobody had added", []int{2}, `
0  |-add 1 → 1-|
1                 |-read → [1,9]-|`},
		{"reads that exclude each other", "linearizable(set)", Invalid, "reads-disagree",
			"of two reads one contained 1 and not 2, the other 2 and not 1", []int{0, 1, 2, 3}, `
0  |-add 1 → 1-------------|
1  |-add 2 → 2-------------|
2      |-read → [1]-|
3      |-read → [2]-|`},
		{"an add of unknown outcome comes late", "linearizable(set)", Valid, "", "", nil, `
0  |-add 1-?
1                 |-read → []-|
1                                 |-read → [1]-|`},
	} {
		t.Run(test.name, test.run)
	}
}
