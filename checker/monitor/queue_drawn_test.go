package monitor

import "testing"

// Elements that were left inside can be needed twice to prove that a queue was
// not empty, before and after one more dequeue that may have taken them. They are
// part of the core once.
func TestDrawnQueues(t *testing.T) {
	for _, kind := range []string{"fifo-queue", "unordered-queue"} {
		judgeDrawn(t, []drawn{
			{"needed twice", kind, guilty(0, 1, 2, 3, 4, 5), `
0  |-enqueue 1-|
1                |-dequeue → null-----------------------------------------------------|
2                  |-enqueue 2-|
3                      |-enqueue 3------------------------|
4                                    |-dequeue-?
5                                                            |-dequeue → 2-|`},
		})
	}
}
