package search

import "slices"

// rewinds are positions to go back to, where a hasty effort led nowhere.
type rewinds[B slots] struct {
	level   int // of the pass's efforts, the one in use
	trouble int // so many returns were the most to be reached
	saved   []checkpoint[B]
	configs int // in all of saved
}

type checkpoint[B slots] struct {
	position[B]
	configs []config[B]
}

// goOn is called where a return has been survived.
func (e *engine[B]) goOn() {
	r := &e.rewinds
	if r.level > 0 && e.returned > r.trouble+e.pass.between {
		r.level = 0
		e.effort = e.pass.efforts[0]
	}
	if len(e.pass.efforts) > 1 && e.returned >= r.saved[len(r.saved)-1].returned+e.pass.between {
		e.save()
	}
}

// back goes back to try again with more effort. It returns false if there is
// none.
func (e *engine[B]) back() bool {
	r := &e.rewinds
	if r.level++; r.level >= len(e.pass.efforts) {
		return false
	}
	e.effort = e.pass.efforts[r.level]
	r.trouble = max(r.trouble, e.returned)
	last := len(r.saved) - 1
	for last > 0 && r.saved[last].returned > r.trouble-e.effort.distance {
		last--
	}
	for _, p := range r.saved[last+1:] {
		r.configs -= len(p.configs)
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
func (e *engine[B]) save() {
	r := &e.rewinds
	r.saved = append(r.saved, checkpoint[B]{e.position.copy(), e.frontier.configs()})
	r.configs += e.frontier.alive
	for i := len(r.saved) - 2; i > 0; i-- {
		if r.saved[i+1].returned-r.saved[i-1].returned <= (e.returned-r.saved[i+1].returned)/2 {
			r.configs -= len(r.saved[i].configs)
			r.saved = slices.Delete(r.saved, i, i+1)
		}
	}
}

// each visits the configurations of all checkpoints.
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
