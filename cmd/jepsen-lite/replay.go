package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

func newReplay(s streams) *cobra.Command {
	var c harness.ReplayConfig
	var out output
	cmd := &cobra.Command{
		Use:   "replay SCHEDULE|RUN",
		Short: "Perform a schedule again, step by step",
		Long: `Performs a schedule file, or the schedule of a run folder, judges what happens,
and leaves a run folder of it: of the first execution that broke a promise, or
else of the first. Exits with 1 if any of them did.

A schedule file is JSON to be read and edited. Its steps move a client (c0) to
its next yield point: request ready, executed by the server, reply delivered; or
are faults (kill, start, timeout:c0, tick:300ms); jepsen-lite list shows all. A
step that is impossible when its turn comes is skipped, and named.`,
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
			shown := newProgress(s.err, out.quiet)
			c.Progress = func(done int) {
				shown.show(fmt.Sprintf("%5.1f s  %s of %s executions", time.Since(shown.began).Seconds(), svg.Count(done), svg.Count(c.Times)))
			}
			r, err := harness.Replay(cmd.Context(), c)
			shown.done()
			if r == nil {
				return asFailure(err)
			}
			if r.Results != nil {
				out.leaveReport(s, r.Results.Folder)
			}
			if err := reportReplay(s, r, out.json); err != nil {
				return failure{err}
			}
			return concludeDespite(s, r.Verdict, err)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&c.Target, "target", "", "where: sim, process, or auto for sim (default: where a run was made; sim for a file)")
	fs.IntVar(&c.Times, "times", 1, "how often to perform it")
	fs.Uint64Var(&c.Seed, "seed", 0, "instead of a path: the newest run in the store that followed a schedule and has this seed")
	fs.StringVar(&c.Store, "store", "store", "folder for run folders, and where --seed looks")
	fs.StringVar(&c.RedisServer, "redis-server", "", serverUsage)
	out.flags(cmd)
	return cmd
}

func reportReplay(s streams, r *harness.Replayed, asJSON bool) error {
	reason := ""
	if a := r.Execution.Anomaly(); a != nil {
		reason = a.Explanation
	}
	if asJSON {
		return encodeJSON(s.out, cmp.Or(r.Results, &harness.Results{Verdict: r.Verdict, Reason: reason, Workload: r.Schedule.Workload.Name, Redis: r.Redis}))
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s on %s\n", paintVerdict(painter(s.out), r.Verdict), r.Schedule.Workload.Name, r.Redis)
	if r.Results != nil {
		reason = r.Results.Reason
	}
	if reason != "" {
		fmt.Fprintln(&text, wrap(reason, "  "))
	}
	fmt.Fprintf(&text, "\n%s\n", r.Picture)
	for _, skip := range r.Execution.Skipped {
		printFact(&text, "skipped", fmt.Sprintf("step %d, %s: %s", skip.At+1, skip.Step, skip.Why))
	}
	times := fmt.Sprintf("%d of %d", r.Reproduced, r.Times)
	if r.Identical && r.Times > 1 {
		times += ", all histories the same, byte for byte"
	}
	printFact(&text, "reproduced", times)
	if r.Results != nil {
		printCommand(&text, "run folder", r.Results.Folder)
	}
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
