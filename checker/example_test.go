package checker_test

import (
	"context"
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
)

func ExampleParse() {
	check, err := checker.Parse("linearizable(lease(300ms))")
	fmt.Println(check.Name(), err)
	_, err = checker.Parse("evidence")
	fmt.Println(err)
	// Output:
	// linearizable(lease(300ms)) <nil>
	// check "evidence": expected evidence(faults)
}

func ExampleJudge() {
	ops := sketch.MustParse(`
0  |-enqueue 7 → 7-|
1                     |-dequeue → 7-|
2                                      |-dequeue → 7-|`)
	var checks []checker.Check
	for _, name := range []string{"linearizable(fifo-queue)", "delivery"} {
		check, err := checker.Parse(name)
		if err != nil {
			fmt.Println(err)
			return
		}
		checks = append(checks, check)
	}
	verdict, results, err := checker.Judge(context.Background(), &history.History{Ops: ops}, checks, checker.Options{})
	fmt.Println(verdict, err)
	for _, r := range results {
		for _, a := range r.Anomalies {
			fmt.Printf("%s: %s: %s, see %v\n", r.Name, a.Type, a.Explanation, a.Ops)
		}
	}
	// Output:
	// invalid <nil>
	// linearizable(fifo-queue): duplicate: a dequeue returned 7 after another dequeue had already returned it, see [0 2 4]
	// delivery: duplicate: 7 was dequeued more often than it was enqueued: 2 times against 1, see [0 2 4]
}

func ExampleCombine() {
	fmt.Println(checker.Combine(checker.Valid, checker.Valid))
	fmt.Println(checker.Combine(checker.Valid, checker.Unknown))
	fmt.Println(checker.Combine(checker.Valid, checker.Unknown, checker.Invalid))
	fmt.Println(checker.Combine())
	// Output:
	// valid
	// unknown
	// invalid
	// unknown
}
