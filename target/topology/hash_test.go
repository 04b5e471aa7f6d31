package topology

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func same(shard string) string { return shard }

// A shard more takes from consistent hashing one key in n+1, all of them to
// itself; from counting modulo all but one in n+1.
func TestShareThatMoves(t *testing.T) {
	const keys = 20_000
	for n := 1; n <= 8; n++ {
		shards := shardNames(n)
		for hash, want := range map[string]float64{Consistent: 1 / float64(n+1), Modulo: float64(n) / float64(n+1)} {
			before, after := Hasher(hash, same)(shards), Hasher(hash, same)(shardNames(n+1))
			moved, elsewhere := 0, 0
			for k := range keys {
				key := fmt.Sprintf("session:%d", k)
				if to := after.Get(key); to != before.Get(key) {
					moved++
					if to != fmt.Sprintf("n%d", n+1) {
						elsewhere++
					}
				}
			}
			if share := float64(moved) / keys; math.Abs(share-want) > 0.05 {
				t.Errorf("%s, %d to %d shards: %.3f of the keys moved, want about %.3f", hash, n, n+1, share, want)
			}
			if hash == Consistent && elsewhere > 0 {
				t.Errorf("%d to %d shards: %d keys moved to an old shard", n, n+1, elsewhere)
			}
		}
	}
}

func shardNames(n int) []string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("n%d", i+1))
	}
	return names
}

// A shard whose host has a new name gets other keys, if names count.
func TestRenamedHost(t *testing.T) {
	old := map[string]string{"n1": "a.here", "n2": "b.here", "n3": "c.here"}
	renamed := map[string]string{"n1": "a.there", "n2": "b.there", "n3": "c.there"}
	for hash, least := range map[string]int{Consistent: 0, Host: 500} {
		before := Hasher(hash, func(s string) string { return old[s] })(shardNames(3))
		after := Hasher(hash, func(s string) string { return renamed[s] })(shardNames(3))
		moved := 0
		for k := range 1000 {
			if key := fmt.Sprint(k); before.Get(key) != after.Get(key) {
				moved++
			}
		}
		if moved < least || least == 0 && moved > 0 {
			t.Errorf("%s: %d of 1000 keys moved, want at least %d", hash, moved, least)
		}
	}
}

// The order in which shards are named makes no difference, and every key has one.
func TestHashesAreFunctions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shards := shardNames(rapid.IntRange(0, 6).Draw(t, "shards"))
		shuffled := rapid.Permutation(shards).Draw(t, "shuffled")
		key := rapid.String().Draw(t, "key")
		hash := rapid.SampledFrom(Hashes()).Draw(t, "hash")[0]
		one, other := Hasher(hash, same)(shards).Get(key), Hasher(hash, same)(shuffled).Get(key)
		if one != other {
			t.Fatalf("%s: %q is on %q, and on %q with the shards in another order", hash, key, one, other)
		}
		if (one == "") != (len(shards) == 0) {
			t.Fatalf("%s: %q is on %q of %v", hash, key, one, shards)
		}
	})
}
