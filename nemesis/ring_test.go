package nemesis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/target/netfault"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

// Each server reaches a majority of the servers, no two the same, and not all of
// them; clients and Sentinels reach everybody.
func TestRing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		servers := rapid.IntRange(4, 15).Draw(t, "servers")
		env := Env{Rand: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))}
		e := crowd(servers, 3, 2, env.chance())
		c, err := links{layout: ring}.choose(e)
		if err != nil {
			t.Fatal(err)
		}
		cut := c.links()
		isCut := func(a, b string) bool {
			there, back := cut(netfault.Link{From: a, To: b}), cut(netfault.Link{From: b, To: a})
			if there != back {
				t.Fatalf("%s: one of %s and %s reaches the other", c.text, a, b)
			}
			return there
		}
		data := e.data()
		var majorities []string
		for _, a := range data {
			reached := slices.DeleteFunc(slices.Clone(data), func(b string) bool { return isCut(a, b) })
			switch majority := fmt.Sprint(reached); {
			case !slices.Contains(reached, a) || len(reached) <= servers/2 || len(reached) == servers:
				t.Fatalf("%s: %s reaches %v", c.text, a, reached)
			case servers <= 5 && len(reached) != 3:
				t.Fatalf("%s: %s reaches %v, and not only its neighbours", c.text, a, reached)
			case slices.Contains(majorities, majority):
				t.Fatalf("%s: two reach %v", c.text, reached)
			default:
				majorities = append(majorities, majority)
			}
			for _, other := range []string{"s1", "c0"} {
				if isCut(a, other) {
					t.Fatalf("%s: %s and %s are cut off", c.text, a, other)
				}
			}
		}
	})
}

// Links at random are seldom drawn in vain.
func TestRingsAreDrawn(t *testing.T) {
	random := Env{Rand: rand.New(rand.NewPCG(1, 2))}.chance()
	for n := 6; n <= 15; n++ {
		good, most := 0, 0
		for range 200 {
			s := random.linked(n)
			if s.differs() {
				good++
			}
			for i := range s {
				most = max(most, s.count(i))
			}
		}
		t.Logf("%d servers: %d of 200 draws have no two majorities alike; one reaches %d at most", n, good, most)
		if good < 20 {
			t.Errorf("%d servers: only %d of 200 draws", n, good)
		}
	}
}

// Where nothing is drawn in time, all see enough of their neighbours.
func TestNeighboursAreAMajority(t *testing.T) {
	for n := 4; n <= 40; n++ {
		s := fixed().neighbours(n)
		for i := range s {
			if seen := s.count(i); seen <= n/2 || seen > n/2+2 || !s.differs() {
				t.Errorf("%d servers: %d reaches %d", n, i, seen)
			}
		}
	}
}

// Servers of a cluster notice that they are on a ring.
func TestRingOnACluster(t *testing.T) {
	l := newNetLab(t, topology.Config{Kind: topology.Cluster})
	fault := l.fault(t, "partition(ring)")
	effect, err := fault.Inject(testContext(t))
	if err != nil || !effect.Took || len(effect.Where) != 1 {
		t.Errorf("injected: %+v, %v", effect, err)
	}
	if healed, err := fault.Heal(testContext(t)); err != nil || !healed.Took {
		t.Errorf("healed: %+v, %v", healed, err)
	}
	if err := l.Settle(testContext(t)); err != nil {
		t.Error(err)
	}
}
