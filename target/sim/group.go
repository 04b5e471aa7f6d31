package sim

import (
	"slices"
	"strconv"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Group is one primary with asynchronous replicas, and whoever decides on
// failovers. Get one from [NewGroup]. Its servers are used as any other: Start,
// Kill, Connect; only time is the group's, see [Group.Advance].
//
// The log of a replica is a beginning of its primary's:
//
//	n1 primary   SET  INCR  DEL  INCR
//	n2 replica   SET  INCR  DEL        ← Replicate
//	n3 replica   SET  INCR
//
// Nothing is replicated unless [Group.Replicate] is called, and nobody fails over
// unless [Group.Failover] is called. A group is used by one goroutine.
type Group struct {
	servers []*Server // by name
	primary int       // the one that those who decide take for it
	cut     int       // the one that is cut off; none: -1
}

// none: no server is meant.
const none = -1

// NewGroup returns a group in which no server has ever run; n1 is the primary.
func NewGroup(p target.Persistence, replicas int) *Group {
	g := &Group{cut: none}
	for range 1 + replicas {
		g.servers = append(g.servers, NewServer(p))
	}
	g.assign()
	return g
}

// assign gives the servers the roles they have at first.
func (g *Group) assign() {
	g.primary, g.cut = 0, none
	for i, s := range g.servers {
		s.group, s.replica = g, i != 0
	}
}

// Reset makes the group as NewGroup makes one, with as many replicas, at a
// fraction of the cost. Connections end.
func (g *Group) Reset(p target.Persistence) {
	for _, s := range g.servers {
		s.Reset(p)
	}
	g.assign()
}

// Start starts every server that does not run, and lets the replicas that can
// reach the primary take over what it has.
func (g *Group) Start() error {
	for _, s := range g.servers {
		if _, err := s.Start(); err != nil {
			return err
		}
	}
	for i := range g.servers {
		if g.connected(i) && !g.inStep(i) {
			g.synchronise(i)
		}
	}
	return nil
}

// Close ends all servers for good.
func (g *Group) Close() {
	for _, s := range g.servers {
		s.Close()
	}
}

// Servers returns all servers: n1, n2, …, whatever their roles.
func (g *Group) Servers() []*Server { return slices.Clone(g.servers) }

// Name returns the name of a server of the group; it stays with the server.
func (g *Group) Name(s *Server) string { return "n" + strconv.Itoa(slices.Index(g.servers, s)+1) }

// Primary returns the server that those who decide on failovers take for the
// primary.
func (g *Group) Primary() *Server { return g.servers[g.primary] }

// Replica returns the i-th, from 0, of the servers that are not Primary, in the
// order of their names.
func (g *Group) Replica(i int) *Server {
	if i >= g.primary {
		i++
	}
	return g.servers[i]
}

// CutOff returns the server that [Group.Partition] has cut off, or nil.
func (g *Group) CutOff() *Server {
	if g.cut == none {
		return nil
	}
	return g.servers[g.cut]
}

// Now is the time since the simulation began.
func (g *Group) Now() time.Duration { return g.servers[0].Now() }

// Advance lets time pass for every server.
func (g *Group) Advance(d time.Duration) {
	for _, s := range g.servers {
		s.Advance(d)
	}
}
