package netfault

import (
	"math/rand/v2"
	"slices"
)

// link returns the link of that name. Call it with mu held.
func (f *Fabric) link(name Link) *link {
	l := f.links[name]
	if l == nil {
		l = &link{name: name}
		l.burden = f.burdenOf(name)
		f.links[name] = l
	}
	return l
}

func (f *Fabric) burdenOf(name Link) *burden {
	var b *burden
	for _, h := range f.harms {
		if h.links(name) {
			b = b.add(h)
		}
	}
	return b
}

// randoms returns what is left to chance in both directions of a connection that
// is about to be made. Call it with mu held.
func (f *Fabric) randoms(way Link) (out, back *rand.Rand) {
	l := f.link(way)
	l.opened++
	return rand.New(rand.NewPCG(f.seed^way.hash(), l.opened)), rand.New(rand.NewPCG(f.seed^way.back().hash(), ^l.opened))
}

// change changes rules or names, and then lets every link and connection know.
func (f *Fabric) change(do func()) {
	f.mu.Lock()
	do()
	for name, l := range f.links {
		l.burden = f.burdenOf(name)
	}
	f.filterAll()
	var lost []circuit
	for c := range f.circuits {
		if !f.settle(c) {
			lost = append(lost, c)
		}
	}
	close(f.changed)
	f.changed = make(chan struct{})
	f.mu.Unlock()
	for _, c := range lost {
		f.reset(c)
	}
}

// settle lets a connection know the rules. It reports false if the connection
// must be reset instead. Call it with mu held.
func (f *Fabric) settle(c circuit) bool {
	e := c.about()
	out := f.link(e.out())
	back := f.link(e.out().back())
	if e.joined {
		doom := func(h *Harm) {
			if !slices.Contains(e.doomed, h) {
				e.doomed = append(e.doomed, h)
			}
		}
		out.burden.note(dropping, doom)
		back.burden.note(dropping, doom)
	}
	if len(e.severed) > 0 {
		if slices.ContainsFunc(e.severed, func(h *Harm) bool { return slices.Contains(f.harms, h) }) {
			return true
		}
		for _, h := range e.severed {
			h.resets.Add(1)
		}
		return false
	}
	if len(e.doomed) > 0 && !out.burden.blocks() && !back.burden.blocks() {
		for _, h := range e.doomed {
			h.resets.Add(1)
		}
		return false
	}
	c.set(out, back)
	return true
}

// severAll severs the connections that a new rule is about. Call it with mu held.
func (f *Fabric) severAll(h *Harm) {
	for c := range f.circuits {
		e := c.about()
		out, back := h.links(e.out()), h.links(e.out().back())
		if !e.joined || len(e.severed) > 0 || !out && !back {
			continue
		}
		e.severed = append(e.severed, h)
		h.halfOpened.Add(1)
		if out {
			c.sever(false)
		}
		if back {
			c.sever(true)
		}
	}
}

// enter makes a connection known. It reports false if the fabric is closed.
func (f *Fabric) enter(c circuit) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return false
	}
	f.circuits[c] = struct{}{}
	return f.settle(c)
}

// join tells that both sides of a connection are there. It reports false if the
// fabric is closed.
func (f *Fabric) join(c circuit) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.about().joined = true
	f.link(c.about().out()).connections.Add(1)
	return !f.closed && f.settle(c)
}

// leave forgets a connection.
func (f *Fabric) leave(c circuit) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.circuits, c)
}
