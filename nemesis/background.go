package nemesis

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func bgsaveKind() Kind {
	return Kind{
		Name: "bgsave", About: "makes a snapshot with BGSAVE", Noise: true,
		Parameters: []Parameter{placed()}, near: []string{"client-pause"}, can: canCommand,
		make: func(e Env, a Args) Fault { return background{e, a.place(), "BGSAVE"} },
	}
}

func bgrewriteaofKind() Kind {
	return Kind{
		Name: "bgrewriteaof", About: "rewrites the append-only file with BGREWRITEAOF", Noise: true,
		Parameters: []Parameter{placed()}, near: []string{"client-pause"}, can: canCommand,
		make: func(e Env, a Args) Fault { return background{e, a.place(), "BGREWRITEAOF"} },
	}
}

// background is a command that lets the server work in the background. It takes
// effect if the server says that it begins; one that is busy so already refuses.
type background struct {
	env     Env
	place   Place
	command string
}

func (b background) Inject(ctx context.Context) (Effect, error) {
	return b.env.at(ctx, b.place, func(node target.Node) (bool, error) {
		_, err := command(ctx, node, b.command)
		return err == nil, err
	})
}

func (background) Heal(context.Context) (Effect, error) { return Effect{}, nil }
