package checker

import (
	"runtime"
	"sync"
)

// sideBySide does n pieces of work on all cores. progress is called with how many
// are done. A panic comes out in the caller, once the others have stopped.
func sideBySide(n int, progress func(done int), work func(i int)) {
	var (
		wg         sync.WaitGroup
		mu         sync.Mutex
		next, done int
		panicked   any
	)
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		next++
		return next - 1, next <= n && panicked == nil
	}
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					mu.Lock()
					panicked = p
					mu.Unlock()
				}
			}()
			for i, ok := take(); ok; i, ok = take() {
				work(i)
				mu.Lock()
				done++
				progress(done)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if panicked != nil {
		panic(panicked)
	}
}
