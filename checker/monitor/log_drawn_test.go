package monitor

import "testing"

// The core of a violation is small, and about one or two elements.
func TestDrawnLogs(t *testing.T) {
	judgeDrawn(t, []drawn{
		{"never appended", "log", guilty(1).about(2), `
0  |-append 1-|
1                |-read → [1,2]-|`},
		{"twice in one read", "log", guilty(0, 1).about(1), `
0  |-append 1-|
1                |-read → [1,1]-|`},
		{"lost", "log", guilty(0, 1).about(1), `
0  |-append 1-|
1                |-read → []-|`},
		{"seen and lost", "log", guilty(0, 1, 2).about(1), `
0  |-append 1----------------------------|
1     |-read → [1]-|
2                     |-read → []-|`},
		{"two orders", "log", guilty(0, 1, 2, 3).about(1, 2), `
0  |-append 1-----------------------------|
1  |-append 2-----------------------------|
2     |-read → [1,2]-|
3                     |-read → [2,1]-|`},
		{"against the order of the appends", "log", guilty(0, 1, 2).about(1, 2), `
0  |-append 1-|
1                |-append 2-|
2    |-read → [2,1]---------------|`},
		{"in before what stands before it, and never seen", "log", guilty(0, 1, 2).about(1, 2), `
0  |-append 1-|
1                |-append 2-|
2    |-read → [2]-----------------|`},
		{"read before it was appended", "log", guilty(0, 1).about(1), `
0  |-read → [1]-|
1                  |-append 1-?`},
	})
}
