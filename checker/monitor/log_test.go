package monitor

import (
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// The core of a violation is small, and about one or two elements.
func TestLogCores(t *testing.T) {
	m := parse(t, "log")
	for _, test := range []coreTest{
		{"never appended", `
0  |-append 1-|
1                |-read → [1,2]-|`, []int{2}, []history.Value{history.Int(2)}},
		{"twice in one read", `
0  |-append 1-|
1                |-read → [1,1]-|`, []int{0, 2}, []history.Value{history.Int(1)}},
		{"lost", `
0  |-append 1-|
1                |-read → []-|`, []int{0, 2}, []history.Value{history.Int(1)}},
		{"seen and lost", `
0  |-append 1----------------------------|
1     |-read → [1]-|
2                     |-read → []-|`, []int{0, 1, 3}, []history.Value{history.Int(1)}},
		{"two orders", `
0  |-append 1-----------------------------|
1  |-append 2-----------------------------|
2     |-read → [1,2]-|
3                     |-read → [2,1]-|`, []int{0, 1, 2, 4}, []history.Value{history.Int(1), history.Int(2)}},
		{"against the order of the appends", `
0  |-append 1-|
1                |-append 2-|
2    |-read → [2,1]---------------|`, []int{0, 1, 3}, []history.Value{history.Int(1), history.Int(2)}},
		{"in before what stands before it, and never seen", `
0  |-append 1-|
1                |-append 2-|
2    |-read → [2]-----------------|`, []int{0, 1, 3}, []history.Value{history.Int(1), history.Int(2)}},
		{"read before it was appended", `
0  |-read → [1]-|
1                  |-append 1-?`, []int{0, 2}, []history.Value{history.Int(1)}},
	} {
		test.check(t, m)
	}
}
