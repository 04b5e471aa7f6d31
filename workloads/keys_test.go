package workloads

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

func TestKeysRotate(t *testing.T) {
	k := NewKeys(2, 3)
	k.Used("k1")
	k.Used("k1")
	if got, want := k.All(), []string{"k1", "k2"}; !slices.Equal(got, want) {
		t.Errorf("below the bound: got %v, want %v", got, want)
	}
	k.Used("k1")
	if got, want := k.All(), []string{"k1", "k2", "k3"}; !slices.Equal(got, want) {
		t.Errorf("at the bound: got %v, want %v", got, want)
	}
	picked := map[string]bool{}
	rng := newRand(1)
	for range 100 {
		picked[k.Pick(rng)] = true
	}
	if len(picked) != 2 || !picked["k2"] || !picked["k3"] {
		t.Errorf("picked %v, want k2 and k3", picked)
	}
	// What was under way when its key was replaced changes nothing.
	for range 5 {
		k.Used("k1")
		k.Used("unknown")
	}
	if got := k.All(); len(got) != 3 {
		t.Errorf("got %v, want the same three", got)
	}
	if len(k.used) != 2 {
		t.Errorf("it counts operations of %d keys, want of the two in use", len(k.used))
	}
}

func TestKeysWithoutEnd(t *testing.T) {
	k := NewKeys(1, 0)
	for range 1000 {
		k.Used("k1")
	}
	if got := k.All(); !slices.Equal(got, []string{"k1"}) || k.Pick(newRand(1)) != "k1" {
		t.Errorf("got %v, want k1 alone", got)
	}
}

// All is the caller's own.
func TestAllIsACopy(t *testing.T) {
	k := NewKeys(1, 0)
	k.All()[0] = "spoilt"
	if got := k.All(); got[0] != "k1" {
		t.Errorf("got %v", got)
	}
}

// By one client, no key sees more operations than its bound, and every key that
// was replaced saw exactly as many.
func TestKeysBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		active, perKey := rapid.IntRange(1, 5).Draw(t, "active"), rapid.IntRange(1, 5).Draw(t, "per key")
		k, rng := NewKeys(active, perKey), newRand(rapid.Uint64().Draw(t, "seed"))
		used := map[string]int{}
		for range rapid.IntRange(0, 60).Draw(t, "operations") {
			key := k.Pick(rng)
			used[key]++
			k.Used(key)
		}
		all, full := k.All(), 0
		for _, key := range all {
			switch {
			case used[key] > perKey:
				t.Fatalf("%s saw %d operations, want %d at most", key, used[key], perKey)
			case used[key] == perKey:
				full++
			}
		}
		if len(all) != active+full {
			t.Errorf("%d keys, want %d in use and %d full ones", len(all), active, full)
		}
	})
}

// Clients at work on a key when it is replaced can exceed its bound, each by
// one operation.
func TestKeysConcurrently(t *testing.T) {
	const clients, perKey, operations = 4, 10, 500
	k := NewKeys(3, perKey)
	var mu sync.Mutex
	used := map[string]int{}
	var workers sync.WaitGroup
	for i := range clients {
		workers.Go(func() {
			rng := newRand(uint64(i))
			for range operations {
				key := k.Pick(rng)
				mu.Lock()
				used[key]++
				mu.Unlock()
				k.Used(key)
			}
		})
	}
	workers.Wait()
	all, total := k.All(), 0
	for _, key := range all {
		total += used[key]
		if used[key] > perKey+clients-1 {
			t.Errorf("%s saw %d operations", key, used[key])
		}
	}
	if total != clients*operations {
		t.Errorf("the keys of All saw %d operations, want %d", total, clients*operations)
	}
	if slices.Sort(all); len(slices.Compact(all)) != len(all) {
		t.Error("a key was handed out as two")
	}
}
