package monitor

import "testing"

func TestDrawnCounters(t *testing.T) {
	judgeDrawn(t, []drawn{
		{"one after the other", "counter", legal(), `
0  |-add-and-get 2 → 2-|
1                        |-read → 2-|
2                            |-add-and-get 1 → 3-|
3                            |-read → 3---------------|
4                                                         |-read → 3-|`},
		{"two additions, one total", "counter", guilty(1, 3).fromAnyState(), `
0  |-add-and-get 1 → 1-|
1  |-add-and-get 1 → 2-----------|
2                          |-read → 1-|
3     |-add-and-get 1 → 2-------------------|
4                                               |-read → 2-|`},
		{"a total that went back", "counter", guilty(1, 4).fromAnyState(), `
0  |-add-and-get 1 → 1-|
1                          |-add-and-get 1 → 2-|
2                          |-read → 2-|
3                                                 |-add-and-get 1 → 3-|
4                                                   |-read → 1-|`},
		{"what is missing was added by one of unknown outcome", "counter", legal(), `
0  |-add-and-get 1 → 1-|
1    |-add-and-get 2--?
2                          |-read → 1-|
3                                        |-add-and-get 1 → 4-|
4                                                               |-read → 4-|`},
		{"it was called too late", "counter", guilty(0, 1).fromAnyState(), `
0  |-add-and-get 1 → 1-|
1                         |-add-and-get 1 → 3-|
2                                                |-add-and-get 1--?
3                                                |-read → 3-|
4                                                               |-read → 4-|`},
		{"it can be used once", "counter", guilty(0, 1, 2, 3, 4).fromAnyState(), `
0  |-read → 0-|
1     |-add-and-get 1--?
2               |-add-and-get 1 → 2-|
3                                      |-read → 2-|
4                                                    |-add-and-get 1 → 4-|`},
		{"one of two and two of one", "counter", legal(), `
0  |-add-and-get 2--?
1  |-add-and-get 1--?
2  |-add-and-get 1--?
3     |-add-and-get 4 → 6-|
4                            |-add-and-get 1 → 9-|`},
		{"no two of them make three", "counter", guilty(0, 3, 4).fromAnyState(), `
0  |-add-and-get 2--?
1  |-add-and-get 4--?
2                                    |-add-and-get 1--?
3     |-add-and-get 1 → 1-|
4            |-add-and-get 1 → 5-|`},
		{"additions without totals, in between", "counter", legal(), `
0  |-read → 0-|
1  |-add 1----------------|
2  |-add 1----------------------|
3                 |-read → 1-|
4                                |-read → 2-|`},
		{"an addition without a total was lost", "counter", guilty(0, 2, 4).fromAnyState(), `
0  |-read → 0-|
1  |-add 1----------------|
2                 |-add 1----|
3                 |-read → 0-|
4                                |-read → 0-|`},
		{"up and down again", "counter", legal(), `
0  |-add 1---------------------------|
1  |-add -1--------------------------|
2  |-read → -1-|
3                |-read → 0----|
4                                      |-read → 0-|`},
		{"once up, and twice seen there", "counter", guilty(0, 1, 2, 3, 4), `
0  |-add 1---------------------------|
1      |-add -1--?
2  |-read → 1-|
3               |-read → 0----|
4                                |-read → 1-|`},
		{"one is missing, and all there is are twos", "counter", guilty(0, 2).fromAnyState(), `
0  |-read → 0-|
1     |-add 2-?
2                 |-read → 1-|
3                                |-add 2-?`},
		{"one is missing from the start", "counter", guilty(0, 1), `
0  |-add 2-?
1     |-read → 1-|
2                    |-add 2-?`},
		{"too far down", "counter", guilty(0, 1, 4).fromAnyState(), `
0  |-read → 0-|
1     |-add -1--------|
2  |-add 1--?
3                  |-add 1--?
4                        |-read → -2-|`},

		{"refused, for what was taken by one of unknown outcome", "bounded-counter(3)", legal(), `
0  |-take 2 → 1-|
1  |-take 1--?
2                 |-take 1 → null-|
3                                    |-read → 0-|
4                                                   |-take 2 → null-|`},
		{"refused although there was enough", "bounded-counter(3)", guilty(1, 2), `
0  |-take 1 → 2-|
1                 |-take 2 → null-|
2                                    |-take 1 → 1-|
3                                                     |-take 2 → null-|
4                                                     |-read → 1-|`},
		{"sold twice", "bounded-counter(3)", guilty(1, 2).fromAnyState(), `
0  |-take 1 → 2-|
1                 |-take 1 → 1-|
2                 |-take 1 → 1-|
3                                 |-read → 1-|
4                                 |-take 1--?`},
		{"less than none", "bounded-counter(1)", guilty(1).fromAnyState(), `
0  |-take 1 → 0-|
1                 |-take 1 → -1-|
2                 |-take 1 → null-|
3                                 |-read → 0-|
4                                 |-put 1--?`},
		{"refused, and put back later", "bounded-counter(1)", legal(), `
0  |-take 1 → 0-|
1                 |-take 1 → null-|
2                    |-put 1 → 1-------|
3                                         |-take 1 → 0-|
4                                         |-read → 1-|`},
	})
}
