package promise

import (
	"context"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
)

// standings are those of the first promises, a letter each: H held, V violated,
// - not decided.
func standings(rungs []Promise, n int) string {
	var text strings.Builder
	for _, r := range rungs[:min(n, len(rungs))] {
		text.WriteString(map[Standing]string{Held: "H", Violated: "V", NotDecided: "-"}[r.Standing])
	}
	return text.String()
}

// failer is a test, or a trial of a property.
type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func climbed(t failer, h *history.History, checks ...string) []Promise {
	t.Helper()
	rungs, err := Ladder(context.Background(), h, Given{Checks: checks})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rungs {
		if r.Name == "" || r.Meaning == "" || (r.Standing == NotDecided) != (r.Reason != "") || (r.Standing == Violated) != (r.Witness != nil) {
			t.Fatalf("incomplete: %+v", r)
		}
		if r.Witness != nil && (len(r.Witness.Ops) == 0 || len(r.Witness.Ops) != len(r.Witness.Witness) || r.Witness.Explanation == "") {
			t.Fatalf("a witness that cannot be drawn: %+v", r.Witness)
		}
	}
	return rungs
}

// The letters are linearizable, sequential, read your writes, monotonic reads,
// monotonic writes and writes follow reads.
func TestLadderOfDrawnRegisters(t *testing.T) {
	for _, test := range []struct{ name, want, drawing string }{
		{"all of them", "HHHHHH", `
0 x  |-write 1-|
0 x              |-write 2-|
0 x                          |-read → 2-|
1 x                                        |-read → 2-|
1 x                                                     |-read → 2-|
1 x                                                                  |-write 3-|
2 x                                                                              |-read → 3-|
2 x                                                                                           |-read → 3-|`},
		{"sequential, not linearizable", "VHHHHH", `
0 x  |-write 1-|
0 x              |-write 2-|
0 x                          |-read → 2-|
0 x                                        |-write 3-|
1 x                                                    |-read → 2-|
1 x                                                                 |-read → 2-|
1 x                                                                              |-write 4-|
2 x                                                                                          |-read → 4-|
2 x                                                                                                       |-read → 4-|`},
		{"each key is sequential, both together are not (Dekker)", "VV----", `
0 x  |-write 1-|
1 y  |-write 1-|
0 y              |-read → null-|
1 x              |-read → null-|`},
		{"the session guarantees, not sequential", "VVHHHH", `
0 x  |-write 1-|
0 x              |-read → 1-|
0 y                           |-read → null-|
1 y  |-write 2-|
1 y              |-read → 2-|
1 x                           |-read → null-|
2 x                                            |-write 5-|
2 x                                                        |-write 6-|
3 x                                                                    |-read → 6-|
3 x                                                                                 |-read → 6-|
3 x                                                                                              |-write 7-|
4 x                                                                                                          |-read → 7-|
4 x                                                                                                                       |-read → 7-|`},
		{"all but read your writes", "VVVHHH", `
0 x  |-write 1-|
0 x              |-read → null-|
2 x                              |-write 5-|
2 x                                          |-write 6-|
3 x                                                      |-read → 6-|
3 x                                                                   |-read → 6-|
3 x                                                                                |-write 7-|
4 x                                                                                            |-read → 7-|
4 x                                                                                                         |-read → 7-|`},
		{"all but monotonic reads", "VVHVHH", `
0 x  |-write 1-|
0 x              |-write 2-|
0 x                          |-read → 2-|
1 x  |-write 3-|
2 x                          |-read → 3-|
2 x                                       |-read → 2-|
2 x                                                    |-read → 3-|
2 x                                                                 |-write 4-|
3 x                                                                             |-read → 4-|
3 x                                                                                          |-read → 4-|`},
		{"all but monotonic writes", "VVHHVH", `
0 x  |-write 1-|
0 y              |-write 2-|
0 y                          |-read → 2-|
1 y                                       |-read → 2-|
1 x                                                    |-read → null-|
1 y                                                                    |-read → 2-|
1 z                                                                                 |-write 3-|
2 z                                                                                             |-read → 3-|
2 y                                                                                                          |-read → 2-|`},
		{"all but writes follow reads", "VVHHHV", `
0 x  |-write 1-|
0 z              |-write 4-|
0 z                          |-read → 4-|
1 x              |-read → 1-|
1 y                           |-write 2-|
2 y                                       |-read → 2-|
2 x                                                    |-read → null-|
2 z                                                                    |-read → 4-|
2 z                                                                                 |-read → 4-|
2 x                                                                                              |-read → 1-|`},
		{"overwritten by who reads it", "VVV---", `
0 x  |-write 1-|
0 x              |-write 2-|
0 x                          |-read → 1-|`},
		{"a replica that lags", "VV-VH-", `
0 x  |-write 1-|
0 x              |-write 2-|
1 x                          |-read → 2-|
1 x                                       |-read → 1-|`},
		{"by way of two sessions", "VV---V", `
0 x  |-write 1-|
1 x              |-read → 1-|
1 y                           |-write 2-|
2 y                                       |-read → 2-|
2 z                                                    |-write 3-|
3 z                                                                |-read → 3-|
3 x                                                                             |-read → null-|`},
		{"around in a circle", "VV---V", `
0 y     |-read → 1-|
0 x                  |-write 1-|
1 x     |-read → 1-|
1 y                  |-write 1-|`},
		{"a write of unknown outcome that nobody saw", "HHH---", `
0 x  |-write 1-|
1 x              |-write 2--?
0 x                             |-read → 1-|`},
		{"one that was seen, and then not", "VV-V--", `
0 x  |-write 1-?
1 x              |-read → 1-|
1 x                           |-read → null-|`},
		{"after an unknown outcome the client is another session", "VH----", `
0 x  |-write 1-|
1 x  |-read → 1-|
1 x                |-read--?
2 x                            |-read → null-|`},
		{"from nowhere", "VVVVVV", `
0 x  |-read → 9-|`},
		{"a compare-and-set reads and writes", "VVVH--", `
0 x  |-write 1-|
0 x              |-cas [1,2] → [1,2]-|
0 x                                     |-read → 1-|`},
		{"values that repeat, decided by search", "HHH---", `
0 x  |-write 1-|
1 x              |-write 1-|
0 x                          |-read → 1-|`},
		{"nothing was read", "------", `
0 x  |-write 1-|`},
	} {
		t.Run(test.name, func(t *testing.T) {
			rungs := climbed(t, &history.History{Ops: sketch.MustParse(test.drawing)}, "linearizable(cas-register)")
			if got := standings(rungs, 6); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
				for _, r := range rungs {
					t.Logf("%s: %s %s %+v", r.Name, r.Standing, r.Reason, r.Witness)
				}
			}
		})
	}
}

func TestLadderOfDrawnSets(t *testing.T) {
	for _, test := range []struct{ name, want, drawing string }{
		{"all of them", "HHHHHH", `
0  |-add 1-|
0            |-add 2-|
0                      |-read → [1,2]-|
1                                        |-read → [1,2]-|
1                                                         |-read → [1,2]-|
1                                                                          |-add 3-|
2                                                                                    |-read → [1,2,3]-|`},
		{"sequential, not linearizable", "VH----", `
0  |-add 1-|
1            |-read → []-|`},
		{"all but read your writes", "VVV---", `
0  |-add 1-|
0            |-read → []-|`},
		{"all but monotonic reads", "VV-V--", `
0  |-add 1-|
1            |-read → [1]-|
1                           |-read → []-|`},
		{"all but monotonic writes", "VV--V-", `
0  |-add 1-|
0            |-add 2-|
1                      |-read → [2]-|`},
		{"all but writes follow reads", "VV---V", `
0  |-add 1-|
1            |-read → [1]-|
1                           |-add 2-|
2                                     |-read → [2]-|`},
		{"reads that disagree", "VV----", `
0  |-add 1-|
1  |-add 2-|
2            |-read → [1]-|
3            |-read → [2]-|`},
		{"around in a circle, over two sets", "VV----", `
0 x  |-add 1-|
0 y            |-read → []-|
1 y  |-add 2-|
1 x            |-read → []-|`},
		{"what nobody added", "VVVVVV", `
0  |-add 1-|
0            |-read → [1,7]-|`},
	} {
		t.Run(test.name, func(t *testing.T) {
			rungs := climbed(t, &history.History{Ops: sketch.MustParse(test.drawing)}, "linearizable(set)", "durability")
			if got := standings(rungs, 6); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
				for _, r := range rungs {
					t.Logf("%s: %s %s %+v", r.Name, r.Standing, r.Reason, r.Witness)
				}
			}
		})
	}
}

func TestLadderOfTexts(t *testing.T) {
	for _, test := range []struct{ name, want, drawing string }{
		{"put and got", "HHHH--", `
0  |-put "a"-|
0              |-get → "a"-|
0                            |-get → "a"-|`},
		{"empty again", "VVVV--", `
0  |-put "a"-|
0              |-get → "a"-|
0                            |-get → ""-|`},
		{"made longer", "HH----", `
0  |-append "a"-|
0                 |-append "b"-|
0                                |-get → "ab"-|`},
		{"made longer and lost", "V-----", `
0  |-append "a"-|
0                 |-append "b"-|
0                                |-get → "b"-|`},
	} {
		t.Run(test.name, func(t *testing.T) {
			rungs := climbed(t, &history.History{Ops: sketch.MustParse(test.drawing)}, "linearizable(kv)")
			if got := standings(rungs, 6); got != test.want {
				t.Errorf("got %s, want %s: %+v", got, test.want, rungs)
			}
		})
	}
}
