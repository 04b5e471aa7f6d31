package nemesis

import "context"

func resetKind() Kind {
	return Kind{
		Name: "reset", About: "resets the connections that there are, on both sides",
		Parameters: []Parameter{linked(everyClient)},
		near:       []string{"restart", "client-pause"}, whole: canHarmLinks, ofLinks: true, needsLoad: true,
		make: func(e Env, a Args) Fault { return &reset{env: e, on: a.links()} },
	}
}

// reset ends connections at one moment, as a firewall does that has forgotten them.
type reset struct {
	env Env
	on  links
}

func (r *reset) Inject(ctx context.Context) (Effect, error) {
	s, err := r.env.chosenLinks(ctx, r.on)
	if err != nil {
		return Effect{}, err
	}
	count := r.env.Target.(networked).Network().Reset(s.links())
	return Effect{Where: []string{s.text}, Took: count > 0, Figures: map[string]int64{"resets": int64(count)}}, nil
}

// Heal has nothing to do: who wants a connection makes a new one.
func (r *reset) Heal(context.Context) (Effect, error) { return Effect{}, nil }
