package schedule

import (
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// machine performs one schedule. One lane moves at a time, in a goroutine of its
// own: whoever moves holds the baton, and gives it back where it stands.
type machine struct {
	schedule *Schedule
	world    World
	instance workloads.Instance
	tape     *history.Tape
	lanes    []*lane
	helpers  []*lane       // of the lanes, in the order in which they began
	stood    chan struct{} // a lane gives the baton back

	scratch []*lane
	word    []Step // the steps that were taken
	of      []int  // for each, of which operation of its client
	skipped []Skip
	steps   int    // so far, skipped ones included
	trace   *Trace // nil: none is wanted
	atEnd   func(*machine)
	memory  *memory // nil: nobody asks for a signature
	broken  error   // a client cannot go on
}

// Skip is a step that was impossible when its turn came.
type Skip struct {
	// At is its place in the word.
	At   int
	Step Step
	Why  string
}

func newMachine(s *Schedule, w World, instance workloads.Instance) *machine {
	m := &machine{schedule: s, world: w, instance: instance, stood: make(chan struct{})}
	m.tape = history.NewTape(func() int64 { return int64(w.Now()) })
	for i, ops := range s.Clients {
		l := &lane{machine: m, number: i, ops: ops, script: instance.NewScript()}
		if len(ops) == 0 {
			l.at = finished
		}
		m.lanes = append(m.lanes, l)
	}
	return m
}

// take takes a step. An error means that the world is broken.
func (m *machine) take(step Step) error {
	m.world.Beat()
	why, err := m.try(step)
	if err != nil {
		return fmt.Errorf("step %d, %s: %w", m.steps+1, step, err)
	}
	if why == "" {
		m.word, m.of = append(m.word, step), append(m.of, m.about(step))
	} else {
		m.skipped = append(m.skipped, Skip{m.steps, step, why})
	}
	m.steps++
	return nil
}

// about returns which operation of its client a step was about that was just
// taken, or -1.
func (m *machine) about(step Step) int {
	if step.Verb != Move && step.Verb != Timeout || step.Helper != 0 {
		return -1
	}
	return m.lanes[step.Client].next - 1
}

// lane returns the lane that a step is about; nil: a helper that has not begun.
func (m *machine) lane(step Step) *lane {
	if step.Helper == 0 {
		return m.lanes[step.Client]
	}
	for _, h := range m.helpers {
		if h.number == step.Client && h.helper == step.Helper {
			return h
		}
	}
	return nil
}

// all returns the lanes with their helpers.
func (m *machine) all() []*lane {
	if len(m.helpers) == 0 {
		return m.lanes
	}
	return append(append([]*lane(nil), m.lanes...), m.helpers...)
}

// try takes a step, or returns why it is impossible.
func (m *machine) try(step Step) (why string, err error) {
	if step.Verb.takes() == onClient && m.lane(step) == nil {
		return "there is no such helper", nil
	}
	switch step.Verb {
	case Move:
		return m.move(m.lane(step))
	case Timeout:
		return m.timeout(m.lane(step)), nil
	case Late:
		return m.late(m.lane(step)), nil
	case Tick:
		m.trace.tick(m, step.For)
		return "", m.world.Pass(step.For)
	}
	effect, err := m.world.Do(step)
	if err != nil {
		return "", err
	}
	if !effect.Took {
		return effect.Why, nil
	}
	m.trace.fault(m, step, effect)
	m.memory.fault(step)
	return "", m.tape.Note(step.Verb.String(), effect.value())
}

func (m *machine) move(l *lane) (why string, err error) {
	switch l.at {
	case finished:
		return "it has no more to do", nil
	case dialing:
		if m.world.Frozen(l.toReplica) {
			return "the server is paused", nil
		}
	case ready:
		if m.world.Stands(l.conn) {
			return "the server is paused", nil
		}
	case asleep:
		if wait := l.due - m.world.Now(); wait > 0 {
			m.trace.tick(m, wait)
			if err := m.world.Pass(wait); err != nil {
				return "", err
			}
		}
	}
	m.pass(l, goOn)
	return "", nil
}

func (m *machine) timeout(l *lane) (why string) {
	switch l.at {
	case dialing, ready, executed:
		m.trace.timeout(m, l)
		m.pass(l, giveUp)
		return ""
	}
	return "it waits for no answer"
}

func (m *machine) late(l *lane) (why string) {
	for i, c := range l.late {
		switch {
		case m.world.Stands(c):
			return "the server is paused"
		case !c.Alive():
			continue // it died with its server
		}
		l.late = append(l.late[:i:i], l.late[i+1:]...)
		m.trace.late(m, l, c)
		if c.ExecuteLate() {
			return ""
		}
		return "the server is gone"
	}
	return "no request of it is under way"
}

// pass gives the baton to a lane and waits until it is given back.
func (m *machine) pass(l *lane, o order) {
	if l.orders == nil {
		l.orders = make(chan order)
		go l.run()
	} else {
		l.orders <- o
	}
	<-m.stood
}

// end abandons the lanes, heals, and reads everything a last time.
func (m *machine) end() error {
	m.abandon()
	m.trace.end()
	if err := m.world.Heal(); err != nil {
		return fmt.Errorf("heal: %w", err)
	}
	m.world.Beat()
	if m.broken == nil {
		m.readFinally()
	}
	if m.broken != nil {
		return m.broken
	}
	return m.tape.Note(history.End, history.Value{})
}

// abandon ends the lanes, wherever they stand. Doing so twice does nothing.
func (m *machine) abandon() {
	for _, l := range m.all() {
		if l.at != finished && l.orders != nil {
			m.pass(l, abandon)
		}
		l.close()
	}
}

// close ends the lane's connections.
func (l *lane) close() {
	l.abandoned = true
	if l.worker != nil {
		l.worker.Close()
	}
	for _, c := range l.conns {
		_ = c.Drop()
	}
}

// keys returns the keys that operations are about, in order of their first.
func (m *machine) keys() []string {
	var keys []string
	seen := map[string]bool{}
	for _, ops := range m.schedule.Clients {
		for _, op := range ops {
			if !seen[op.Key] {
				seen[op.Key] = true
				keys = append(keys, op.Key)
			}
		}
	}
	return keys
}

// drainLimit bounds how often a final operation is repeated.
const drainLimit = 1000

// readFinally performs the workload's last operation on every key, by a process
// of its own that nothing holds up.
func (m *machine) readFinally() {
	if m.instance.Final.F == "" {
		return
	}
	last := &lane{machine: m, number: len(m.lanes), through: true}
	defer last.close()
	defer last.catch()
	last.open()
	for _, key := range m.keys() {
		op := m.instance.Final
		op.Key = key
		for range drainLimit {
			outcome, result, _ := last.worker.Perform(op)
			m.world.Beat()
			if outcome != history.OK || !m.instance.Drain || result.IsNull() {
				break
			}
		}
	}
	last.returned = true
}
