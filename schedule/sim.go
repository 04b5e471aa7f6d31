package schedule

import (
	"strconv"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/held"
	"github.com/jepsen-lite/jepsen-lite/target/sim"
)

// Simulated returns a world of simulated servers in virtual time. The same
// schedule gives the same history there.
func Simulated() World { return &simulated{} }

type simulated struct {
	group   *sim.Group
	servers []*sim.Server
	states  []serverState
	owners  map[*held.Conn]int // which server a connection leads to
}

// serverState is what faults have made of a server.
type serverState struct {
	paused, slow bool
	endedBy      string // a fault's name
}

// beat is how long a step takes.
const beat = time.Microsecond

// simulatedName is the name of the world in which everything is determined.
const simulatedName = "sim"

func (w *simulated) Name() string { return simulatedName }

func (w *simulated) Can(Verb) error { return nil }

func (w *simulated) Reset(t Target) error {
	p, err := target.ParsePersistence(t.Persistence)
	if err != nil {
		return err
	}
	if len(w.servers) != t.Replicas+1 {
		_ = w.Close()
		w.group = sim.NewGroup(p, t.Replicas)
		w.servers = w.group.Servers()
		w.states = make([]serverState, len(w.servers))
		w.owners = map[*held.Conn]int{}
	}
	w.group.Reset(p)
	clear(w.states)
	clear(w.owners)
	return w.group.Start()
}

func (w *simulated) Now() time.Duration { return w.group.Now() }

func (w *simulated) Beat() { w.group.Advance(beat) }

func (w *simulated) Pass(d time.Duration) error {
	w.group.Advance(d)
	return nil
}

// dialed is which server a client would dial.
func (w *simulated) dialed(replica bool) int {
	primary := w.at(w.group.Primary())
	if !replica || len(w.servers) == 1 {
		return primary
	}
	return w.at(w.group.Replica(0))
}

func (w *simulated) at(s *sim.Server) int {
	for i := range w.servers {
		if w.servers[i] == s {
			return i
		}
	}
	panic("a group has the servers that it had")
}

func (w *simulated) Dial(replica bool, hook held.Hook) (*held.Conn, error) {
	at := w.dialed(replica)
	c, err := w.servers[at].Dial(hook)
	if err == nil {
		w.owners[c] = at
	}
	return c, err
}

func (w *simulated) Frozen(replica bool) bool { return w.states[w.dialed(replica)].paused }

func (w *simulated) Stands(c *held.Conn) bool { return w.states[w.owners[c]].paused }

func (w *simulated) Node(c *held.Conn) string { return nodeName(w.owners[c]) }

func (w *simulated) Heal() error {
	for i, s := range w.servers {
		w.states[i].paused = false
		if w.states[i].slow {
			s.Busy(false)
		}
	}
	w.group.Heal()
	if err := w.group.Start(); err != nil {
		return err
	}
	w.group.ReplicateAll()
	return nil
}

func (w *simulated) Close() error {
	if w.group != nil {
		w.group.Close()
		w.group, w.servers = nil, nil
	}
	return nil
}

func nodeName(at int) string { return "n" + strconv.Itoa(at+1) }
