package history

import (
	"errors"
	"fmt"
)

// rules make our events of those in the formats of others.
//
// Why here, and not in the models: what null means is a matter of who wrote the
// file. Our own null is a value like any other; Knossos' models let a read of
// nil pass anywhere, because clients complete a read that learnt nothing so. A
// completion without a value is what we call that.
type rules struct {
	foreign, keyed, nilIsInitial bool
	own                          placer
	events                       int
	last, completed              int64 // the last time, and that of a completion; -1: none
	// original are the indexes in the file, once one differs from its place.
	original []int
	// kinds are the JSON types of the keys seen.
	kinds map[string]namedKey
	// tupled and bare tell that operations with and without a tagged key were seen.
	tupled, bare bool
}

// maxTime keeps times, also those moved forward, before [Never].
const maxTime = 1 << 62

// namedKey is a key as an [Event] has it, and its type in the file.
type namedKey struct {
	name string
	kind Kind
}

func newRules(f Format, o ReadOptions) rules {
	return rules{
		foreign: f.foreign(), keyed: o.Keyed, nilIsInitial: o.NilIsInitial,
		last: -1, completed: -1, kinds: map[string]namedKey{},
	}
}

// apply changes the event that was read to the one that it means.
func (r *rules) apply(e *foreignEvent) error {
	if e.Time > maxTime {
		return fmt.Errorf("time is %d: expected nanoseconds since the run began", e.Time)
	}
	if r.keyed && e.Process != Nemesis {
		if err := r.splitKey(e); err != nil {
			return err
		}
	}
	if !e.key.IsAbsent() {
		if err := r.name(e); err != nil {
			return err
		}
	}
	if !r.foreign {
		return r.own.place(&e.Event)
	}
	if err := r.sameKind(e); err != nil {
		return err
	}
	r.place(e)
	if e.Type == OK && e.F == "read" && e.Value.IsNull() && !r.nilIsInitial && e.Process != Nemesis {
		e.Value = Value{}
	}
	return nil
}

// splitKey takes the key out of a value [key value]. A completion that does not
// succeed may come without: it is about the key of its invocation.
func (r *rules) splitKey(e *foreignEvent) error {
	if e.tupled {
		return nil
	}
	if !e.key.IsAbsent() || e.Key != "" {
		return errors.New("the event has a key of its own: leave --keyed away")
	}
	key, value, ok := split(e.Value)
	if !ok {
		if e.Type == Invoke || e.Type == OK {
			return fmt.Errorf("the value is %.40s: expected [key value] (--keyed)", e.Value)
		}
		return nil
	}
	e.key, e.Value, e.tupled = key, value, true
	return nil
}

// name sets the event's Key. Two keys of different types that would get the same
// name are refused: they are two objects.
func (r *rules) name(e *foreignEvent) error {
	var scratch [64]byte
	text := scratch[:0]
	if word, ok := e.key.Text(); ok {
		text = append(text, word...)
	} else {
		text = e.key.AppendJSON(text)
	}
	known, ok := r.kinds[string(text)]
	if !ok {
		known = namedKey{string(text), e.key.kind}
		r.kinds[known.name] = known
	}
	if known.kind != e.key.kind {
		return fmt.Errorf("the key %s is a string here and none on an earlier line, or the other way round: expected one of them", known.name)
	}
	e.Key = known.name
	return nil
}

// sameKind refuses a client's invocation without a key among ones with a tuple:
// in Jepsen it belongs to every key.
func (r *rules) sameKind(e *foreignEvent) error {
	if e.Type != Invoke || e.Process == Nemesis {
		return nil
	}
	r.tupled = r.tupled || e.tupled
	r.bare = r.bare || !e.tupled
	if r.tupled && r.bare {
		return errors.New("some operations have a tuple with a key and some have none: expected all or none")
	}
	return nil
}

// place numbers the event, and moves its time forward so that times order events
// as they stand: a completion comes before an invocation only at an earlier time.
func (r *rules) place(e *foreignEvent) {
	if r.original == nil && e.Index >= 0 && e.Index != r.events {
		r.original = make([]int, r.events, 2*r.events+1024)
		for i := range r.original {
			r.original[i] = i
		}
	}
	if r.original != nil {
		r.original = append(r.original, e.Index)
	}
	e.Index = r.events
	r.events++
	if e.Time < 0 {
		e.Time = r.last + 1
	}
	e.Time = max(e.Time, r.last, 0)
	if e.Type == Invoke {
		e.Time = max(e.Time, r.completed+1)
	} else {
		r.completed = e.Time
	}
	r.last = e.Time
}
