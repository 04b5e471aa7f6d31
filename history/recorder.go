package history

import (
	"sync/atomic"
	"time"
)

// Monotonic returns a clock that counts nanoseconds from now and never runs
// backwards. Make one for a run and use it for everything.
func Monotonic() func() int64 {
	base := time.Now()
	return func() int64 { return int64(time.Since(base)) }
}

// Counts are the events recorded so far.
type Counts struct{ Invoked, OK, Fail, Info int64 }

// Recorder numbers and times events and hands them to a journal. It is safe for
// concurrent use and allocates nothing once warm.
//
// Index and time are taken under the lock that also appends the line, so the
// file is in order of both. Waiting for that lock can only widen an operation's
// interval, which is safe: a wider interval forbids less.
type Recorder struct {
	journal *Journal
	now     func() int64
	event   Event // scratch; guarded by the journal's lock
	next    int
	counts  [Info + 1]atomic.Int64
}

// NewRecorder returns a recorder that writes to the journal and reads time, in
// nanoseconds since the run began, from now.
func NewRecorder(journal *Journal, now func() int64) *Recorder {
	return &Recorder{journal: journal, now: now}
}

// Invoke records that process p is about to call f. Call it before the request
// can leave. An error means that the history can no longer be written, so the
// request must not be sent. A final one is the last read of its key: see [Event.Final].
func (r *Recorder) Invoke(p Process, f, key string, v Value, final bool) error {
	return r.record(invocation(p, f, key, v, final))
}

func invocation(p Process, f, key string, v Value, final bool) Event {
	e := Event{Process: p, Type: Invoke, F: f, Key: key, Value: v}
	if final {
		e.Extra = `"final":true`
	}
	return e
}

// Complete records how the open operation of process p ended: OK, Fail or Info.
// Call it after the reply arrived, or after the client gave up.
func (r *Recorder) Complete(p Process, t Type, f, key string, v Value, reason string) error {
	return r.record(Event{Process: p, Type: t, F: f, Key: key, Value: v, Error: reason})
}

// Note records an event of the nemesis.
func (r *Recorder) Note(f string, v Value) error {
	return r.record(Event{Process: Nemesis, Type: Info, F: f, Value: v})
}

func (r *Recorder) record(e Event) error {
	j := r.journal
	if err := j.lock(); err != nil {
		return err
	}
	r.event = e
	r.event.Index, r.event.Time = r.next, r.now()
	r.next++
	j.pending = AppendEvent(j.pending, &r.event)
	j.unlock()
	if e.Process != Nemesis {
		r.counts[e.Type].Add(1)
	}
	return nil
}

// Now returns the time on the recorder's clock.
func (r *Recorder) Now() int64 { return r.now() }

// Counts returns how many client events of each type were recorded.
func (r *Recorder) Counts() Counts {
	return Counts{
		Invoked: r.counts[Invoke].Load(), OK: r.counts[OK].Load(),
		Fail: r.counts[Fail].Load(), Info: r.counts[Info].Load(),
	}
}

// Err returns the error that stopped the journal, if one did.
func (r *Recorder) Err() error { return r.journal.Err() }

// Close writes out what is pending, syncs the file and closes it.
func (r *Recorder) Close() error { return r.journal.Close() }
