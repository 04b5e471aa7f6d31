package history

import "fmt"

// maxEvents is how many events a history has at most. Why a limit: those who
// judge one number its events with 32 bits.
const maxEvents = 1<<31 - 1

// pairer checks events one after another and pairs them into operations.
type pairer struct {
	history *History
	open    processes
	pending int // operations without a completion
	line    int // of the event, from 1
	// foreign says that the history is Jepsen's: processes may go on after an
	// info. unpaired says that completions without an invoke are kept.
	foreign, unpaired bool
	resumed           int    // invocations of processes that went on
	first             string // of which this was the first
}

func newPairer() *pairer {
	return &pairer{history: &History{}}
}

// add takes the next event, which has its index and its time. After an error the
// pairer is of no more use.
func (p *pairer) add(e *Event) error {
	switch {
	case e.Index >= maxEvents:
		return fmt.Errorf("the history has more than %d events: split it", maxEvents)
	case e.Process == Nemesis:
		p.history.Nemesis = append(p.history.Nemesis, *e)
		p.history.Ended = p.history.Ended || e.F == End && !p.foreign
		return nil
	case e.Process == Nobody && e.Type == Invoke:
		return fmt.Errorf("process is null, and nobody can invoke: expected a number from 0")
	case e.Process == Nobody:
		return p.unpair(e)
	case e.Type == Invoke:
		return p.invoke(e)
	}
	return p.complete(e)
}

func (p *pairer) invoke(e *Event) error {
	at := p.open.get(e.Process)
	if at >= 0 {
		return fmt.Errorf("process %s invokes %q while its %q (event %d) is still open: expected that to complete first",
			e.Process, e.F, p.history.Ops[at].F, p.history.Ops[at].Invoked)
	}
	if at == retired {
		if !p.foreign {
			return fmt.Errorf("process %s invokes %q after an info: expected a new process, its old operation may still take effect",
				e.Process, e.F)
		}
		p.undead(e)
	}
	p.open.set(e.Process, len(p.history.Ops))
	p.pending++
	p.history.Ops = append(p.history.Ops, Op{
		Process: e.Process, F: e.F, Key: e.Key, Input: e.Value,
		Call: e.Time, Return: Never, Outcome: Info, Final: e.Final(), Invoked: e.Index, Completed: -1,
	})
	return nil
}

// undead notes that a process goes on after an info. Its old operation stays
// open, and may take effect while the process does other things or never: that
// is what an info says, whoever goes on.
func (p *pairer) undead(e *Event) {
	if p.resumed++; p.resumed == 1 {
		p.first = fmt.Sprintf("process %s goes on after an info (line %d)", e.Process, p.line)
	}
}

func (p *pairer) complete(e *Event) error {
	at := p.open.get(e.Process)
	if at < 0 {
		return p.unpair(e)
	}
	op := &p.history.Ops[at]
	if e.Key == "" && p.foreign && e.Type != OK {
		e.Key = op.Key // given up before there was a value
	}
	if op.F != e.F || op.Key != e.Key {
		return fmt.Errorf("process %s completes %s, but invoked %s (event %d): expected the same operation and key",
			e.Process, describe(e.F, e.Key), describe(op.F, op.Key), op.Invoked)
	}
	op.Output, op.Outcome, op.Error, op.Completed = e.Value, e.Type, e.Error, e.Index
	if p.foreign && e.Type == OK && tellsArgument(e) {
		op.Input = e.Value
	}
	op.Final = op.Final || e.Final()
	p.pending--
	if e.Type == Info {
		p.open.set(e.Process, retired)
		op.GaveUp = e.Time
	} else {
		p.open.set(e.Process, idle)
		op.Return = e.Time
	}
	return nil
}

// tellsArgument reports whether a completion says what was done: in Jepsen's
// histories an invocation has the value that its completion has, which may be the
// only one. Results of other operations are not their arguments.
func tellsArgument(e *Event) bool {
	switch e.F {
	case "write", "add", "enqueue":
		return !e.Value.IsAbsent() && !e.Value.IsNull()
	case "cas":
		_, _, pair := split(e.Value)
		return pair
	}
	return false
}

// unpair keeps a completion that nobody invoked, if it may.
func (p *pairer) unpair(e *Event) error {
	if !p.unpaired {
		return fmt.Errorf("process %s completes %q without an invoke: expected an invoke of that process first",
			e.Process, e.F)
	}
	p.history.Unpaired = append(p.history.Unpaired, *e)
	return nil
}

// warnings returns what was tolerated, one sentence each.
func (p *pairer) warnings() []string {
	var all []string
	if p.resumed > 0 {
		all = append(all, fmt.Sprintf("%s; %d operations were invoked so, and what was open before stays open", p.first, p.resumed))
	}
	if p.pending > 0 {
		all = append(all, fmt.Sprintf("operations left open: %d; they count as info", p.pending))
	}
	if n := len(p.history.Unpaired); n > 0 {
		all = append(all, fmt.Sprintf("completions without an invoke: %d; they are no operations", n))
	}
	return all
}

func describe(f, key string) string {
	if key == "" {
		return fmt.Sprintf("%q", f)
	}
	return fmt.Sprintf("%q on %q", f, key)
}
