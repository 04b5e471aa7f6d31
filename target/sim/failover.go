package sim

// Failover promotes the replica with the longest log, the first of several, among
// those that run and are not cut off. It reports false if there is none. What the
// new primary does not have is lost:
//
//	n1 primary   SET  INCR  DEL  INCR        replica   SET  INCR  DEL
//	n2 replica   SET  INCR  DEL         →    primary   SET  INCR  DEL
//	n3 replica   SET  INCR                   replica   SET  INCR
//
// The old primary becomes a replica, unless it is cut off: then it hears nothing
// of all this. The connections of every server that is told end, as Sentinel does
// it (Redis 7.0, sentinel.c, sentinelSendSlaveOf: CLIENT KILL TYPE normal).
func (g *Group) Failover() bool {
	chosen := none
	for i, s := range g.servers {
		if i == g.primary || i == g.cut || !s.Running() || s.loading() {
			continue
		}
		if chosen == none || s.log.executed() > g.servers[chosen].log.executed() {
			chosen = i
		}
	}
	if chosen == none {
		return false
	}
	followed := g.followed(g.servers[chosen])
	old, promoted := g.primary, g.servers[chosen]
	g.primary = chosen
	promoted.become(false)
	for i, s := range g.servers {
		switch {
		case i == chosen || i == g.cut:
		case i == old:
			g.demote(i)
		default:
			follows := g.followed(s) == followed && followed.primary != nil
			s.become(true)
			if follows { // and so it can go on: it has the same history
				s.link = link{promoted, promoted.starts, s.starts}
			}
		}
	}
	return true
}

// history is one life of a primary.
type history struct {
	primary *Server
	starts  int
}

// followed returns the history that a replica has followed in this life.
func (g *Group) followed(s *Server) history {
	if s.link.starts != s.starts {
		return history{}
	}
	return history{s.link.primary, s.link.primaryStarts}
}

// demote makes a server a replica that gives up what it has for what the primary
// has: at once if it can, else with the next Replicate.
func (g *Group) demote(i int) {
	g.servers[i].become(true)
	if g.connected(i) {
		g.synchronise(i)
	}
}

// Partition cuts the primary off from its replicas and from those who decide on
// failovers. Clients still reach every server. It reports false if a server is cut
// off already.
//
//	clients → n1 | n2, n3 ← clients
func (g *Group) Partition() bool {
	if g.cut != none {
		return false
	}
	g.cut = g.primary
	return true
}

// Heal ends the partition. A server that is no longer the primary hears of it: it
// becomes a replica, what only it had is lost, and its connections end. It reports
// false if there was no partition.
func (g *Group) Heal() bool {
	if g.cut == none {
		return false
	}
	was := g.cut
	g.cut = none
	if was != g.primary {
		g.demote(was)
	}
	return true
}
