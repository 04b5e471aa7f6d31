package history

import (
	"fmt"
	"io"
)

// Convert copies a history from one format to another, in bounded memory, and
// calls progress after each event, whose error ends it. It pairs nothing: what
// contradicts itself is copied as it stands. The warnings tell what the other
// format means otherwise.
func Convert(from *Reader, to *Writer, progress func(events int) error) (warnings []string, err error) {
	var loss losses
	for n := 1; ; n++ {
		e, err := from.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		loss.see(e)
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
