package checker

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// keyed is one key's share of a history, and what was found of it.
type keyed struct {
	key    string
	number int // by size, from 0
	// places are where its operations stand in the history.
	places []int32
	// said and certain count those that say something, and those of them that
	// took effect.
	said, certain int
	decision
	err      error
	panicked any
}

// split groups operations by key, largest first: linearizability is a local
// property (Herlihy and Wing 1990, theorem 1), so each is judged by itself.
func split(ops []history.Op) []*keyed {
	var (
		keys []*keyed
		last *keyed
		at   = map[string]*keyed{}
	)
	for i := range ops {
		if key := ops[i].Key; last == nil || last.key != key {
			if last = at[key]; last == nil {
				last = &keyed{key: key}
				at[key] = last
				keys = append(keys, last)
			}
		}
		last.places = append(last.places, int32(i))
	}
	slices.SortStableFunc(keys, func(a, b *keyed) int { return cmp.Compare(len(b.places), len(a.places)) })
	for i, k := range keys {
		k.number = i
	}
	return keys
}

// eachKey calls judge for the keys side by side, and reports progress.
func eachKey(ctx context.Context, keys []*keyed, progress func(done, total int), judge func(k *keyed)) {
	var (
		wg         sync.WaitGroup
		mu         sync.Mutex
		next, done int
	)
	take := func() *keyed {
		mu.Lock()
		defer mu.Unlock()
		if next == len(keys) || ctx.Err() != nil {
			return nil
		}
		next++
		return keys[next-1]
	}
	for range workers(len(keys)) {
		wg.Go(func() {
			for k := take(); k != nil; k = take() {
				judge(k)
				mu.Lock()
				done++
				progress(done, len(keys))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

// workers returns how many keys are judged at the same time.
func workers(keys int) int { return min(runtime.GOMAXPROCS(0), max(keys, 1)) }
