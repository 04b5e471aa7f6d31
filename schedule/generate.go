package schedule

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// generator draws schedules, and performs each while it draws it: which clients
// can move depends on what happened.
type generator struct {
	plan  Plan
	harms []harm
	// length is about how many steps the clients take.
	length int
}

// attempt is a schedule that was drawn and performed.
type attempt struct {
	schedule  *Schedule
	execution *Execution
	err       error
}

// draw draws a schedule and performs it.
func (g *generator) draw(t *rapid.T, x *Executor) attempt {
	s := &Schedule{Workload: g.plan.Workload, Target: g.plan.Target, Checks: g.plan.Checks, Seed: g.plan.Seed}
	instance := x.Workload.New(s.Workload.Options)
	keys := workloads.NewKeys(g.plan.Keys, 0)
	for i := range g.plan.Clients {
		// Why a seed, and not each operation by itself: operations depend on one
		// another (values are unique, a release follows an acquire). Shrinking
		// leaves out whole operations later.
		seed := rapid.Uint64().Draw(t, "operations")
		count := rapid.IntRange(1, g.plan.Ops).Draw(t, "count")
		lane := workloads.Lane{Number: i, Of: g.plan.Clients, Keys: keys, Rand: rand.New(rand.NewPCG(seed, uint64(i)))}
		s.Clients = append(s.Clients, planOps(instance, lane, count))
	}
	e, err := x.execute(s, g.drawWord(t))
	if err == nil {
		s.Steps = e.Word
	}
	return attempt{s, e, err}
}

// planOps returns operations of a lane.
func planOps(instance workloads.Instance, lane workloads.Lane, count int) []Op {
	ops := make([]Op, 0, count)
	for _, op := range instance.Plan(lane, count) {
		ops = append(ops, Op{op.F, op.Key, op.Value})
	}
	return ops
}

// drawWord draws the faults, and returns what chooses the word step by step.
func (g *generator) drawWord(t *rapid.T) chooser {
	faults := g.drawFaults(t)
	pct := g.plan.Strategy == PCT
	if g.plan.Strategy == Both {
		pct = rapid.Bool().Draw(t, "pct")
	}
	pick := uniform(t)
	if pct {
		pick = g.byPriority(t)
	}
	steps := 0
	return func(m *machine) (Step, bool) {
		for len(faults) > 0 && (faults[0].at <= steps || len(m.movable()) == 0 || m.done()) {
			step, possible := faults[0].step(m)
			faults = faults[1:]
			if possible {
				return step, true
			}
		}
		lanes := m.movable()
		if len(lanes) == 0 || m.done() || steps > longest*g.length {
			return Step{}, false
		}
		steps++
		return pick(lanes, steps).step(), true
	}
}

// longest bounds a word, in lengths: clients may try again and again.
const longest = 10

// done reports whether every client has finished; helpers may go on for ever.
func (m *machine) done() bool {
	for _, l := range m.lanes {
		if l.at != finished {
			return false
		}
	}
	return true
}

// movable returns the lanes that a step could move, by number.
func (m *machine) movable() []*lane {
	lanes := m.scratch[:0]
	for _, l := range m.all() {
		switch l.at {
		case finished:
			continue
		case dialing:
			if m.world.Frozen(l.toReplica) {
				continue
			}
		case ready:
			if m.world.Stands(l.conn) {
				continue
			}
		}
		lanes = append(lanes, l)
	}
	m.scratch = lanes
	return lanes
}

// uniform picks any of the lanes.
func uniform(t *rapid.T) func([]*lane, int) *lane {
	return func(lanes []*lane, _ int) *lane {
		return lanes[rapid.IntRange(0, len(lanes)-1).Draw(t, "next")]
	}
}

// byPriority picks the lane of highest priority; a helper begins with the lowest.
// At each change point, the one that would go falls below all others.
func (g *generator) byPriority(t *rapid.T) func([]*lane, int) *lane {
	numbers := make([]int, g.plan.Clients)
	for i := range numbers {
		numbers[i] = i
	}
	var order []Step // of each lane, the step that moves it
	for _, n := range rapid.Permutation(numbers).Draw(t, "priorities") {
		order = append(order, Step{Verb: Move, Client: n})
	}
	changes := rapid.SliceOfN(rapid.IntRange(1, g.length), 0, 4).Draw(t, "changes")
	highest := func(lanes []*lane) (at int, l *lane) {
		for at, step := range order {
			for _, l := range lanes {
				if l.step() == step {
					return at, l
				}
			}
		}
		order = append(order, lanes[0].step())
		return len(order) - 1, lanes[0]
	}
	return func(lanes []*lane, step int) *lane {
		if slices.Contains(changes, step) {
			at, l := highest(lanes)
			order = append(slices.Delete(order, at, at+1), l.step())
		}
		_, l := highest(lanes)
		return l
	}
}

// drawnFault is a fault at a place, or the healing of one.
type drawnFault struct {
	at   int
	verb Verb
	tick time.Duration
	pick int // which client, counted among those it can happen to
	from int // of a Late: the client that gave up, once that is known
	pair *drawnFault
}

func (g *generator) drawFaults(t *rapid.T) []*drawnFault {
	if len(g.harms) == 0 || g.plan.MaxFaults == 0 {
		return nil
	}
	var faults []*drawnFault
	for range rapid.IntRange(0, g.plan.MaxFaults).Draw(t, "faults") {
		h := g.harms[rapid.IntRange(0, len(g.harms)-1).Draw(t, "fault")]
		f := &drawnFault{at: rapid.IntRange(0, g.length).Draw(t, "at"), verb: h.verb, from: -1}
		switch h.verb {
		case Tick:
			f.tick = rapid.SampledFrom(g.plan.Ticks).Draw(t, "tick")
		case Timeout:
			f.pick = rapid.IntRange(0, g.plan.Clients-1).Draw(t, "client")
		}
		faults = append(faults, f)
		if h.healing != 0 {
			lasts := rapid.IntRange(0, g.length).Draw(t, "lasts")
			faults = append(faults, &drawnFault{at: f.at + lasts, verb: h.healing, pair: f, from: -1})
		}
	}
	slices.SortStableFunc(faults, func(a, b *drawnFault) int { return cmp.Compare(a.at, b.at) })
	return faults
}

// step returns the step, or false if there is nobody it can happen to.
func (f *drawnFault) step(m *machine) (Step, bool) {
	switch f.verb {
	case Timeout:
		var waiting []*lane
		for _, l := range m.lanes {
			if l.at == ready || l.at == executed || l.at == dialing {
				waiting = append(waiting, l)
			}
		}
		if len(waiting) == 0 {
			return Step{}, false
		}
		f.from = waiting[f.pick%len(waiting)].number
		return Step{Verb: Timeout, Client: f.from}, true
	case Late:
		return Step{Verb: Late, Client: f.pair.from}, f.pair.from >= 0
	}
	return Step{Verb: f.verb, For: f.tick}, true
}
