package netfault

import "sync"

// crew is the goroutines of a fabric.
type crew struct {
	mu     sync.Mutex
	closed bool
	wg     sync.WaitGroup
}

// spawn starts a goroutine. It reports false if the crew has been dismissed.
func (c *crew) spawn(work func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.wg.Go(work)
	}
	return !c.closed
}

// dismiss waits until all goroutines have ended. No other one starts.
func (c *crew) dismiss() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.wg.Wait()
}
