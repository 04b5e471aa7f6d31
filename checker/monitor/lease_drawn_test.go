package monitor

import "testing"

// No lease here expires: an hour is longer than any drawing.
func TestDrawnLeases(t *testing.T) {
	judgeDrawn(t, []drawn{
		{"one after the other", "lease(1h)", legal(), `
0  |-acquire 1 → 1-|
1                      |-release 1 → 1-|
2                                         |-acquire 2 → 2-|`},
		{"two holders, both released", "lease(1h)", guilty(0, 1, 2, 3), `
0  |-acquire 1 → 1-|
1                      |-acquire 2 → 2-|
2                                         |-release 1 → 1-|
3                                                            |-release 2 → 2-|`},
		{"two holders, none released", "lease(1h)", guilty(0, 1), `
0  |-acquire 1 → 1-|
1                      |-acquire 2 → 2-|`},
		{"found gone between grant and release", "lease(1h)", guilty(0, 1, 2), `
0  |-acquire 1 → 1-|
1                      |-renew 1 → false-|
2                                            |-release 1 → 1-|`},
		{"granted, by one of unknown outcome, only after the release was called", "lease(1h)", guilty(0, 1, 2, 3), `
0  |-acquire 2 → 2-|
1      |-release 1 → 1---------------------|
2                      |-acquire 1-?
3                                                |-release 2 → 2-|`},
		{"granted sooner, it was in time", "lease(1h)", legal(), `
1    |-release 1 → 1---------------------|
2      |-acquire 1-?
0      |-acquire 2 → 2-|
3                                                |-release 2 → 2-|`},
	})
}
