package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
	"github.com/jepsen-lite/jepsen-lite/schedule"
)

// exploreFlags are what a user can say about exploring.
type exploreFlags struct {
	c        harness.ExploreConfig
	faults   string
	strategy string
	emit     string
	output
}

func newExplore(s streams) *cobra.Command {
	f := exploreFlags{c: harness.DefaultExplore()}
	cmd := &cobra.Command{
		Use:   "explore",
		Short: "Look for an interleaving that breaks a promise, and shrink it",
		Long: fmt.Sprintf(`Tries schedules (interleavings of operations and faults), one step at a time,
until one breaks a promise of the workload; then leaves out whatever is not
needed for that, and shows what is left. On a simulated server (the default) it
needs no Redis, and the same seed finds the same; on a real one (--target
process) each request and each reply is held until its step comes.

%s

Exits with 1 if a promise was broken, with 0 if all schedules kept it, and with
3 if too few were tried to tell. Ctrl-C ends the search, or the shrinking, and
shows what there is.`, wrap("Faults: "+strings.Join(schedule.HarmNames(), ", ")+". What each does: jepsen-lite list. "+
			"A fault is healed at a later step, or in the end.", "")),
		Example: `  jepsen-lite explore --workload lock-naive
  jepsen-lite explore --workload counter-get-set --target process
  jepsen-lite explore --workload set --persistence aof-no --faults powerloss
  jepsen-lite explore --workload lock --clients 2 --ops 1 --exhaustive`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	f.define(cmd)
	f.output.flags(cmd)
	return cmd
}

func (f *exploreFlags) define(cmd *cobra.Command) {
	p, fs := &f.c.Plan, cmd.Flags()
	fs.StringVar(&p.Workload.Name, "workload", p.Workload.Name, "what the clients do: a workload or a recipe, see jepsen-lite list")
	fs.StringVar(&f.c.Target, "target", f.c.Target, "where: sim, process, or auto for sim")
	fs.StringVar(&p.Target.Persistence, "persistence", p.Target.Persistence, "none, rdb[:SECONDS/CHANGES,…], aof-always, aof-everysec, aof-no, mixed")
	fs.IntVar(&p.Target.Replicas, "replicas", p.Target.Replicas, "number of replicas, on sim only")
	fs.StringVar(&f.faults, "faults", strings.Join(p.Faults, ","), "faults that may happen, with commas between them, or none")
	fs.IntVar(&p.MaxFaults, "max-faults", p.MaxFaults, "how many faults happen in a schedule at most")
	fs.IntVar(&p.Clients, "clients", p.Clients, "number of clients")
	fs.IntVar(&p.Ops, "ops", p.Ops, "operations of each client at most")
	fs.IntVar(&p.Keys, "keys", p.Keys, "number of keys")
	fs.IntVar(&p.Schedules, "checks", p.Schedules, "number of schedules to try")
	fs.StringArrayVar(&p.Checks, "check", nil, "judge by this check instead of the workload's (see jepsen-lite list); may be repeated")
	fs.StringVar(&f.strategy, "strategy", string(p.Strategy), "how the next step is chosen: uniform, pct (few changes of priority), or both in turn")
	fs.BoolVar(&f.c.Exhaustive, "exhaustive", false, "visit every interleaving of --clients with exactly --ops operations and up to --max-faults faults, on sim only; --checks does not bound it")
	fs.Var(&ticks{&p.Ticks}, "tick", "how long a tick takes, as 300ms; several with commas between them, or repeated (default: --ttl and half of it)")
	fs.DurationVar(&p.TimeLimit, "time-limit", p.TimeLimit, "how long to search (0s: until all schedules are tried)")
	fs.DurationVar(&p.ShrinkLimit, "shrink-limit", p.ShrinkLimit, "how long to shrink")
	fs.DurationVar(&p.Workload.TTL, "ttl", p.Workload.TTL, "time to live of locks")
	fs.Int64Var(&p.Workload.Stock, "stock", p.Workload.Stock, "stock that each article of an inventory starts with")
	fs.IntVar(&p.Workers, "workers", p.Workers, "how many schedules to perform at a time, each on a server of its own (0: one for each processor)")
	fs.Uint64Var(&p.Seed, "seed", p.Seed, "decides every random choice (0: a fresh one)")
	fs.StringVar(&f.c.Store, "store", f.c.Store, "folder for run folders")
	fs.StringVar(&f.c.RedisServer, "redis-server", f.c.RedisServer, serverUsage)
	fs.StringVar(&f.emit, "emit-go-test", "", "write what is found as a Go test to this file, as lock_test.go")
}

// serverUsage explains --redis-server.
const serverUsage = "the redis-server or valkey-server to start (default: JEPSEN_LITE_REDIS_SERVER, else from PATH)"

func (f *exploreFlags) run(ctx context.Context, s streams) error {
	// A schedule leaves garbage and nothing else: collecting it less often is worth a
	// tenth of the time, and costs a few megabytes.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	p := &f.c.Plan
	p.Strategy, p.Faults = schedule.Strategy(f.strategy), nil
	if strings.TrimSpace(f.faults) != "none" {
		for name := range strings.SplitSeq(f.faults, ",") {
			p.Faults = append(p.Faults, strings.TrimSpace(name))
		}
	}
	if slices.Contains(p.Faults, "none") {
		return usage(fmt.Errorf("--faults %q: none cannot stand beside a fault", f.faults))
	}
	if err := f.c.Validate(); err != nil {
		return err
	}
	if err := f.placeForTest(); err != nil {
		return usage(err)
	}
	shown := newProgress(s.err, f.quiet)
	found, err := harness.Explore(ctx, f.c, func(x schedule.Progress) { shown.show(exploreLine(shown, x)) })
	shown.done()
	if found == nil {
		return asFailure(err)
	}
	if found.Results != nil {
		f.leaveReport(s, found.Results.Folder)
	}
	if err := reportFound(s, found, f.json); err != nil {
		return failure{err}
	}
	if f.emit != "" && found.Schedule != nil {
		if writeErr := os.WriteFile(f.emit, found.Schedule.GoTest(filepath.Dir(f.emit), found.Reason), 0o644); writeErr != nil {
			err = errors.Join(err, fmt.Errorf("write Go test: %w", writeErr))
		}
	}
	return concludeDespite(s, found.Verdict, err)
}

// placeForTest says whether a Go test can be written where it was asked for.
// Better before a search than after it.
func (f *exploreFlags) placeForTest() error {
	if f.emit == "" {
		return nil
	}
	if !strings.HasSuffix(f.emit, "_test.go") {
		return fmt.Errorf("--emit-go-test %s: go test reads only files whose name ends with _test.go", f.emit)
	}
	if info, err := os.Stat(filepath.Dir(f.emit)); err != nil || !info.IsDir() {
		return fmt.Errorf("--emit-go-test %s: there is no folder %s", f.emit, filepath.Dir(f.emit))
	}
	return nil
}

// ticks is the value of --tick.
type ticks struct{ to *[]time.Duration }

func (t *ticks) String() string { return "" }

func (t *ticks) Type() string { return "durations" }

// Set adds durations.
func (t *ticks) Set(text string) error {
	for part := range strings.SplitSeq(text, ",") {
		d, err := time.ParseDuration(strings.TrimSpace(part))
		if err != nil {
			return errors.New("expected a time, as in 300ms")
		}
		*t.to = append(*t.to, d)
	}
	return nil
}

// exploreLine is the line of progress.
func exploreLine(p *progress, x schedule.Progress) string {
	line := fmt.Sprintf("%5.1f s  %s: %s schedules", time.Since(p.began).Seconds(), x.Phase, svg.Count(x.Schedules))
	if x.Steps > 0 {
		line += fmt.Sprintf(", the smallest that fails has %d steps", x.Steps)
	}
	return line
}
