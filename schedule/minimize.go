package schedule

import (
	"context"
	"math"
	"slices"
	"time"
)

// minimizer makes a failing schedule smaller until nothing more can be left out.
type minimizer struct {
	ctx      context.Context
	executor *Executor
	deadline time.Time
	tell     func(tries int, smallest *Schedule)

	best  attempt
	rank  rank   // of best
	kind  string // of failure, which must stay
	rate  float64
	again int // how often a candidate is performed before it counts as harmless
	tries int
	err   error
}

const (
	// samples is how often the first failure is performed, to see how often it
	// fails.
	samples = 10
	// missed is how likely a candidate that fails as often as the first one may be
	// taken for harmless.
	missed = 0.01
	// mostAgain bounds how often a candidate is performed.
	mostAgain = 10
)

// begin starts from a failure. Where the world is not deterministic, it finds out
// how often the failure happens.
func (m *minimizer) begin(a attempt) error {
	m.best, m.kind, m.rank, m.rate, m.again = a, kindOf(a.execution), a.rank(), 1, 1
	m.dropTicks() // in a real world they cost the most
	a = m.best
	if m.executor.World.Name() == simulatedName {
		return nil
	}
	failed, tried := 0, 0
	for tried < samples && m.more() {
		tried++
		e, err := m.executor.Execute(a.schedule)
		if err != nil {
			return err
		}
		if m.kind == kindOf(e) {
			failed++
		}
	}
	if tried == 0 {
		return nil
	}
	if m.rate = float64(failed) / float64(tried); m.rate < 1 {
		// (1-rate)^again ≤ missed
		rate := max(m.rate, 1.0/samples)
		m.again = min(mostAgain, int(math.Ceil(math.Log(missed)/math.Log(1-rate))))
	}
	return nil
}

// run tries one way of shrinking after another, until none of them helps any
// more. What it leaves is minimal: without any one of its operations or steps it
// does not fail.
func (m *minimizer) run() error {
	for before := (*Schedule)(nil); before != m.best.schedule && m.more(); {
		before = m.best.schedule
		m.dropUnused()
		m.dropClients()
		m.dropOperations()
		m.dropSteps()
		m.join()
		m.mergeTicks()
		m.shortenTicks()
	}
	m.rename()
	return m.err
}

func (m *minimizer) more() bool {
	return m.err == nil && m.ctx.Err() == nil && time.Now().Before(m.deadline)
}

// try performs a candidate, and keeps it if it fails in the same way and is
// easier to understand.
func (m *minimizer) try(s *Schedule) {
	for range m.again {
		if !m.more() {
			return
		}
		e, err := m.executor.Execute(s)
		if err == nil {
			s.Steps = e.Word // without those that were skipped
		}
		if m.keeps(attempt{s, e, err}) {
			return
		}
	}
}

// keeps takes an attempt into account, and reports whether it failed in the same
// way.
func (m *minimizer) keeps(a attempt) bool {
	m.tries++
	if m.err = a.err; m.err != nil || m.kind != kindOf(a.execution) {
		return false
	}
	if rank := a.rank(); rank.below(m.rank) {
		m.best, m.rank = a, rank
		m.tell(m.tries, a.schedule)
	}
	return true
}

// copy returns a schedule that shares no list with this one.
func (s *Schedule) copy() *Schedule {
	c := *s
	c.Steps = slices.Clone(s.Steps)
	c.Clients = slices.Clone(s.Clients)
	for i := range c.Clients {
		c.Clients[i] = slices.Clone(c.Clients[i])
	}
	return &c
}

// dropUnused leaves out operations that were never begun.
func (m *minimizer) dropUnused() {
	s := m.best.schedule.copy()
	used := make([]int, len(s.Clients))
	for i, step := range m.best.execution.Word {
		if of := m.best.execution.Of[i]; of >= 0 {
			used[step.Client] = max(used[step.Client], of+1)
		}
	}
	for i := range s.Clients {
		s.Clients[i] = s.Clients[i][:used[i]]
	}
	m.try(s)
}

// dropClients leaves out clients, with all their steps.
func (m *minimizer) dropClients() {
	for c := len(m.best.schedule.Clients) - 1; c >= 0 && len(m.best.schedule.Clients) > 1; c-- {
		m.try(m.best.schedule.without(c))
	}
}

// without returns the schedule without a client; those after it move up.
func (s *Schedule) without(client int) *Schedule {
	c := s.copy()
	c.Clients = slices.Delete(c.Clients, client, client+1)
	c.Steps = slices.DeleteFunc(c.Steps, func(step Step) bool { return step.Verb.takes() == onClient && step.Client == client })
	for i := range c.Steps {
		if c.Steps[i].Verb.takes() == onClient && c.Steps[i].Client > client {
			c.Steps[i].Client--
		}
	}
	return c
}

// dropOperations leaves out operations, with the steps that were about them. Two
// at a time, because an acquire and its release go together.
func (m *minimizer) dropOperations() {
	for count := 2; count > 0; count-- {
		for client := 0; client < len(m.best.schedule.Clients); client++ {
			for op := len(m.best.schedule.Clients[client]) - count; op >= 0; op-- {
				if op+count <= len(m.best.schedule.Clients[client]) {
					m.dropOperation(client, op, count)
				}
			}
		}
	}
}

// dropOperation leaves out count operations of a client.
func (m *minimizer) dropOperation(client, first, count int) {
	s := m.best.schedule.copy()
	s.Clients[client] = slices.Delete(s.Clients[client], first, first+count)
	s.Steps = s.Steps[:0]
	for i, step := range m.best.execution.Word {
		of := m.best.execution.Of[i]
		if step.Verb.takes() != onClient || step.Client != client || of < first || of >= first+count {
			s.Steps = append(s.Steps, step)
		}
	}
	before := m.best.schedule
	m.try(s)
	if m.best.schedule == before {
		m.try(s.finishing())
	}
}

// finishing returns the schedule with moves at its end, by which what is under way
// may end: where one operation showed what is wrong, another may do so once it is
// over. Moves that nobody can make are skipped.
func (s *Schedule) finishing() *Schedule {
	c := s.copy()
	for client := range c.Clients {
		for range finishingMoves {
			c.Steps = append(c.Steps, Step{Verb: Move, Client: client})
		}
	}
	return c
}

// finishingMoves is how many a client gets.
const finishingMoves = 4

// dropSteps leaves out stretches of steps, long ones first (Zeller and
// Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002).
func (m *minimizer) dropSteps() {
	for size := len(m.best.schedule.Steps) / 2; size > 0; size /= 2 {
		for at := len(m.best.schedule.Steps) - size; at >= 0; at-- {
			if at+size > len(m.best.schedule.Steps) {
				continue
			}
			s := m.best.schedule.copy()
			s.Steps = slices.Delete(s.Steps, at, at+size)
			m.try(s)
		}
	}
}

// dropTicks leaves out times that pass, the longest first.
func (m *minimizer) dropTicks() {
	for tried := map[time.Duration]bool{}; ; {
		longest := -1
		for i, step := range m.best.schedule.Steps {
			if step.Verb == Tick && !tried[step.For] && (longest < 0 || step.For > m.best.schedule.Steps[longest].For) {
				longest = i
			}
		}
		if longest < 0 {
			return
		}
		tried[m.best.schedule.Steps[longest].For] = true
		s := m.best.schedule.copy()
		s.Steps = slices.Delete(s.Steps, longest, longest+1)
		m.try(s)
	}
}

// join moves steps towards others of the same client, so that fewer changes from
// one to another are left.
func (m *minimizer) join() {
	for from := range m.best.schedule.Steps {
		for to := range m.best.schedule.Steps {
			if from >= len(m.best.schedule.Steps) || to >= len(m.best.schedule.Steps) || from == to {
				continue
			}
			s := m.best.schedule.copy()
			step := s.Steps[from]
			s.Steps = slices.Insert(slices.Delete(s.Steps, from, from+1), to, step)
			if s.switches() <= m.best.schedule.switches() {
				m.try(s)
			}
		}
	}
}

// mergeTicks makes one tick of two that follow each other.
func (m *minimizer) mergeTicks() {
	for i := 1; i < len(m.best.schedule.Steps); i++ {
		s := m.best.schedule.copy()
		if s.Steps[i-1].Verb != Tick || s.Steps[i].Verb != Tick {
			continue
		}
		s.Steps[i-1].For += s.Steps[i].For
		s.Steps = slices.Delete(s.Steps, i, i+1)
		m.try(s)
	}
}

// shortenTicks lets less time pass.
func (m *minimizer) shortenTicks() {
	for i := range m.best.schedule.Steps {
		if i < len(m.best.schedule.Steps) && m.best.schedule.Steps[i].For > time.Millisecond {
			s := m.best.schedule.copy()
			s.Steps[i].For /= 2
			m.try(s)
		}
	}
}
