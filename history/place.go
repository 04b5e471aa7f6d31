package history

import (
	"errors"
	"fmt"
)

// placer checks index and time of the events of our own format, and fills in
// those that a hand-written history leaves out: the place of the event serves as
// both.
type placer struct {
	events   int
	lastTime int64
	// numbered and timed say whether the history's events carry an index and a
	// time; the first event decides, and all must do the same.
	numbered, timed bool
}

func (p *placer) place(e *Event) error {
	if p.events == 0 {
		p.numbered, p.timed = e.Index >= 0, e.Time >= 0
	}
	switch {
	case p.numbered != (e.Index >= 0):
		return errors.New("some events have an index and some have none: expected all or none")
	case p.timed != (e.Time >= 0):
		return errors.New("some events have a time and some have none: expected all or none")
	}
	if !p.numbered {
		e.Index = p.events
	}
	if !p.timed {
		e.Time = int64(p.events)
	}
	if e.Index != p.events {
		return fmt.Errorf("gap in index: found %d, expected %d", e.Index, p.events)
	}
	if e.Time < p.lastTime {
		return fmt.Errorf("time runs backwards: %d after %d", e.Time, p.lastTime)
	}
	p.lastTime = e.Time
	p.events++
	return nil
}
