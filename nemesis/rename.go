package nemesis

import (
	"context"
	"errors"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func renameKind() Kind {
	return Kind{
		Name: "rename", About: "gives a server another host name, as when it moves to another machine with its data",
		Parameters: []Parameter{placed()}, near: []string{"restart", "client-pause"}, whole: canRename,
		make: func(e Env, a Args) Fault { return rename{e, a.place()} },
	}
}

func canRename(t target.Target) error {
	if r, ok := t.(target.Renamer); !ok || !r.LooksAtHosts() {
		return errors.New("no client looks at host names: it takes --topology sharded --hash host")
	}
	return nil
}

// rename needs no healing: a server keeps its name.
type rename struct {
	env   Env
	place Place
}

func (r rename) Inject(ctx context.Context) (Effect, error) {
	return r.env.at(ctx, r.place, func(node target.Node) (bool, error) {
		return r.env.Target.(target.Renamer).Rename(ctx, node.Name())
	})
}

func (rename) Heal(context.Context) (Effect, error) { return Effect{}, nil }
