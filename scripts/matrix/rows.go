package main

// outcome is what must be found.
type outcome string

const (
	// held: every check is valid.
	held outcome = "valid"
	// lost: acknowledged writes are missing at the end.
	lost outcome = "lost"
	// stale: reads were not the latest, but nothing is missing at the end.
	stale outcome = "stale reads"
	// either: it depends on chance; the table says how often which was found.
	either outcome = "depends on chance"
)

// row is a line of the table: one configuration.
type row struct {
	title string
	// args of jepsen-lite run, beside the workload set.
	args string
	want outcome
	// seconds that a run takes; 0: as the others.
	seconds int
	// runs is how often it is run; 0: once.
	runs int
	// short: it is among the few.
	short bool
	// several: it has a topology beside standalone.
	several bool
	// moved counts the keys that lost something, against a theory.
	theory string
}

const (
	replicated = "--topology replicated --nemesis-interval 5s "
	cluster    = "--topology cluster "
	sharded    = "--topology sharded --keys 600 --ops-per-key 0 --rate 3000 "
)

// rows returns the table.
func rows() []row {
	return append(append(oneServer(), replicas()...), shards()...)
}

func oneServer() []row {
	return []row{
		{title: "append-only file, synced each second; power loss", args: `--persistence aof-everysec --nemesis "powerloss every 5s for 500ms"`, want: lost, short: true},
		{title: "append-only file, always synced; power loss with a torn tail", args: `--persistence aof-always --nemesis "powerloss(torn) every 5s for 500ms"`, want: held, short: true},
		{title: "synced each second; fsync takes 3 s longer; kill", args: `--persistence aof-everysec --nemesis "slow-fsync(3s) once at 1s for 1h, kill every 5s for 500ms"`, want: lost},
		{title: "log and snapshots, a healthy disk; kill", args: `--persistence mixed --nemesis "kill every 4s for 500ms"`, want: held, runs: 3, short: true},
		{title: "snapshots only; kill", args: `--persistence rdb --nemesis "kill every 4s for 500ms"`, want: lost},
		{title: "always synced; the end of the log cut off", args: `--persistence aof-always --nemesis "aof-truncate(200b) every 4s for 500ms"`, want: lost},
		{title: "always synced; a sector of the log spoilt, and repaired", args: `--persistence aof-always --nemesis "aof-corrupt every 6s for 500ms"`, want: lost},
		{title: "synced each second; disk full", args: `--persistence aof-everysec --nemesis "disk-full every 4s for 2s"`, want: held},
		{title: "always synced; an old backup put back", args: `--persistence aof-always --nemesis "rollback once at 4s for 5s"`, want: lost},
		{title: "always synced; a restart that takes seconds to load", args: `--persistence aof-always --nemesis "loading every 6s"`, want: held, seconds: 30},
		{title: "memory is short, keys are evicted", args: `--persistence aof-always --nemesis "eviction(policy=allkeys-random) every 5s for 2s"`, want: lost},
		{title: "bgsave, log rewrites and settings, and kill", args: `--persistence aof-always --nemesis "kill every 5s for 500ms, bgsave every 2s, bgrewriteaof every 3s, config(hz, 50) every 2s for 1s"`, want: held},
	}
}

func replicas() []row {
	return []row{
		{title: "replication held back for 50 ms; then the primary's machine dies, with what it had not sent", args: replicated + `--nemesis "partition(primary->replicas, drop) once at 6s for 8s, kill(primary) once at 6050ms for 10s"`, want: lost, seconds: 20, several: true, short: true},
		{title: "replicas 50 ms behind; the primary's process killed: what it has sent arrives", args: replicated + `--nemesis "latency(primary->replicas, 50ms) once at 1s for 1h, kill(primary) every 10s for 8s"`, want: either, seconds: 25, runs: 3, several: true},
		{title: "the same without a delay", args: replicated + `--nemesis "kill(primary) every 10s for 8s"`, want: either, seconds: 25, runs: 5, several: true},
		{title: "split brain: the primary with half the clients", args: replicated + `--nemesis "partition(primary+clients/2) every 8s for 6s"`, want: lost, seconds: 30, several: true, short: true},
		{title: "the same with min-replicas-to-write 1", args: replicated + `--min-replicas-to-write 1 --nemesis "partition(primary+clients/2) every 8s for 6s"`, want: lost, seconds: 30, several: true},
		{title: "the same with WAIT 1", args: replicated + `--wait 1 --nemesis "partition(primary+clients/2) every 8s for 6s"`, want: either, seconds: 30, runs: 3, several: true},
		{title: "reads from replicas that are 50 ms behind", args: replicated + `--reads replica --nemesis "latency(primary->replicas, 50ms) every 2s for 10s"`, want: stale, several: true},
		{title: "reads from replicas, no fault at all", args: replicated + `--reads replica --nemesis none`, want: stale, several: true},
		{title: "SENTINEL FAILOVER, all servers well", args: replicated + `--nemesis "failover every 6s"`, want: lost, seconds: 25, several: true},
		{title: "no persistence; the primary is back before anyone notices", args: replicated + `--persistence none --nemesis "kill(primary) every 6s for 10ms"`, want: lost, seconds: 25, several: true},
	}
}

func shards() []row {
	return []row{
		{title: "Redis Cluster; CLUSTER FAILOVER, all servers well", args: cluster + `--nemesis "failover every 5s"`, want: held, several: true},
		{title: "Redis Cluster; primaries cut off, FAILOVER TAKEOVER", args: cluster + `--nemesis "partition(primary+clients/2) every 6s for 5s, failover(takeover) every 4s"`, want: lost, seconds: 30, several: true},
		{title: "Redis Cluster; slots move while clients work", args: cluster + `--nemesis "move-slots(2000) every 3s"`, want: held, several: true, short: true},
		{title: "shards by consistent hashing; one more", args: sharded + `--hash consistent --spares 1 --nemesis "scale-out once at 6s"`, want: lost, seconds: 10, several: true, theory: "1/4"},
		{title: "shards by the hash modulo their number; one more", args: sharded + `--hash modulo --spares 1 --nemesis "scale-out once at 6s"`, want: lost, seconds: 10, several: true, theory: "3/4"},
		{title: "shards by their host names; all move to new names", args: sharded + `--hash host --nemesis "rename(all) once at 6s"`, want: lost, seconds: 10, several: true, theory: "2/3"},
	}
}
