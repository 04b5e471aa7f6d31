package workloads

import (
	"math/rand/v2"
	"strconv"
	"sync"
)

// Keys hands out objects to work on: a fixed number at a time, each replaced by
// a fresh one when it has seen enough operations, so that no history of a key
// grows beyond what a checker can judge. Safe for concurrent use.
type Keys struct {
	mu     sync.Mutex
	perKey int
	active []string
	used   map[string]int // operations so far of active keys
	all    []string
}

// NewKeys returns keys of which active are in use at a time, each for about
// perKey operations; perKey 0 means without end.
func NewKeys(active, perKey int) *Keys {
	k := &Keys{perKey: perKey, used: map[string]int{}}
	for range active {
		k.active = append(k.active, k.fresh())
	}
	return k
}

func (k *Keys) fresh() string {
	name := "k" + strconv.Itoa(len(k.all)+1)
	k.all = append(k.all, name)
	k.used[name] = 0
	return name
}

// Pick returns one of the keys in use.
func (k *Keys) Pick(rng *rand.Rand) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.active[rng.IntN(len(k.active))]
}

// Used counts an operation that may have taken effect on the key. Refused ones
// do not count: while a server is down, keys would rotate away unseen.
func (k *Keys) Used(name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	n, active := k.used[name]
	if !active {
		return
	}
	if n++; k.perKey == 0 || n < k.perKey {
		k.used[name] = n
		return
	}
	delete(k.used, name)
	for i := range k.active {
		if k.active[i] == name {
			k.active[i] = k.fresh()
		}
	}
}

// All returns every key ever handed out, oldest first.
func (k *Keys) All() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]string(nil), k.all...)
}
