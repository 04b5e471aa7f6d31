package history

import (
	"errors"
	"fmt"
	"io"
)

// Convert copies a history from one format to another, in bounded memory, and
// calls progress after each event, whose error ends it. It pairs nothing: what
// contradicts itself is copied as it stands. What our own format has no way to
// say is refused; the warnings tell what a format of others means otherwise.
func Convert(from *Reader, to *Writer, progress func(events int) error) (warnings []string, err error) {
	var loss losses
	crashed := map[Process]bool{}
	for n := 1; ; n++ {
		e, err := from.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		loss.see(e)
		if from.format.foreign() && !to.format.foreign() {
			if err := ownCan(e, crashed); err != nil {
				return nil, &LineError{from.Line(), err}
			}
		}
		if err := to.Write(e); err != nil {
			return nil, fmt.Errorf("write event %d: %w", e.Index, err)
		}
		if err := progress(n); err != nil {
			return nil, err
		}
	}
	if err := to.Close(); err != nil {
		return nil, fmt.Errorf("write history: %w", err)
	}
	warnings = from.Warnings()
	if !from.format.foreign() && to.format.foreign() {
		warnings = append(warnings, loss.warnings()...)
	}
	return warnings, nil
}

// ownCan returns an error if our own format cannot say what the event says. The
// processes that crashed before it are given.
//
// Why not give a process that goes on a new number: to the models of locks it
// would be somebody else.
func ownCan(e *Event, crashed map[Process]bool) error {
	switch {
	case e.Process == Nobody:
		return errors.New("process is null, which jsonl does not have: convert to edn or json")
	case e.Process != Nemesis && e.Type == Info:
		crashed[e.Process] = true
	case crashed[e.Process]:
		return fmt.Errorf("process %s goes on after an info, which jsonl does not have: convert to edn or json", e.Process)
	}
	return nil
}

// losses counts what our own format says and the others do not.
type losses struct {
	nulls, ties int
	completed   int64
	any         bool
}

func (l *losses) see(e *Event) {
	switch {
	case e.Process == Nemesis:
	case e.Type == Invoke:
		if l.any && e.Time == l.completed {
			l.ties++
		}
	default:
		l.completed, l.any = e.Time, true
		if e.Type == OK && e.F == "read" && e.Value.IsNull() {
			l.nulls++
		}
	}
}

func (l *losses) warnings() []string {
	var all []string
	if l.nulls > 0 {
		all = append(all, fmt.Sprintf("reads of null: %d; in this format they say nothing, unless it is read with --nil-is-initial", l.nulls))
	}
	if l.ties > 0 {
		all = append(all, fmt.Sprintf("invocations at the time of a completion before them: %d; they were concurrent, and in this format come after it", l.ties))
	}
	return all
}
