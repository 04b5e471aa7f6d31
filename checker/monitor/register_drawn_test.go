package monitor

import "testing"

// Random histories seldom have circles of values.
func TestDrawnRegisters(t *testing.T) {
	judgeDrawn(t, []drawn{
		{"a chain", "cas-register", legal(), `
0  |-read → null-|
1  |-write 1--------|
2     |-cas [1,2] → [1,2]------|
3        |-cas [2,3] → [2,3]------|
4                                    |-read → 3-|`},
		{"a circle beside what is in order", "cas-register", guilty(2, 3), `
0  |-read → null-|
1                   |-write 1-|
2     |-cas [2,3] → [2,3]------|
3        |-cas [3,2] → [3,2]------|
4                                    |-read → 1-|`},
		{"a circle of one", "cas-register", guilty(2), `
0  |-read → null-|
1                   |-write 1-|
2     |-cas [2,2] → [2,2]------|
3                                |-read → 1-|
4                                              |-read → 1-|`},
		{"a circle of three, perhaps", "cas-register", guilty(1, 2, 3, 4), `
0  |-read → null-|
1     |-cas [2,3]--?
2     |-cas [3,4]--?
3     |-cas [4,2]--?
4                                |-read → 4-|`},
	})
}
