package virtual

import (
	"fmt"
	"runtime/debug"
)

// Group is a sync.WaitGroup whose goroutines take turns.
type Group struct {
	time     *Time
	open     int
	panicked string
}

// Group returns a group without goroutines.
func (t *Time) Group() *Group { return &Group{time: t} }

// Go calls f in a goroutine, once its turn comes.
func (g *Group) Go(f func()) {
	w := newRunner()
	w.due = g.time.Now()
	g.time.waiting = append(g.time.waiting, w)
	g.open++
	go func() {
		<-w.baton
		defer g.end()
		f()
	}()
}

// end hands the baton over for good. A panic is kept for whoever waits, so that
// nobody else is held up by it.
func (g *Group) end() {
	if value := recover(); value != nil && g.panicked == "" {
		g.panicked = fmt.Sprintf("%v\n\nin a goroutine of virtual time:\n%s", value, debug.Stack())
	}
	g.open--
	g.time.hand(g.time.next())
}

// Wait waits until all of the group's goroutines have ended. It panics if one of
// them did.
func (g *Group) Wait() {
	g.time.Await(Forever, func() bool { return g.open == 0 })
	if g.panicked != "" {
		panic(g.panicked)
	}
}
