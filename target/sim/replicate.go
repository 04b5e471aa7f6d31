package sim

// Replicate moves one entry of the primary's log to every replica that is
// connected and does not have it. A replica that cannot simply go on, because it
// or the primary was restarted or their histories differ, takes over everything
// that the primary has instead. It reports false if there was nothing to do.
func (g *Group) Replicate() bool {
	did := false
	for i := range g.servers {
		did = g.advance(i) || did
	}
	return did
}

// ReplicateTo is Replicate to the i-th replica alone, as [Group.Replica] counts.
func (g *Group) ReplicateTo(i int) bool {
	if i >= g.primary {
		i++
	}
	return g.advance(i)
}

// ReplicateAll replicates all there is. It reports false if there was nothing.
func (g *Group) ReplicateAll() bool {
	did := false
	for g.Replicate() {
		did = true
	}
	return did
}

// advance brings one server a step nearer to the primary.
func (g *Group) advance(i int) bool {
	replica, primary := g.servers[i], g.servers[g.primary]
	switch {
	case !g.connected(i):
		return false
	case !g.inStep(i):
		g.synchronise(i)
	case replica.log.executed() == primary.log.executed():
		return false
	default:
		replica.apply(primary.log.entries[replica.log.executed()])
	}
	return true
}

// connected reports whether the server is a replica and hears its primary.
func (g *Group) connected(i int) bool {
	replica, primary := g.servers[i], g.servers[g.primary]
	return i != g.primary && i != g.cut && g.primary != g.cut &&
		replica.Running() && !replica.loading() && primary.Running() && !primary.loading()
}

// link is what a replica follows, in one life of its own: one life of its primary.
// While it stands, the replica's log is a beginning of the primary's.
type link struct {
	primary               *Server
	primaryStarts, starts int
}

// inStep reports whether the replica can go on where it is.
func (g *Group) inStep(i int) bool {
	replica, primary := g.servers[i], g.servers[g.primary]
	return replica.link == link{primary, primary.starts, replica.starts}
}

// synchronise gives a replica all that the primary has (a full resynchronisation).
func (g *Group) synchronise(i int) {
	replica, primary := g.servers[i], g.servers[g.primary]
	replica.copyFrom(&primary.log)
	replica.link = link{primary, primary.starts, replica.starts}
}
