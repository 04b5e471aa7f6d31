package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/docker"
)

// examineDocker starts a server in a container and injects and heals each fault
// once, unless the image would have to be pulled for that. What dead runs left in the
// engine is shown, or removed.
func examineDocker(ctx context.Context, w io.Writer, image string, clean bool) {
	local, err := docker.Available(ctx, image)
	switch {
	case err != nil:
		fmt.Fprintf(w, "target    docker: not here: %v\n", err)
	case !local:
		fmt.Fprintln(w, "target    docker: the engine answers, and run pulls the image first")
	default:
		err := tryDocker(ctx, w, image)
		if err != nil {
			fmt.Fprintf(w, "target    docker: fails: %v\n", err)
		}
	}
	if missing := (*docker.NoEngineError)(nil); !errors.As(err, &missing) {
		sweepDocker(ctx, w, clean)
	}
}

func tryDocker(ctx context.Context, w io.Writer, image string) error {
	server, err := docker.FindServer(ctx, image)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "jepsen-lite-doctor-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	persistence, err := target.ParsePersistence(target.AOFAlways)
	if err != nil {
		return err
	}
	t, err := docker.New(docker.Config{Image: image, Server: server.Name, Dir: dir, Persistence: persistence})
	if err != nil {
		return err
	}
	defer t.Close()
	began := time.Now()
	if err := t.Start(ctx); err != nil {
		return err
	}
	fmt.Fprintf(w, "target    docker: works (%s, ready in %v)\n", server.Version, time.Since(began).Round(time.Millisecond))
	tryFaults(ctx, w, t)
	return nil
}

// sweepDocker shows, or removes, what runs that were cut off left in the engine.
func sweepDocker(ctx context.Context, w io.Writer, clean bool) {
	sweep, what := docker.Leftovers, "left over by a run that was cut off; doctor --clean removes it"
	if clean {
		sweep, what = docker.Clean, "removed"
	}
	found, err := sweep(ctx)
	for _, l := range found {
		fmt.Fprintf(w, "leftover  %s %s: %s\n", l.Kind, l.Name, what)
	}
	if err != nil {
		fmt.Fprintf(w, "leftover  docker: %v\n", err)
	}
}
