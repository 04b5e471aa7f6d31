package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/target/docker"
)

// diagnosis is what doctor prints with --json. Fields are only ever added.
type diagnosis struct {
	harness.Machine
	// Leftovers are what killed runs left behind, or what was removed of it.
	Leftovers []harness.Leftover `json:"leftovers"`
	Removed   bool               `json:"removed"`
}

func newDoctor(s streams) *cobra.Command {
	var o harness.ExamineOptions
	var clean, asJSON bool
	var theirs harness.Config
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Show what works on this machine, by trying it",
		Long: `Shows which faults work here, on which backend and in which topology, and why the
others do not. On one server of each backend (process, docker, sim) it tries every
fault: it starts the server in a temporary folder, injects the fault and heals it.
What other topologies can do is told without starting them. What runs that were
killed left behind is shown too, or removed with --clean, as each run does.
Exits with 0 if a run with the defaults is possible here, else with 4.

With a URL as --target it looks at the servers there instead: whether they answer,
how fast, and what they permit. It writes nothing there; with --clean it deletes
keys of runs that were cut off more than a day ago.`,
		Example: `  jepsen-lite doctor
  jepsen-lite doctor --image jepsen-lite/redis:local
  jepsen-lite doctor --redis-server /opt/valkey/bin/valkey-server --json
  jepsen-lite doctor --clean
  jepsen-lite doctor --target redis://app@cache.example:6379/2 --json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if theirs.Target != "" {
				return examineExternal(cmd.Context(), s.out, theirs, clean, asJSON)
			}
			return diagnose(cmd.Context(), s.out, o, clean, asJSON)
		},
	}
	cmd.Flags().StringVar(&o.RedisServer, "redis-server", "", "the server to try")
	cmd.Flags().StringVar(&o.Image, "image", "", "the image to try in Docker (default: "+docker.DefaultImage+")")
	cmd.Flags().BoolVar(&clean, "clean", false, "remove what runs that were killed left behind")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	cmd.Flags().StringVar(&theirs.Target, "target", "", "look at servers that run already, at this URL")
	tlsFlags(cmd, &theirs.TLS)
	return cmd
}

func diagnose(ctx context.Context, w io.Writer, o harness.ExamineOptions, clean, asJSON bool) error {
	sweep := harness.Leftovers
	if clean {
		sweep = harness.Sweep
	}
	d := diagnosis{Removed: clean}
	var sweepErr, err error
	if d.Leftovers, sweepErr = sweep(ctx); d.Leftovers == nil {
		d.Leftovers = []harness.Leftover{}
	}
	d.Machine, err = harness.Examine(ctx, o)
	if asJSON {
		if printErr := encodeJSON(w, d); printErr != nil {
			return failure{printErr}
		}
	} else {
		d.print(w)
	}
	switch {
	case err != nil:
		return failure{err}
	case sweepErr != nil:
		return failure{fmt.Errorf("look for leftovers: %w", sweepErr)}
	}
	return nil
}
