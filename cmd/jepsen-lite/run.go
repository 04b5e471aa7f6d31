package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target/docker"
	"github.com/jepsen-lite/jepsen-lite/target/external"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// output are the flags that every command which judges has.
type output struct{ json, quiet, noReport bool }

func (o *output) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.json, "json", false, "print the results as one JSON document, the same as results.json")
	cmd.Flags().BoolVar(&o.quiet, "quiet", false, "no progress")
	cmd.Flags().BoolVar(&o.noReport, "no-report", false, "leave no report.html in the run folder")
}

func newRun(s streams) *cobra.Command {
	c, faults := harness.Defaults(), ""
	var out output
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Run a workload on a Redis server under faults, and judge it",
		Long: fmt.Sprintf(`Starts a Redis server, lets clients work on it while faults happen to it, records
every operation, judges the history and leaves a run folder.

On the target sim the server is a simulated one in this process, time is virtual, and
the same seed gives the same history, byte for byte. The target auto, where no
redis-server is found, is sim.

A target can also be the URL of servers that run already, with rediss for TLS:

  redis://USER@HOST:PORT/DB
  redis+sentinel://HOST:PORT?master_name=NAME&addr=HOST:PORT&username=USER
  redis+cluster://USER@HOST:PORT?addr=HOST:PORT

They keep their data: a run writes keys of its own there and deletes them in the end,
and only clients and their connections are harmed. The password stands in
JEPSEN_LITE_PASSWORD, or after the user.

%s

%s

The plan of the nemesis is a list of faults. Those that say nothing of when take
turns, by --nemesis-interval and --nemesis-duration; every other one comes and goes
by itself, at the same time as others:

  kill, pause                      in turn, each once a round
  kill(primary) every 5s           about every 5 s: after 2.5 to 7.5 s
  bgsave every 2s exactly          at 2 s, 4 s, 6 s, …
  pause(n1) once at 30s for 3s     once, and for so long

  partition(halves) every 20s for 3s
  latency(primary->replicas, 50ms, jitter=10ms)
  partition(primary+clients/2)     a primary with half of the clients on its side

What stands in parentheses says where (one, all, primary, …, or a node's name; for
the network, between whom) and what else a fault may be told: see jepsen-lite list.`,
			wrap("Workloads: "+strings.Join(workloadNames(), ", ")+".", ""), wrap("Faults: "+strings.Join(nemesis.Names(), ", ")+". See jepsen-lite list.", "")),
		Example: `  jepsen-lite run --workload counter --persistence none
  jepsen-lite run --workload lock --ttl 300ms --nemesis client-pause --time-limit 10s
  jepsen-lite run --workload queue --nemesis 'kill every 3s, pause every 5s for 1s'
  jepsen-lite run --workload set --persistence aof-always --nemesis 'rollback every 8s for 4s'
  jepsen-lite run --workload set --topology replicated --nemesis 'partition(primary+clients/2) every 12s for 6s'
  jepsen-lite run --workload inventory --nemesis 'eviction(policy=allkeys-random) every 5s'
  jepsen-lite run --workload set --persistence aof-always --nemesis kill --seed 42
  jepsen-lite run --workload register --target docker --image valkey/valkey:8.1
  jepsen-lite run --workload lock --target redis://app@cache.example:6379/2 --allow-writes
  jepsen-lite run --workload queue --target sim --persistence none --time-limit 60s`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ofURL(cmd, &c, &faults)
			var err error
			if c.Nemesis, err = parsePlan(faults); err != nil {
				return usage(err)
			}
			if err := c.Validate(); err != nil {
				return err
			}
			return runAndReport(cmd, s, c, out)
		},
	}
	runFlags(cmd, &c, &faults)
	out.flags(cmd)
	return cmd
}

func runFlags(cmd *cobra.Command, c *harness.Config, faults *string) {
	f := cmd.Flags()
	f.StringVar(&c.Workload, "workload", c.Workload, "what the clients do")
	f.StringVar(&c.Target, "target", c.Target, "backend of the servers: process, docker, sim (a simulated server in virtual time), auto for process where there is a server, else sim, or the URL of servers that run already (see above)")
	f.StringVar(&c.Topology, "topology", c.Topology, "how the servers stand together: standalone, replicated, cluster, sharded")
	f.IntVar(&c.Replicas, "replicas", c.Replicas, "replicas of each primary (0: 2 in replicated, 1 in cluster)")
	f.IntVar(&c.Shards, "shards", c.Shards, "primaries of cluster and sharded (0: 3)")
	f.IntVar(&c.Spares, "spares", c.Spares, "servers of cluster and sharded that stand by, for a fault that adds them")
	f.StringVar(&c.Hash, "hash", c.Hash, "how clients of sharded choose a server by the key: consistent (the default), modulo, host")
	f.DurationVar(&c.DownAfter, "down-after", c.DownAfter, "silence after which a server counts as down, in replicated and cluster (0s: two seconds)")
	f.IntVar(&c.MinReplicas, "min-replicas-to-write", c.MinReplicas, "replicas without which a primary of replicated refuses to write")
	f.StringVar(&c.Reads, "reads", c.Reads, "where clients read: primary or replica")
	f.IntVar(&c.Wait, "wait", c.Wait, "replicas that have to acknowledge each write (WAIT); one too few makes its outcome unknown")
	f.StringVar(&c.Persistence, "persistence", c.Persistence, "none, rdb[:SECONDS/CHANGES,…], aof-always, aof-everysec, aof-no, mixed")
	f.StringVar(faults, "nemesis", strings.Join(c.Nemesis, ","), "faults to inject, with commas between them, or none; each may say where and when (see above)")
	f.DurationVar(&c.Interval, "nemesis-interval", c.Interval, "mean time between two faults that say nothing of when")
	f.DurationVar(&c.Duration, "nemesis-duration", c.Duration, "longest time that a fault lasts that says nothing of how long (0s: as the interval)")
	f.DurationVar(&c.TimeLimit, "time-limit", c.TimeLimit, "how long the clients work")
	f.IntVar(&c.Concurrency, "concurrency", c.Concurrency, "number of clients")
	f.Float64Var(&c.Rate, "rate", c.Rate, "operations per second, all clients together (0: as many as they can)")
	f.IntVar(&c.Keys, "keys", c.Keys, "number of keys in use at a time")
	f.IntVar(&c.OpsPerKey, "ops-per-key", c.OpsPerKey, "operations after which a key gives way to a fresh one (0: never)")
	f.DurationVar(&c.OpTimeout, "op-timeout", c.OpTimeout, "how long a client waits for an answer")
	f.DurationVar(&c.TTL, "ttl", c.TTL, "time to live of locks")
	f.DurationVar(&c.Hold, "hold", c.Hold, "longest time that a client keeps a lock")
	f.Int64Var(&c.Stock, "stock", c.Stock, "stock that each article of an inventory starts with")
	f.Uint64Var(&c.Seed, "seed", c.Seed, "decides every random choice (0: a fresh one)")
	f.StringVar(&c.Store, "store", c.Store, "folder for run folders")
	f.StringVar(&c.RedisServer, "redis-server", c.RedisServer, serverUsage)
	f.StringVar(&c.Image, "image", c.Image, "the image of docker's containers, pulled if it is not there (default: "+docker.DefaultImage+")")
	f.StringArrayVar(&c.RedisArgs, "redis-arg", nil, `a line of redis.conf, as in --redis-arg "maxmemory 100mb"; may be repeated`)
	f.BoolVar(&c.AllowWrites, "allow-writes", false, "the servers at the URL may be written to although they hold keys")
	tlsFlags(cmd, &c.TLS)
}

func tlsFlags(cmd *cobra.Command, t *external.TLS) {
	f := cmd.Flags()
	f.StringVar(&t.CA, "tls-ca", "", "authorities to trust for a rediss:// URL, a PEM file (default: the system's)")
	f.StringVar(&t.Cert, "tls-cert", "", "a certificate of ours for a rediss:// URL, a PEM file")
	f.StringVar(&t.Key, "tls-key", "", "its key, a PEM file")
	f.BoolVar(&t.Insecure, "tls-insecure", false, "trust whatever certificate the servers have")
}

// ofURL takes passwords from the environment, and the defaults for servers that run
// already if the target is a URL.
func ofURL(cmd *cobra.Command, c *harness.Config, faults *string) {
	if !external.IsURL(c.Target) {
		return
	}
	c.Password, c.SentinelPassword = os.Getenv(external.PasswordVariable), os.Getenv(external.SentinelPasswordVariable)
	theirs := c.ForURL()
	if !cmd.Flags().Changed("persistence") {
		c.Persistence = theirs.Persistence
	}
	if !cmd.Flags().Changed("nemesis") {
		*faults = strings.Join(theirs.Nemesis, ",")
	}
}

func runAndReport(cmd *cobra.Command, s streams, c harness.Config, out output) error {
	p := newProgress(s.err, out.quiet)
	results, err := harness.Run(cmd.Context(), c, p.run)
	p.done()
	if results != nil {
		out.leaveReport(s, results.Folder)
		if printErr := report(s, results, out.json); printErr != nil {
			return failure{printErr}
		}
	}
	var asked *harness.UsageError
	switch {
	case errors.As(err, &asked):
		return err
	case results == nil:
		return failure{errors.New(explain(err))}
	}
	return concludeDespite(s, results.Verdict, err)
}

// parsePlan reads a plan, or "none".
func parsePlan(text string) ([]string, error) {
	items, err := nemesis.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("--nemesis %q, %w", text, err)
	}
	return nemesis.Texts(items), nil
}

func workloadNames() []string {
	var names []string
	for _, w := range workloads.All() {
		names = append(names, w.Name)
	}
	return names
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(fmt.Errorf("unexpected argument %q; see %s --help", args[0], cmd.CommandPath()))
	}
	return nil
}
