package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/harness"
)

func newReplay(s streams) *cobra.Command {
	var c harness.ReplayConfig
	var out output
	cmd := &cobra.Command{
		Use:   "replay SCHEDULE|RUN",
		Short: "Perform a schedule again, step by step",
		Long: `Performs a schedule file, or the schedule of a run folder, and judges what happens.
Exits with 1 if any of the executions breaks a promise.`,
		Example: `  jepsen-lite replay store/latest
  jepsen-lite replay schedule.json --target process --times 100
  jepsen-lite replay --seed 42`,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) > 1, len(args) == 0 && c.Seed == 0:
				return usage(fmt.Errorf("expected one schedule file or run folder, or --seed; see %s --help", cmd.CommandPath()))
			case len(args) == 1 && c.Seed != 0:
				return usage(errors.New("a schedule and --seed are too much: leave one out"))
			case c.Times < 1:
				return usage(errors.New("--times must be at least 1"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				c.Path = args[0]
			}
			r, err := harness.Replay(cmd.Context(), c)
			if err != nil {
				return asFailure(err)
			}
			if err := reportReplay(s, r, out.json); err != nil {
				return failure{err}
			}
			return conclude(r.Verdict)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&c.Target, "target", "sim", "where: sim, process, or auto")
	fs.IntVar(&c.Times, "times", 1, "how often")
	fs.Uint64Var(&c.Seed, "seed", 0, "replay the newest schedule of the store with this seed")
	fs.StringVar(&c.Store, "store", "store", "folder for run folders")
	fs.StringVar(&c.RedisServer, "redis-server", "", "the redis-server or valkey-server to start")
	out.flags(cmd)
	return cmd
}

func reportReplay(s streams, r *harness.Replayed, asJSON bool) error {
	if asJSON {
		return encodeJSON(s.out, r.Results)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s on %s\n", paintVerdict(painter(s.out), r.Verdict), r.Schedule.Workload.Name, r.Redis)
	if r.Results.Reason != "" {
		fmt.Fprintln(&text, wrap(r.Results.Reason, "  "))
	}
	fmt.Fprintf(&text, "\n%s\n", r.Picture)
	for _, skip := range r.Execution.Skipped {
		printFact(&text, "skipped", fmt.Sprintf("step %d, %s: %s", skip.At+1, skip.Step, skip.Why))
	}
	reproduced := fmt.Sprintf("%d of %d", r.Reproduced, r.Times)
	if r.Identical && r.Times > 1 {
		reproduced += ", all histories the same, byte for byte"
	}
	printFact(&text, "broken", reproduced)
	printCommand(&text, "run folder", r.Results.Folder)
	_, err := io.WriteString(s.out, text.String())
	return err
}

// asFailure: what was not asked wrongly, the target or the harness could not do.
func asFailure(err error) error {
	var asked *harness.UsageError
	if errors.As(err, &asked) {
		return err
	}
	return failure{errors.New(explain(err))}
}
