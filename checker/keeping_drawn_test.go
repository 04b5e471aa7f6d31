package checker

import "testing"

func TestDurabilityOfDrawnHistories(t *testing.T) {
	for _, test := range []drawn{
		{"all there", "durability", Valid, "", "", nil, `
0  |-add 1 → 1-|
1    |-add 2 → 2-|
0                    |-read → [1,2]-|`},
		{"one is lost", "durability", Invalid, "lost",
			"1 was added and acknowledged, and is missing at the final read", []int{0, 4}, `
0  |-add 1 → 1-|
1    |-add 2 → 2-|
0                    |-read → [2]-|`},
		{"one of unknown outcome is not", "durability", Valid, "", "", nil, `
0  |-add 1 → 1-|
1    |-add 2-?
0                    |-read → [1]-|`},
		{"or is recovered", "durability", Valid, "", "", nil, `
0  |-add 1 → 1-|
1    |-add 2-?
0                    |-read → [1,2]-|`},
		{"one that nobody added", "durability", Invalid, "unexpected",
			"7 is in the final read, but nobody had begun to add it", []int{2}, `
0  |-add 1 → 1-|
0                    |-read → [1,7]-|`},
		{"one whose add failed", "durability", Invalid, "unexpected",
			"2 is in the final read, but its add had failed", []int{2, 4}, `
0  |-add 1 → 1-|
1                 |-add 2-x
0                              |-read → [1,2]-|`},
		{"one that was added after the read", "durability", Invalid, "unexpected",
			"2 is in the final read, but nobody had begun to add it", []int{2}, `
0  |-add 1 → 1-|
0                    |-read → [1,2]-|
1                                       |-add 2-?`},
		{"only the last read counts", "durability", Valid, "", "", nil, `
0  |-add 1 → 1-|
0                    |-read → []-|
0                                    |-read → [1]-|`},
		{"a read of null is empty", "durability", Invalid, "lost",
			"1 was added and acknowledged, and is missing at the final read", []int{0, 2}, `
0  |-add 1 → 1-|
0                    |-read → null-|`},
		{"of two last reads at once either is the last", "durability", Valid, "", "", nil, `
0  |-add 1 → 1-|
1                 |-read → [1]---------|
2                    |-read → []-|`},
		{"unless each lacks something", "durability", Invalid, "lost",
			"1 was added and acknowledged, and is missing at the final read", []int{0, 5}, `
0  |-add 1 → 1-|
1  |-add 2 → 2-|
1                 |-read → [1]---------|
2                    |-read → [2]-|`},
		{"a read that failed is none", "durability", Valid, "", "", nil, `
0  |-add 1 → 1-|
0                 |-read → [1]-|
0                                 |-read-x`},
		{"added again after a failure", "durability", Valid, "", "", nil, `
0  |-add 1-x
0             |-add 1 → 1-|
1                            |-add 1-x
0                                       |-read → [1]-|`},
		{"added by one of unknown outcome after the read had begun", "durability", Valid, "", "", nil, `
0  |-add 1 → 1-|
0                 |-read → [1,2]-|
1                     |-add 2-?`},
		{"a read beside the last add is none", "durability", Unknown, "", "", nil, `
0  |-add 1 → 1-|
1       |-read → []-|`},
		{"a read without answer is none", "durability", Unknown, "", "", nil, `
0  |-add 1 → 1-|
1                    |-read-?`},
		{"nothing was acknowledged", "durability", Unknown, "", "", nil, `
0  |-add 1-?
1                    |-read → []-|`},
		{"one set of two was not read", "durability", Unknown, "", "", nil, `
0 a  |-add 1 → 1-|
1 b  |-add 1 → 1-|
0 a                    |-read → [1]-|`},
	} {
		t.Run(test.name, test.run)
	}
}

func TestDeliveryOfDrawnHistories(t *testing.T) {
	for _, test := range []drawn{
		{"once each", "delivery", Valid, "", "", nil, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
1                                        |-dequeue → 2-|
1                                                         |-dequeue → 1-|
1                                                                          |-dequeue → null-|`},
		{"twice", "delivery", Invalid, "duplicate",
			"1 was dequeued more often than it was enqueued: 2 times against 1", []int{0, 2, 4}, `
0  |-enqueue 1 → 1-|
1                     |-dequeue → 1-|
2                                      |-dequeue → 1-|
2                                                       |-dequeue → null-|`},
		{"put in twice, got twice", "delivery", Valid, "", "", nil, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 1-?
1                                    |-dequeue → 1-|
2                                                     |-dequeue → 1-|
2                                                                      |-dequeue → null-|`},
		{"put in twice, got once", "delivery", Invalid, "lost",
			"1 was dequeued less often than it was enqueued and acknowledged: 1 times against 2, and the queue is empty", []int{0}, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 1 → 1-|
1                                        |-dequeue → 1-|
2                                                         |-dequeue → null-|`},
		{"never put in", "delivery", Invalid, "unexpected",
			"a dequeue returned 9, which nobody had enqueued", []int{4}, `
0  |-enqueue 1 → 1-|
1                     |-dequeue → 1-|
2                                      |-dequeue → 9-|
2                                                       |-dequeue → null-|`},
		{"put in by an enqueue that failed", "delivery", Invalid, "unexpected",
			"a dequeue returned 1, which nobody had enqueued", []int{2}, `
0  |-enqueue 1-x
1                     |-dequeue → 1-|
2                                      |-dequeue → null-|`},
		{"put in by one of unknown outcome", "delivery", Valid, "", "", nil, `
0  |-enqueue 1-?
1                     |-dequeue → 1-|
2                                      |-dequeue → null-|`},
		{"lost", "delivery", Invalid, "lost",
			"1 was enqueued and acknowledged, but was not dequeued, and the queue is empty", []int{0}, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
1                                        |-dequeue → 2-|
1                                                         |-dequeue → null-|`},
		{"perhaps got by nobody knows whom", "delivery", Valid, "", "", nil, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
1                                        |-dequeue-?
2                                                     |-dequeue → 2-|
2                                                                      |-dequeue → null-|`},
		{"two missing, one perhaps got", "delivery", Invalid, "lost",
			"3 is one of 2 acknowledged elements that were not dequeued from the now empty queue, and the one dequeue of unknown outcome cannot have taken all", []int{4}, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
0                                        |-enqueue 3 → 3-|
1                                                            |-dequeue-?
2                                                                         |-dequeue → 2-|
2                                                                                          |-dequeue → null-|`},
		{"got before it was put in", "delivery", Invalid, "unexpected",
			"a dequeue returned 9 before it was enqueued", []int{0, 2}, `
1  |-dequeue → 9-|
0                   |-enqueue 9 → 9-|
1                                      |-dequeue → null-|`},
		{"got twice before it was put in twice", "delivery", Invalid, "duplicate",
			"1 was dequeued more often than it was enqueued: 2 times against 1", []int{0, 2, 3}, `
0  |-enqueue 1 → 1-|
1                     |-dequeue → 1-|
2                       |-dequeue → 1-|
0                                        |-enqueue 1 → 1-|
2                                                           |-dequeue → null-|`},
		{"an open dequeue that came too late", "delivery", Invalid, "lost",
			"1 was enqueued and acknowledged, but was not dequeued, and the queue is empty", []int{0}, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
1                                        |-dequeue → 2-|
1                                                         |-dequeue → null-|
2                                                                              |-dequeue-?`},
		{"put in late by one of unknown outcome", "delivery", Valid, "", "", nil, `
0  |-enqueue 1 → 1-|
2                     |-enqueue 2-?
1                                    |-dequeue → 1-|
1                                                     |-dequeue → null-|`},
		{"put in late by one of unknown outcome, and got", "delivery", Unknown, "", "", nil, `
0  |-enqueue 1 → 1-|
2                     |-enqueue 2-?
1                                    |-dequeue → 1-|
1                                                     |-dequeue → null-|
1                                                                         |-dequeue → 2-|`},
		{"the one that came out was the other", "delivery", Invalid, "lost",
			"1 was enqueued and acknowledged, but every dequeue that returned it must have got another one, and the queue is empty", []int{3}, `
2  |-enqueue 1-?
1                 |-dequeue → 1-|
0                                  |-enqueue 1 → 1-|
1                                                     |-dequeue → null-|`},
		{"not emptied", "delivery", Unknown, "", "", nil, `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
1                                        |-dequeue → 1-|`},
		{"seen empty beside the last enqueue", "delivery", Unknown, "", "", nil, `
0  |-enqueue 1 → 1-|
1                     |-dequeue → 1-|
0                                     |-enqueue 2 → 2-|
1                                         |-dequeue → null-|`},
		{"nothing came out", "delivery", Unknown, "", "", nil, `
1  |-dequeue → null-|`},
	} {
		t.Run(test.name, test.run)
	}
}

func TestDeliveryNamesThePromises(t *testing.T) {
	for _, test := range []struct {
		name, drawing               string
		atMost, atLeast, exactlyOne string
	}{
		{"all held", `
0  |-enqueue 1 → 1-|
1                     |-dequeue → 1-|
1                                      |-dequeue → null-|`, "held", "held", "held"},
		{"duplicated", `
0  |-enqueue 1 → 1-|
1                     |-dequeue → 1-|
2                                      |-dequeue → 1-|
1                                                        |-dequeue → null-|`, "violated", "held", "violated"},
		{"lost", `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
1                                        |-dequeue → 2-|
1                                                         |-dequeue → null-|`, "held", "violated", "violated"},
		{"perhaps lost", `
0  |-enqueue 1 → 1-|
0                     |-enqueue 2 → 2-|
1                                        |-dequeue-?
2                                                     |-dequeue → 2-|
2                                                                      |-dequeue → null-|`, "held", "undecided", "undecided"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := drawn{check: "delivery", drawing: test.drawing}
			s := d.result(t).Statistics
			if s["at_most_once"] != test.atMost || s["at_least_once"] != test.atLeast || s["exactly_once"] != test.exactlyOne {
				t.Errorf("got %v", s)
			}
		})
	}
}
