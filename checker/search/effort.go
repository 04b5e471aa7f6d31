package search

import (
	"cmp"
	"math/bits"
	"slices"
)

// pass is one way through the history.
type pass struct {
	// efforts are those to try, one after the other, where the one before led
	// nowhere.
	efforts []effort
	// relaxed: operations of unknown outcome may take effect any number of times.
	// What is illegal even so is illegal; else nothing is proved.
	relaxed bool
	// between is how many returns lie between positions to go back to at least,
	// and how many have to go well before a lesser effort is enough.
	between int
}

// effort is how thoroughly a pass goes on. The zero effort leaves nothing out,
// but for operations of unknown outcome where there is another way to go on.
type effort struct {
	// spares: operations of unknown outcome are tried everywhere.
	spares bool
	// lossy: of configurations that differ only in which operations of unknown
	// outcome they have used, one that has used the fewest stands for the rest.
	lossy bool
	// width is how many configurations are kept, visits after how many no more
	// are looked for; 0: all.
	width, visits int
	// distance is how many returns to go back before trying like this.
	distance int
}

// passes looks for some way first, which mostly there is; then for a proof that
// there is none, which mostly is quick too; and in the end tries all.
//
// The figures were found by trying: registers and locks with ten clients, where
// they hardly matter between half and double.
func passes() []pass {
	return []pass{
		{efforts: []effort{
			{lossy: true, width: 4, visits: 16},
			{lossy: true, width: 32, visits: 256, spares: true, distance: 64},
			{lossy: true, width: 256, visits: 4096, spares: true, distance: 512},
			{lossy: true, spares: true, distance: 4096},
		}, between: 32},
		{efforts: []effort{{spares: true}}, relaxed: true},
		{efforts: []effort{{spares: true}}},
	}
}

// maxRelaxed is how many configurations a relaxed pass looks at, for each return,
// before it gives up: there can be any number of them.
const maxRelaxed = 200

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
