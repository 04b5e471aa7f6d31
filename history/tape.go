package history

// Tape records events in memory, with the calls of a [Recorder]. It is used by
// one goroutine at a time.
type Tape struct {
	now    func() int64
	events []Event
}

// NewTape returns an empty tape that reads time, in nanoseconds since the run
// began, from now.
func NewTape(now func() int64) *Tape { return &Tape{now: now} }

// Invoke is as [Recorder.Invoke]. It never fails.
func (t *Tape) Invoke(p Process, f, key string, v Value, final bool) error {
	t.record(invocation(p, f, key, v, final))
	return nil
}

// Complete is as [Recorder.Complete]. It never fails.
func (t *Tape) Complete(p Process, typ Type, f, key string, v Value, reason string) error {
	t.record(Event{Process: p, Type: typ, F: f, Key: key, Value: v, Error: reason})
	return nil
}

// Note is as [Recorder.Note]. It never fails.
func (t *Tape) Note(f string, v Value) error {
	t.record(Event{Process: Nemesis, Type: Info, F: f, Value: v})
	return nil
}

func (t *Tape) record(e Event) {
	e.Index, e.Time = len(t.events), t.now()
	t.events = append(t.events, e)
}

// Events returns what was recorded so far.
func (t *Tape) Events() []Event { return t.events }

// Pair checks events and pairs them into a history, as [Load] does with a file.
// Operations left open count as Info.
func Pair(events []Event) (*History, error) {
	var places placer
	p := newPairer()
	for i, e := range events {
		err := places.place(&e)
		if err == nil {
			err = p.add(&e)
		}
		if err != nil {
			return nil, &LineError{i + 1, err}
		}
	}
	return p.history, nil
}
