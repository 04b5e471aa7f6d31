package history

import "fmt"

// pairer checks events one after another and pairs them into operations.
type pairer struct {
	history  *History
	open     map[Process]int // process → index into history.Ops
	retired  map[Process]bool
	events   int
	lastTime int64
	// numbered and timed say whether the history's events carry an index and a
	// time; the first event decides, and all must do the same.
	numbered, timed bool
}

func newPairer() *pairer {
	return &pairer{history: &History{}, open: map[Process]int{}, retired: map[Process]bool{}}
}

// add takes the next event. After an error the pairer is of no more use.
func (p *pairer) add(e Event) error {
	if err := p.place(&e); err != nil {
		return err
	}
	p.events++
	switch {
	case e.Process == Nemesis:
		p.history.Nemesis = append(p.history.Nemesis, e)
		p.history.Ended = p.history.Ended || e.F == End
		return nil
	case e.Type == Invoke:
		return p.invoke(e)
	}
	return p.complete(e)
}

// place checks index and time, and fills in those that a hand-written history
// leaves out: the place of the event serves as both.
func (p *pairer) place(e *Event) error {
	if p.events == 0 {
		p.numbered, p.timed = e.Index >= 0, e.Time >= 0
	}
	switch {
	case p.numbered != (e.Index >= 0):
		return fmt.Errorf("some events have an index and some have none: expected all or none")
	case p.timed != (e.Time >= 0):
		return fmt.Errorf("some events have a time and some have none: expected all or none")
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
	return nil
}

func (p *pairer) invoke(e Event) error {
	if at, open := p.open[e.Process]; open {
		return fmt.Errorf("process %s invokes %q while its %q (event %d) is still open: expected that to complete first",
			e.Process, e.F, p.history.Ops[at].F, p.history.Ops[at].Invoked)
	}
	if p.retired[e.Process] {
		return fmt.Errorf("process %s invokes %q after an info: expected a new process, its old operation may still take effect",
			e.Process, e.F)
	}
	p.open[e.Process] = len(p.history.Ops)
	p.history.Ops = append(p.history.Ops, Op{
		Process: e.Process, F: e.F, Key: e.Key, Input: e.Value,
		Call: e.Time, Return: Never, Outcome: Info, Invoked: e.Index, Completed: -1,
	})
	return nil
}

func (p *pairer) complete(e Event) error {
	at, open := p.open[e.Process]
	if !open {
		return fmt.Errorf("process %s completes %q without an invoke: expected an invoke of that process first",
			e.Process, e.F)
	}
	op := &p.history.Ops[at]
	if op.F != e.F || op.Key != e.Key {
		return fmt.Errorf("process %s completes %s, but invoked %s (event %d): expected the same operation and key",
			e.Process, describe(e.F, e.Key), describe(op.F, op.Key), op.Invoked)
	}
	delete(p.open, e.Process)
	op.Output, op.Outcome, op.Error, op.Completed = e.Value, e.Type, e.Error, e.Index
	if e.Type == Info {
		p.retired[e.Process] = true
	} else {
		op.Return = e.Time
	}
	return nil
}

func describe(f, key string) string {
	if key == "" {
		return fmt.Sprintf("%q", f)
	}
	return fmt.Sprintf("%q on %q", f, key)
}
