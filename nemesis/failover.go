package nemesis

import (
	"context"
	"errors"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func failoverKind() Kind {
	return Kind{
		Name: "failover", About: "makes a replica the primary while that one runs: SENTINEL FAILOVER, or CLUSTER FAILOVER with FORCE or TAKEOVER",
		Parameters: []Parameter{{
			Name: "way", About: "whom the replica asks: the primary, the other primaries (force), or nobody (takeover)", Default: string(target.Agreed),
			Type: oneOf(string(target.Agreed), string(target.Forced), string(target.Takeover)),
		}},
		near: []string{"kill", "client-pause"}, whole: canFailover,
		make: func(e Env, a Args) Fault { return failover{e, target.FailoverWay(a.text("way"))} },
	}
}

func canFailover(t target.Target) error {
	if f, ok := t.(target.Failoverer); !ok || !f.HasReplicas() {
		return errors.New("there are no replicas that could take over: it takes --topology replicated or cluster")
	}
	return nil
}

// failover needs no healing: the former primary follows the new one.
type failover struct {
	env Env
	way target.FailoverWay
}

func (f failover) Inject(ctx context.Context) (Effect, error) {
	node, done, err := f.env.Target.(target.Failoverer).Failover(ctx, f.way)
	return effectOn(node, done), err
}

func (failover) Heal(context.Context) (Effect, error) { return Effect{}, nil }

// effectOn is an effect on one node, of which the name may be empty.
func effectOn(node string, took bool) Effect {
	if node == "" {
		return Effect{Took: took}
	}
	return Effect{Where: []string{node}, Took: took}
}
