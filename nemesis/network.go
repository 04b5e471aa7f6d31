package nemesis

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/netfault"
)

// networked is a target whose servers and clients reach each other by way of
// something that can be harmed.
type networked interface {
	Network() *netfault.Fabric
	// ServerTraffic tells whether its servers send each other anything, and why that
	// cannot be harmed, or nil.
	ServerTraffic() (sent bool, err error)
}

// canHarmLinks returns why faults of the network cannot happen to a target, or nil.
func canHarmLinks(t target.Target) error {
	if n, ok := t.(networked); !ok || n.Network() == nil {
		return errors.New("there is no network on this target that could be harmed")
	}
	return nil
}

// check returns why nothing flows on the links that a fault could harm, or why a
// part of it is out of reach: half a partition is another fault than the one that
// would be recorded. Or nil.
func (c chosen) check(t target.Target, all endpoints) error {
	isClient := func(name string) bool { return slices.Contains(all.clients, name) }
	amongServers := c.anywhere(func(a, b string) bool { return !isClient(a) && !isClient(b) })
	withClients := c.anywhere(func(a, b string) bool { return isClient(a) != isClient(b) })
	sent, unreached := t.(networked).ServerTraffic()
	switch {
	case amongServers && sent && unreached != nil:
		return unreached
	case amongServers && sent, withClients:
		return nil
	case amongServers:
		return errors.New("these servers send each other nothing")
	}
	return errors.New("clients send each other nothing")
}

// onClients returns the fault with links that can be harmed wherever there is a
// network, as a plan has it: the nearest to links that cannot.
func (a Args) onClients() string {
	item := Item{Fault: a.kind.Name, Arguments: []Argument{{Value: everyClient}}}
	if a.links().layout != "" {
		item.Arguments[0].Value = shareOfClients + "2"
	}
	for _, p := range a.kind.Parameters {
		if given, ok := a.values[p.Name]; ok && p.Name != "links" {
			item.Arguments = append(item.Arguments, Argument{p.Name, given})
		}
	}
	return item.Call()
}

// linked is the parameter of faults of links.
func linked(preset string) Parameter {
	return Parameter{Name: "links", About: "between whom", Default: preset, Type: aLinks()}
}

// noticeLimit is how long an injection waits until somebody notices it.
//
// Why a second: servers that have nothing to say to each other do say so once a
// second (Sentinels' PING, a replica's REPLCONF ACK).
const noticeLimit = time.Second

// ruling is a fault that lays a rule on links for a while. It takes effect once
// somebody notices: a way that nobody uses can be cut without harm. What is noticed
// only later is counted when it heals.
type ruling struct {
	env  Env
	on   links
	rule netfault.Rule
	laid []laid
}

// laid is a rule that lies on links.
type laid struct {
	harm    *netfault.Harm
	where   string
	noticed bool // within the injection
}

// laying makes faults of a rule that the arguments decide.
func laying(rule func(Args) netfault.Rule) func(Env, Args) Fault {
	return func(e Env, a Args) Fault { return &ruling{env: e, on: a.links(), rule: rule(a)} }
}

// chosenLinks returns the links that are meant now.
func (e Env) chosenLinks(ctx context.Context, on links) (chosen, error) {
	all, err := e.endpoints(ctx, e.chance())
	if err != nil {
		return chosen{}, err
	}
	return on.choose(all)
}

func (r *ruling) Inject(ctx context.Context) (Effect, error) {
	s, err := r.env.chosenLinks(ctx, r.on)
	if err != nil {
		return Effect{}, err
	}
	harm, err := r.env.Target.(networked).Network().Apply(s.links(), r.rule)
	if err != nil {
		return Effect{}, err
	}
	r.laid = append(r.laid, laid{harm: harm, where: s.text})
	noticed := r.awaitNotice(ctx, harm)
	r.laid[len(r.laid)-1].noticed = noticed
	return Effect{Where: []string{s.text}, Took: noticed}, nil
}

func (r *ruling) awaitNotice(ctx context.Context, harm *netfault.Harm) bool {
	for until := r.env.Clock.Now() + noticeLimit; ; {
		if harm.Effect().Took() {
			return true
		}
		if r.env.Clock.Now() > until || !r.env.Clock.Sleep(ctx, 5*time.Millisecond) {
			return false
		}
	}
}

// Heal takes the rule away, and tells what it has done.
func (r *ruling) Heal(context.Context) (effect Effect, _ error) {
	if len(r.laid) > 0 {
		effect.Figures = map[string]int64{}
	}
	for _, l := range r.laid {
		if !l.harm.Heal() {
			continue
		}
		did := l.harm.Effect()
		effect.Where, effect.Took = append(effect.Where, l.where), true
		effect.Late = effect.Late || !l.noticed && did.Took()
		add(effect.Figures, did)
	}
	r.laid = nil
	return effect, nil
}

// add adds what a rule has done to figures, without what it has not.
func add(figures map[string]int64, did netfault.Effect) {
	for name, figure := range map[string]int64{
		"held_bytes": did.HeldBytes, "unanswered": did.Unanswered, "refused": did.Refused,
		"resets": did.Resets, "half_opened": did.HalfOpened, "slow_closes": did.SlowCloses,
	} {
		if figure != 0 {
			figures[name] += figure
		}
	}
}
