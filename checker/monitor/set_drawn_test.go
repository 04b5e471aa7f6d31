package monitor

import "testing"

// The core of a violation among many is small, and about one or two elements.
func TestDrawnSets(t *testing.T) {
	judgeDrawn(t, []drawn{
		{"read before it was added", "set", guilty(1, 2).about(2), `
0  |-add 1-|
1             |-read → [1,2]-|
2                                |-add 2-|`},
		{"never added", "set", guilty(1).about(2), `
0  |-add 1-|
1             |-read → [1,2]-|`},
		{"lost", "set", guilty(0, 2).about(1), `
0  |-add 1-|
1             |-add 2-|
2                        |-read → [2]-|`},
		{"seen and lost", "set", guilty(0, 2, 3).about(1), `
0  |-add 1-----------------------------------------------|
1  |-add 2-------?
2                   |-read → [1]-|
3                                   |-read → [2]-|`},
		{"reads that disagree", "set", guilty(0, 1, 2, 3).about(1, 2), `
0  |-add 1-------------------|
1  |-add 2-------------------|
2     |-read → [1]-----------------|
3     |-read → [2]-----------------|`},
		{"against the order of the adds", "set", guilty(0, 1, 2).about(1, 2), `
0  |-add 1-|
1             |-add 2-|
2    |-read → [2]-------------------|`},
		{"listed twice", "set", guilty(0, 2).about(1), `
0  |-add 1-|
1             |-add 2-|
2                        |-read → [1,2,1]-|`},
		{"added again and again, and read before", "set", guilty(0, 2).about(1), `
0                    |-add 1-|
1                       |-add 1-|
2  |-read → [1]-|
3                                  |-read → [1]-|`},
	})
}
