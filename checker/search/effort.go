package search

import (
	"cmp"
	"math/bits"
	"slices"
)

// effort is how thoroughly the search goes on. The zero effort is exact, but for
// operations of unknown outcome, which it takes only where nothing else helps.
type effort struct {
	// spares: operations of unknown outcome are tried everywhere.
	spares bool
	// lossy: of configurations that differ in which operations of unknown outcome
	// they have used, one that has used few of them stands for the rest.
	lossy bool
	// relaxed: operations of unknown outcome may be used any number of times.
	relaxed bool
	// width is how many configurations are kept, visits after how many no more
	// are looked for; 0: all.
	width, visits int
	// distance is how many returns to go back before trying like this.
	distance int
}

// hasty are the efforts that look for some way to go on, the quickest first.
func hasty() []effort {
	return []effort{
		{lossy: true, width: 4, visits: 16},
		{lossy: true, width: 32, visits: 256, spares: true, distance: 64},
		{lossy: true, width: 256, visits: 4096, spares: true, distance: 512},
		{lossy: true, spares: true, distance: 4096},
	}
}

// narrow keeps the most promising configurations, where effort bounds how many.
func (e *engine[B]) narrow() {
	if e.effort.width == 0 || e.frontier.alive <= e.effort.width {
		return
	}
	e.lost = true
	kept := e.frontier.configs()
	slices.SortStableFunc(kept, func(a, b config[B]) int { return cmp.Compare(e.cost(&a), e.cost(&b)) })
	e.frontier.reset()
	for i := range kept[:e.effort.width] {
		e.insert(&e.frontier, &kept[i])
	}
}

// cost is how little there is to hope for from a configuration.
func (e *engine[B]) cost(c *config[B]) int {
	cost := 64 * int(e.usages.total[c.used])
	for i := range len(c.done) {
		cost -= bits.OnesCount64(c.done[i] | c.free[i])
	}
	return cost
}

// configs returns the members.
func (s *set[B]) configs() []config[B] {
	configs := make([]config[B], 0, s.alive)
	for i := range s.all {
		if !s.all[i].dead {
			configs = append(configs, s.all[i].config)
		}
	}
	return configs
}

// rewinds keeps positions to go back to, where a hasty effort led nowhere.
type rewinds[B slots] struct {
	efforts []effort
	level   int // of efforts, the one in use
	trouble int // so many returns were the most to be reached
	saved   []checkpoint[B]
}

type checkpoint[B slots] struct {
	position[B]
	configs []config[B]
}

// between is how many returns lie between checkpoints at least, cooldown how many
// have to go well before a lesser effort is enough.
const between, cooldown = 32, 32

// begin makes the first checkpoint.
func (r *rewinds[B]) begin(e *engine[B]) {
	if len(r.efforts) > 0 {
		e.effort = r.efforts[0]
		r.save(e)
	}
}

// passed is told that a return has been survived.
func (r *rewinds[B]) passed(e *engine[B]) {
	if len(r.efforts) == 0 {
		return
	}
	if r.level > 0 && e.returned > r.trouble+cooldown {
		r.level = 0
		e.effort = r.efforts[0]
	}
	if e.returned >= r.saved[len(r.saved)-1].returned+between {
		r.save(e)
	}
}

// back goes back to try again with more effort. It returns false if there is
// none.
func (r *rewinds[B]) back(e *engine[B]) bool {
	if r.level++; r.level >= len(r.efforts) {
		return false
	}
	e.effort = r.efforts[r.level]
	r.trouble = max(r.trouble, e.returned)
	last := len(r.saved) - 1
	for last > 0 && r.saved[last].returned > r.trouble-e.effort.distance {
		last--
	}
	r.saved = r.saved[:last+1]
	p := &r.saved[last]
	e.position = p.copy()
	e.frontier.reset()
	for i := range p.configs {
		e.insert(&e.frontier, &p.configs[i])
	}
	return true
}

// save makes a checkpoint, and drops some so that they lie the further apart the
// longer ago they are.
func (r *rewinds[B]) save(e *engine[B]) {
	r.saved = append(r.saved, checkpoint[B]{e.position.copy(), e.frontier.configs()})
	for i := len(r.saved) - 2; i > 0; i-- {
		if r.saved[i+1].returned-r.saved[i-1].returned <= (e.returned-r.saved[i+1].returned)/2 {
			r.saved = slices.Delete(r.saved, i, i+1)
		}
	}
}

func (r *rewinds[B]) each(visit func(*config[B])) {
	for i := range r.saved {
		for j := range r.saved[i].configs {
			visit(&r.saved[i].configs[j])
		}
	}
}

func (p *position[B]) copy() position[B] {
	q := *p
	q.due, q.pending, q.spares = slices.Clone(p.due), slices.Clone(p.pending), slices.Clone(p.spares)
	return q
}
