package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/schedule"
)

func newShrink(s streams) *cobra.Command {
	var c harness.ShrinkConfig
	var out output
	cmd := &cobra.Command{
		Use:   "shrink SCHEDULE|RUN",
		Short: "Make a failing schedule, or the failure of a run, smaller",
		Long: `Leaves out of a failing schedule whatever is not needed for its failure. For a
run that broke a promise, performs the operations that prove it step by step; if
that does not fail, explores the same workload under the same faults, and says
so. The result is a run folder of its own: what it starts from stays as it is.

Exits with 1 and the smallest failure, with 3 if none was seen. Ctrl-C ends the
shrinking, and shows the smallest so far.`,
		Example: `  jepsen-lite shrink store/latest
  jepsen-lite shrink schedule.json --time-limit 5m
  jepsen-lite shrink store/latest --target sim`,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) != 1:
				return usage(fmt.Errorf("expected one schedule file or run folder; see %s --help", cmd.CommandPath()))
			case c.Limit <= 0:
				return usage(errors.New("--time-limit must be longer than 0s"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c.Path = args[0]
			shown := newProgress(s.err, out.quiet)
			found, err := harness.Shrink(cmd.Context(), c, func(x schedule.Progress) { shown.show(exploreLine(shown, x)) })
			shown.done()
			if found == nil {
				return asFailure(err)
			}
			if found.Results != nil {
				out.leaveReport(s, found.Results.Folder)
			}
			if err := reportFound(s, found, out.json); err != nil {
				return failure{err}
			}
			return concludeDespite(s, found.Verdict, err)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&c.Target, "target", "", "where: sim, process, or auto for sim (default: where a run was made; sim for a file)")
	fs.DurationVar(&c.Limit, "time-limit", time.Minute, "how long to shrink at most")
	fs.StringVar(&c.Store, "store", "store", "folder for run folders")
	fs.StringVar(&c.RedisServer, "redis-server", "", serverUsage)
	out.flags(cmd)
	return cmd
}
