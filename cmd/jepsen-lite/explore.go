package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/harness"
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
		Long: fmt.Sprintf(`Tries schedules (interleavings of operations and faults), one step at a time, until
one breaks a promise of the workload; then leaves out whatever is not needed for
that, and shows what is left. On a simulated server (the default) it needs no
Redis, and the same seed finds the same; on a real one (--target process) each
request and each reply is held until its step comes.

Faults: %s.`, strings.Join(schedule.HarmNames(), ", ")),
		Example: `  jepsen-lite explore --workload lock-naive
  jepsen-lite explore --workload counter-get-set --target process
  jepsen-lite explore --workload set --persistence aof-everysec --faults powerloss`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	f.define(cmd)
	f.output.flags(cmd)
	return cmd
}

func (f *exploreFlags) define(cmd *cobra.Command) {
	p, fs := &f.c.Plan, cmd.Flags()
	fs.StringVar(&p.Workload.Name, "workload", "register", "what the clients do")
	fs.StringVar(&f.c.Target, "target", "sim", "where: sim, process, or auto")
	fs.StringVar(&p.Target.Persistence, "persistence", p.Target.Persistence, "none, rdb[:SECONDS/CHANGES,…], aof-always, aof-everysec, aof-no, mixed")
	fs.IntVar(&p.Target.Replicas, "replicas", 0, "number of replicas")
	fs.StringVar(&f.faults, "faults", "kill,timeout,tick", "faults that may happen, with commas between them, or none")
	fs.IntVar(&p.MaxFaults, "max-faults", 2, "how many faults happen at most")
	fs.IntVar(&p.Clients, "clients", 3, "number of clients")
	fs.IntVar(&p.Ops, "ops", 4, "operations of each client at most")
	fs.IntVar(&p.Keys, "keys", 1, "number of keys")
	fs.IntVar(&p.Schedules, "checks", 10_000, "number of schedules to try")
	fs.StringArrayVar(&p.Checks, "check", nil, "judge by this check instead of the workload's (see jepsen-lite list); may be repeated")
	fs.StringVar(&f.strategy, "strategy", "both", "how the next step is chosen: uniform, pct (few changes of priority), or both")
	fs.BoolVar(&f.c.Exhaustive, "exhaustive", false, "visit every interleaving of --clients with exactly --ops operations and --max-faults faults")
	fs.DurationSliceVar(&p.Ticks, "tick", nil, "how long a tick may take (default: the TTL of locks and half of it)")
	fs.DurationVar(&p.TimeLimit, "time-limit", 0, "how long to search (0s: until all schedules are tried)")
	fs.DurationVar(&p.ShrinkLimit, "shrink-limit", time.Minute, "how long to shrink")
	fs.DurationVar(&p.Workload.TTL, "ttl", p.Workload.TTL, "time to live of locks")
	fs.Int64Var(&p.Workload.Stock, "stock", p.Workload.Stock, "stock that each article of an inventory starts with")
	fs.IntVar(&p.Workers, "workers", runtime.GOMAXPROCS(0), "how many schedules to perform at a time")
	fs.Uint64Var(&p.Seed, "seed", 0, "decides every random choice (0: a fresh one)")
	fs.StringVar(&f.c.Store, "store", "store", "folder for run folders")
	fs.StringVar(&f.c.RedisServer, "redis-server", "", "the redis-server or valkey-server to start")
	fs.StringVar(&f.emit, "emit-go-test", "", "write what is found as a Go test to this file")
}

func (f *exploreFlags) run(ctx context.Context, s streams) error {
	p := &f.c.Plan
	p.Strategy = schedule.Strategy(f.strategy)
	if f.faults != "none" {
		for name := range strings.SplitSeq(f.faults, ",") {
			p.Faults = append(p.Faults, strings.TrimSpace(name))
		}
	}
	shown := newProgress(s.err, f.quiet)
	found, err := harness.Explore(ctx, f.c, func(x schedule.Progress) { shown.show(exploreLine(shown, x)) })
	shown.done()
	if err != nil && found == nil {
		return asFailure(err)
	}
	if err != nil {
		fmt.Fprintln(s.err, "jepsen-lite:", err)
	}
	if err := reportFound(s, found, f.json, f.c.Plan.Workload.Name, f.command(found.Seed)); err != nil {
		return failure{err}
	}
	if f.emit != "" && found.Schedule != nil {
		if err := os.WriteFile(f.emit, found.Schedule.GoTest(found.Results.Reason), 0o644); err != nil {
			return failure{fmt.Errorf("write Go test: %w", err)}
		}
	}
	return conclude(found.Verdict)
}

// exploreLine is the line of progress.
func exploreLine(p *progress, x schedule.Progress) string {
	line := fmt.Sprintf("%5.1f s  %s: %s schedules", time.Since(p.began).Seconds(), x.Phase, group(x.Schedules))
	if x.Steps > 0 {
		line += fmt.Sprintf(", the smallest that fails has %d steps", x.Steps)
	}
	return line
}

// reportFound prints what was found, or that nothing was. command repeats the
// search.
func reportFound(s streams, x *harness.Exploration, asJSON bool, workload, command string) error {
	if asJSON && x.Results != nil {
		return encodeJSON(s.out, x.Results)
	}
	if asJSON {
		return encodeJSON(s.out, harness.Results{Verdict: x.Verdict, Reason: x.Reason, Workload: workload, Seed: x.Seed, Redis: x.Redis, Command: command})
	}
	if x.Results != nil {
		workload = x.Results.Workload
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s on %s\n", paintVerdict(painter(s.out), x.Verdict), workload, x.Redis)
	if x.Schedule == nil {
		printNothingFound(&text, x)
	} else {
		printFound(&text, x)
	}
	switch {
	case command != "" && x.Schedule != nil:
		printCommand(&text, "found by", command)
	case command != "":
		printCommand(&text, "repeat", command)
	}
	_, err := io.WriteString(s.out, text.String())
	return err
}

func printFound(w io.Writer, x *harness.Exploration) {
	fmt.Fprintln(w, wrap(x.Results.Reason, "  "))
	fmt.Fprintf(w, "\n%s\n", x.Picture)
	shrunk := fmt.Sprintf("shrunk from %d operations and %d steps to %d and %d in %v",
		x.First.Operations(), len(x.First.Steps), x.Schedule.Operations(), len(x.Schedule.Steps), short(x.Shrunk))
	switch {
	case x.Exhausted != nil:
		printFact(w, "how", x.How)
	case x.How != "":
		printFact(w, "how", x.How)
		printFact(w, "found", shrunk)
	default:
		printFact(w, "found", fmt.Sprintf("in schedule %s, %v; %s", group(x.At), short(x.Searched), shrunk))
	}
	if x.Rate < 1 {
		printFact(w, "rate", fmt.Sprintf("as it was found, it fails in %.0f %% of executions", 100*x.Rate))
	}
	printFact(w, "reproduced", fmt.Sprintf("%d of %d", x.Reproduced, x.Tries))
	printCommand(w, "run folder", x.Results.Folder)
	printCommand(w, "replay", x.Results.Command)
}

func printNothingFound(w io.Writer, x *harness.Exploration) {
	if x.Reason != "" {
		fmt.Fprintln(w, wrap(x.Reason, "  "))
	}
	fmt.Fprintln(w)
	if all := x.Exhausted; all != nil {
		printExhausted(w, all)
		return
	}
	tried := group(x.Schedules) + " schedules in " + short(x.Searched).String() + ", and none broke a promise"
	if x.CutShort {
		tried += "; the search was cut short"
	}
	printFact(w, "tried", tried)
}

// printExhausted says what is known once every interleaving was visited.
func printExhausted(w io.Writer, all *schedule.Exhausted) {
	visited := fmt.Sprintf("%s different states, by %s words, in %v", group(all.States), group(all.Words), short(all.Searched))
	printFact(w, "visited", visited)
	if all.Complete {
		printFact(w, "complete", "no interleaving of these operations and faults breaks a promise (of other operations nothing is said):")
	}
	for i, ops := range all.Clients {
		var texts []string
		for _, op := range ops {
			texts = append(texts, op.String())
		}
		fmt.Fprintf(w, "    c%d: %s\n", i, strings.Join(texts, ", "))
	}
}

// command repeats what was explored.
func (f *exploreFlags) command(seed uint64) string {
	d, p := harness.DefaultExplore(), f.c.Plan
	words := []string{"jepsen-lite explore --workload", p.Workload.Name}
	flag := func(name string, differs bool, value any) {
		if differs {
			words = append(words, "--"+name, fmt.Sprint(value))
		}
	}
	flag("target", f.c.Target != "sim", f.c.Target)
	flag("persistence", p.Target.Persistence != d.Plan.Target.Persistence, p.Target.Persistence)
	flag("replicas", p.Target.Replicas != 0, p.Target.Replicas)
	flag("faults", f.faults != "kill,timeout,tick", f.faults)
	flag("max-faults", p.MaxFaults != 2, p.MaxFaults)
	flag("clients", p.Clients != 3, p.Clients)
	flag("ops", p.Ops != 4, p.Ops)
	flag("keys", p.Keys != 1, p.Keys)
	flag("checks", p.Schedules != 10_000, p.Schedules)
	for _, name := range p.Checks {
		flag("check", true, "'"+name+"'")
	}
	if f.c.Exhaustive {
		words = append(words, "--exhaustive")
	}
	flag("strategy", f.strategy != "both", f.strategy)
	for _, tick := range p.Ticks {
		flag("tick", true, tick)
	}
	flag("ttl", p.Workload.TTL != d.Plan.Workload.TTL, p.Workload.TTL)
	flag("stock", p.Workload.Stock != d.Plan.Workload.Stock, p.Workload.Stock)
	flag("seed", true, seed)
	return strings.Join(words, " ")
}

// short rounds a time for people.
func short(d time.Duration) time.Duration {
	switch {
	case d > 10*time.Second:
		return d.Round(time.Second)
	case d > time.Second:
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Millisecond)
}

func encodeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
