package promise_test

import (
	"context"
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/checker/promise"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
)

// A replica that lags: the second client sees the new value, and then the old one.
func ExampleLadder() {
	ops := sketch.MustParse(`
0  |-write 1-|
0              |-write 2-|
1                          |-read → 2-|
1                                       |-read → 1-|`)
	rungs, err := promise.Ladder(context.Background(), &history.History{Ops: ops}, promise.Given{Checks: []string{"linearizable(register)"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range rungs[:6] {
		fmt.Println(r.Name, r.Standing)
		if r.Witness != nil {
			fmt.Println(" ", r.Witness.Explanation, r.Witness.Ops)
		}
	}
	// Output:
	// linearizable violated
	//   a read returned 1 after another had already seen 2 [4 6]
	// sequential violated
	//   process 0 wrote 1 and then 2, and process 1 read 2 and then 1: no order of the writes allows that [0 2 4 6]
	// read-your-writes not-decided
	// monotonic-reads violated
	//   process 0 wrote 1 and then 2, and process 1 read 2 and then 1: no order of the writes allows that [0 2 4 6]
	// monotonic-writes held
	// writes-follow-reads not-decided
}
