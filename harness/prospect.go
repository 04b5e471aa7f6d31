package harness

import (
	"context"
	"errors"

	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

// Prospect tells whether a fault works with a backend and a topology.
type Prospect struct {
	Backend  string `json:"backend"`
	Topology string `json:"topology"`
	Fault    string `json:"fault"`
	Works    bool   `json:"works"`
	// Tried: it was injected and healed, beyond looking whether it can be.
	Tried bool `json:"tried"`
	// Reason is why it does not work, and the nearest that does.
	Reason string `json:"reason,omitempty"`
}

// fails notes why it does not work.
func (p *Prospect) fails(err error) { p.Works, p.Reason = false, err.Error() }

// topologiesOf lists the kinds of topologies that a backend has.
func topologiesOf(backend string) (kinds []string) {
	if backend == simTarget {
		return []string{topology.Standalone}
	}
	for _, kind := range topology.Kinds() {
		kinds = append(kinds, kind[0])
	}
	return kinds
}

// equipped returns a run on the stage whose servers have all that faults may ask
// for, as far as this machine has it, and for the faults it has not, why.
func (s *stage) equipped(kind string) (c Config, missing map[string]error) {
	c, missing = Defaults(), map[string]error{}
	c.Target, c.Topology, c.Nemesis, c.Persistence = s.backend, kind, nil, target.AOFAlways
	c.Image = s.image
	for _, fault := range nemesis.Kinds() {
		if fault.Needs == "" {
			continue
		}
		if err := s.lacks(fault.Needs); err != nil {
			missing[fault.Name] = err
			continue
		}
		c.Nemesis = append(c.Nemesis, fault.Name)
	}
	switch kind {
	case topology.Cluster:
		c.Spares = 1
	case topology.Sharded:
		c.Spares, c.Hash = 1, topology.Host
	}
	return c, missing
}

// prospects returns what each fault, with its defaults, can do on the stage in a
// topology that has all that a fault may ask for. Nothing is started.
func (s *stage) prospects(kind string) ([]Prospect, error) {
	c, missing := s.equipped(kind)
	world, err := s.live(c, nowhere)
	if err != nil {
		return nil, err
	}
	defer world.close()
	return tabulate(Prospect{Backend: s.backend, Topology: kind}, world.servers(), missing), nil
}

// tabulate returns a row for each fault, with why it does not work on the target:
// what is missing says more than the target knows.
func tabulate(row Prospect, t target.Target, missing map[string]error) (all []Prospect) {
	for _, x := range nemesis.Table(t) {
		p := row
		p.Fault, p.Works = x.Kind.Name, x.Err == nil
		switch why := missing[p.Fault]; {
		case p.Works:
		case why != nil:
			p.fails(why)
		default:
			p.fails(x.Err)
		}
		all = append(all, p)
	}
	return all
}

// try injects a fault into servers that run and have some data, and heals it.
func (p *Prospect) try(ctx context.Context, t target.Target) error {
	kind, err := nemesis.Find(p.Fault)
	if err != nil {
		return err
	}
	for _, node := range t.Nodes() {
		if n, ok := node.(target.Commander); ok {
			if _, err := n.Command(ctx, "SET", "jepsen-lite", p.Fault); err != nil {
				return err
			}
		}
	}
	took, err := nemesis.Try(ctx, kind, t)
	if err == nil && !took {
		err = errors.New("it took no effect")
	}
	return err
}
