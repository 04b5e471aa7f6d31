package sim

import (
	"hash/maphash"
	"time"
)

// grain is how finely a signature tells times apart.
const grain = time.Millisecond

// Sign writes everything that decides what the group's servers will do from now
// on, as [Server.Sign] does for one.
func (g *Group) Sign(h *maphash.Hash) {
	maphash.WriteComparable(h, [2]int{g.primary, g.cut})
	for i, s := range g.servers {
		s.Sign(h)
		maphash.WriteComparable(h, [2]bool{s.replica, g.inStep(i)})
	}
}

// Sign writes everything that decides what the server will do from now on, but
// for the scripts it knows: two servers that write the same behave the same.
// Times count in milliseconds.
func (s *Server) Sign(h *maphash.Hash) {
	number := func(n int64) { maphash.WriteComparable(h, n) }
	moment := func(d time.Duration) { number(int64(d / grain)) }
	flag := func(b bool) { maphash.WriteComparable(h, b) }
	moment(s.now)
	flag(s.running)
	for _, e := range s.log.entries {
		if s.log.expires {
			moment(e.at) // what lives for a time has expired in one, and not in another
		}
		for _, c := range e.changes {
			number(int64(c.db))
			for _, a := range c.args {
				h.WriteString(a)
				h.WriteByte(0)
			}
		}
		h.WriteByte(1)
	}
	for _, n := range []int{s.log.written, s.log.synced, s.log.saved} {
		number(int64(n))
	}
	flag(s.file.slow)
	flag(s.file.syncing)
	flag(s.file.held)
	moment(s.file.heldSince)
	moment(s.file.lastSync)
	moment(s.savedAt)
	number(int64(s.draws))
}
