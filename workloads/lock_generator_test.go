package workloads

import (
	"fmt"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
)

func lockLane(g *lockGenerator) *lockGenerator {
	g.lane, g.hold = Lane{Number: 4, Of: 5, Keys: NewKeys(1, 0), Rand: newRand(1)}, 10*time.Millisecond
	return g
}

// A client releases what it was granted, with what it was granted, and nothing
// else.
func TestLockGenerator(t *testing.T) {
	token, number := history.Str("4.1.cafe"), history.Int(17)
	heldBy := history.Object("held_by", history.Str("1.1.beef"))
	const plain, works, abandons = 0, 1, 2
	tests := []struct {
		name    string
		kind    int
		outcome history.Type
		result  history.Value
		want    string // the operations before the next acquire
	}{
		{"granted", plain, history.OK, token, `release "4.1.cafe", `},
		{"granted a number", works, history.OK, number, "write 17, release 17, "},
		{"seen held", plain, history.OK, heldBy, ""},
		{"seen held by a number", works, history.OK, history.Object("held_by", number), ""},
		{"not granted", plain, history.OK, history.Bool(false), ""},
		{"refused", plain, history.Fail, history.Value{}, ""},
		{"unknown", plain, history.Info, history.Value{}, ""},
		{"unknown, by one that abandons", abandons, history.Info, history.Value{}, "release asked, "},
		{"granted, by one that abandons", abandons, history.OK, token, `release "4.1.cafe", `},
		{"refused, by one that abandons", abandons, history.Fail, history.Value{}, ""},
		{"unknown, by one that works", works, history.Info, history.Value{}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := lockLane(&lockGenerator{tokens: test.kind != works, works: test.kind == works, abandons: test.kind == abandons})
			acquire := g.Next()
			if acquire.F != "acquire" || acquire.Key != "k1" || acquire.Value.IsNull() != (test.kind == works) {
				t.Fatalf("got %+v, want an acquire", acquire)
			}
			g.Done(acquire, test.outcome, test.result)
			got := ""
			for op := g.Next(); op.F != "acquire"; op = g.Next() {
				value := op.Value.String()
				if op.Value == acquire.Value {
					value = "asked"
				}
				got += fmt.Sprintf("%s %s, ", op.F, value)
				if !op.Follows {
					t.Errorf("%s waits for its turn", op.F)
				}
				if op.Key != acquire.Key {
					t.Errorf("%s of %s, want of %s", op.F, op.Key, acquire.Key)
				}
				g.Done(op, history.OK, op.Value)
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A release ends it, however it ends: a client that is not sure asks anew.
func TestLockGeneratorAfterARelease(t *testing.T) {
	for _, outcome := range []history.Type{history.OK, history.Fail, history.Info} {
		g := lockLane(&lockGenerator{tokens: true, abandons: true})
		first := g.Next()
		g.Done(first, history.OK, first.Value)
		release := g.Next()
		g.Done(release, outcome, history.Value{})
		if next := g.Next(); next.F != "acquire" || next.Value == first.Value {
			t.Errorf("after a release that ended %v: got %+v, want an acquire with another token", outcome, next)
		}
	}
}

// A holder whose write is rejected knows that it is none.
func TestLockGeneratorAfterARejectedWrite(t *testing.T) {
	g := lockLane(&lockGenerator{works: true})
	acquire := g.Next()
	g.Done(acquire, history.OK, history.Int(3))
	g.Done(g.Next(), history.Fail, history.Value{})
	if next := g.Next(); next.F != "acquire" {
		t.Errorf("got %+v, want an acquire", next)
	}
}

// Locks are kept from no time at all to the longest time, evenly.
func TestHold(t *testing.T) {
	for _, works := range []bool{false, true} {
		g := lockLane(&lockGenerator{works: works})
		least, most := time.Hour, time.Duration(0)
		for range 200 {
			g.Done(g.Next(), history.OK, history.Int(1))
			first := g.Next()
			least, most = min(least, first.Think), max(most, first.Think)
			if works {
				g.Done(first, history.OK, first.Value)
				if release := g.Next(); release.Think != 0 {
					t.Fatalf("thinks %v after the write, want no more thinking", release.Think)
				}
			}
		}
		if least > time.Millisecond || most < 9*time.Millisecond || most > 10*time.Millisecond {
			t.Errorf("thinks from %v to %v, want from 0 to 10ms", least, most)
		}
	}
}
