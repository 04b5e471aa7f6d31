package nemesis

import (
	"context"
	"time"
)

// charge is a fault of the plan that a track is in charge of.
type charge struct {
	fault Fault
	kind  Kind
	call  string        // empty: the kind's name says all
	shown string        // what goes on because of it; the nemesis' mutex guards it
	began time.Duration // when its last injection began
	lasts bool          // it took effect and was not healed
	owed  bool          // its healing failed while another fault lasted
}

// newCharge makes a fault for an item. Equal items of a track share one.
func newCharge(item Item, env Env, others []*charge) (*charge, error) {
	kind, err := Find(item.Fault)
	if err != nil {
		return nil, err
	}
	c := &charge{kind: kind}
	if len(item.Arguments) > 0 {
		c.call = item.Call()
	}
	for _, other := range others {
		if other.kind.Name == kind.Name && other.call == c.call {
			return other, nil
		}
	}
	if kind.ofClients && (env.Clients == nil || env.Clients.Len() == 0) {
		return nil, errNoClients
	}
	args, err := kind.ReadArgs(item.Arguments)
	if err != nil {
		return nil, err
	}
	if err := kind.reachable(env, args); err != nil {
		return nil, err
	}
	c.fault = kind.make(env, args)
	return c, nil
}

// reachable returns why the fault's place is nowhere by the roles that the nodes
// have now, or nil. Nodes that do not tell their roles may do so later.
func (k Kind) reachable(env Env, args Args) error {
	if k.ofLinks {
		all, err := env.endpoints(context.Background(), fixed())
		if err != nil {
			return nil
		}
		_, err = args.links().choose(all)
		return err
	}
	if !k.hasPlace() || nodeName(string(args.place())) {
		return nil
	}
	roles, err := env.roles(context.Background())
	if err != nil {
		return nil
	}
	_, err = args.place().choose(env.Target.Nodes(), roles, firstOf)
	return err
}
