package harness

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/external"
	"github.com/jepsen-lite/jepsen-lite/target/external/externaltest"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
	"github.com/jepsen-lite/jepsen-lite/target/topology/topologytest"
	"github.com/jepsen-lite/jepsen-lite/workloads"
	"github.com/jepsen-lite/jepsen-lite/workloads/recipes"
)

func onTheirs(t *testing.T, url string) Config {
	c := short(t, "register", target.None).ForURL()
	c.Target, c.Password, c.AllowWrites, c.TimeLimit = url, externaltest.Password, true, 700*time.Millisecond
	return c
}

// Whatever clients do, they send the commands that we say they send, on keys of the
// run alone, and leave nothing behind.
func TestAnyWorkloadKeepsToItsPrefixAndPermissions(t *testing.T) {
	s := externaltest.Start(t)
	seen := monitor(t, s)
	for _, w := range append(workloads.All(), recipes.All()...) {
		c := onTheirs(t, "redis://app@"+s.Addr)
		c.Workload, c.Nemesis, c.TimeLimit, c.OpsPerKey = w.Name, nil, 300*time.Millisecond, 20
		c.TTL, c.Hold = 50*time.Millisecond, time.Millisecond
		results, err := Run(testContext(t), c, nil)
		if err != nil || results.Ops.OK == 0 {
			t.Errorf("%s: %v, %+v", w.Name, err, results)
			continue
		}
		info, err := ReadInfo(results.Folder)
		if err != nil || len(info.Notes) != 1 || !strings.HasPrefix(info.Notes[0], "deleted ") || info.KeyPrefix == "" {
			t.Errorf("%s: %v, notes %q, prefix %q", w.Name, err, info.Notes, info.KeyPrefix)
		}
		if keys := s.Command("DBSIZE"); keys != int64(1) {
			t.Fatalf("%s left %v keys", w.Name, s.Command("KEYS", "*"))
		}
	}
	if entries := s.Command("ACL", "LOG"); len(entries.([]any)) > 0 {
		t.Errorf("commands were refused: %v", entries)
	}
	if got := s.Command("GET", "theirs"); got != "untouched" {
		t.Errorf("their key is %v", got)
	}
	checkCommands(t, seen())
}

// checkCommands wants the commands that a server saw to be permitted ones, on keys
// of ours.
func checkCommands(t *testing.T, seen [][]string) {
	t.Helper()
	permitted := append(external.Commands(), "hello")
	used := map[string]int{}
	for _, words := range seen {
		name := words[0]
		used[name]++
		if !slices.Contains(permitted, name) {
			t.Errorf("a command that is not permitted: %q", words)
		}
		switch name {
		case "hello", "ping", "dbsize":
		case "scan":
			if words[2] != "match" || !strings.HasPrefix(words[3], external.Ours+"2") {
				t.Errorf("it looks for other keys: %q", words)
			}
		case "eval", "evalsha":
			for _, key := range words[3 : 3+int(words[2][0]-'0')] {
				isOurs(t, key, words)
			}
		default:
			isOurs(t, words[1], words)
		}
	}
	for _, name := range permitted {
		// Those are for a database, for replicas and for clusters.
		elsewhere := slices.Contains([]string{"select", "wait", "sismember", "cluster|slots", "command", "asking", "readonly"}, name)
		if used[name] == 0 && !elsewhere {
			t.Errorf("%s is permitted, and never sent", name)
		}
	}
	if len(seen) < 1000 || used["unlink"] == 0 || used["scan"] == 0 || used["set"] == 0 {
		t.Errorf("MONITOR saw too little to tell: %v", used)
	}
	t.Logf("commands seen: %v", used)
}

func isOurs(t *testing.T, key string, words []string) {
	t.Helper()
	if !strings.HasPrefix(key, external.Ours+"2") {
		t.Errorf("a key that is not ours: %q", words)
	}
}

// The password stands in no file of the run folder, in no message and in no
// command.
func TestNoFileHoldsThePassword(t *testing.T) {
	s := externaltest.Start(t)
	for _, inURL := range []bool{false, true} {
		c := onTheirs(t, "redis://app@"+s.Addr)
		if inURL {
			c.Target, c.Password = "redis://app:"+externaltest.Password+"@"+s.Addr, ""
		}
		results, err := Run(testContext(t), c, nil)
		if err != nil || results.Verdict != checker.Valid || results.Faults["client-pause"] == 0 {
			t.Fatalf("%v, %+v", err, results)
		}
		files := 0
		err = filepath.WalkDir(c.Store, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			if strings.Contains(string(text), externaltest.Password) {
				t.Errorf("%s holds the password", path)
			}
			files++
			return err
		})
		if err != nil || files < 4 {
			t.Errorf("%d files, %v", files, err)
		}
		if want := "--target redis://app@" + s.Addr; !strings.Contains(results.Command, want) || !strings.HasSuffix(results.Command, "--allow-writes") {
			t.Errorf("the command is %s", results.Command)
		}
	}
	c := onTheirs(t, "redis://app:"+externaltest.Password+"@"+s.Addr)
	c.AllowWrites = false
	var asked *UsageError
	if _, err := Run(testContext(t), c, nil); !errors.As(err, &asked) || strings.Contains(err.Error(), externaltest.Password) || !strings.Contains(err.Error(), "--allow-writes") {
		t.Errorf("got %v", err)
	}
}

func TestFaultsOfServersAreRefusedOnTheirs(t *testing.T) {
	s := externaltest.Start(t)
	for _, fault := range []string{"kill", "pause", "restart", "eviction", "rollback", "loading", "bgsave", "config(maxmemory, 1mb)"} {
		c := onTheirs(t, "redis://app@"+s.Addr)
		c.Nemesis = []string{fault}
		var asked *UsageError
		_, err := Run(testContext(t), c, nil)
		if !errors.As(err, &asked) || !strings.HasSuffix(err.Error(), "; the nearest that works there is client-pause") {
			t.Errorf("%s: got %v", fault, err)
		}
		if left, err := os.ReadDir(c.Store); err != nil || len(left) > 0 {
			t.Errorf("%s: a run folder was made: %v, %v", fault, left, err)
		}
	}
	if keys := s.Command("DBSIZE"); keys != int64(1) {
		t.Errorf("%v keys", keys)
	}
}

// Runs on Sentinels and on a cluster, which a primary's death does not keep from
// being cleaned.
func TestRunOnTheirTopologies(t *testing.T) {
	for _, kind := range []string{topology.Replicated, topology.Cluster} {
		t.Run(kind, func(t *testing.T) {
			servers, _ := topologytest.Start(t, topology.Config{Kind: kind})
			seeds := servers.Access("x").Addrs
			url := "redis+cluster://app@" + seeds[0] + "?addr=" + seeds[1]
			if kind == topology.Replicated {
				url = "redis+sentinel://" + seeds[0] + "?master_name=main&username=app&addr=" + seeds[1]
			}
			each := onEach(t, servers)
			each(externaltest.Permission()...)
			c := onTheirs(t, url)
			c.Wait, c.TimeLimit = 1, 2*time.Second
			results, err := Run(testContext(t), c, nil)
			if err != nil || results.Verdict != checker.Valid || !strings.HasSuffix(results.Redis, ", "+kind) {
				t.Fatalf("%v, %+v", err, results)
			}
			if !strings.Contains(results.Command, "--topology "+kind) {
				t.Errorf("the command is %s", results.Command)
			}
			mustRefuseBetween(t, c)
			c.Topology = kind // as the command repeats it
			if err := c.Validate(); err != nil {
				t.Errorf("the command cannot be repeated: %v", err)
			}
			c.Workload, c.Wait, c.Reads = "set-confirmed", 0, readReplicas
			if results, err := Run(testContext(t), c, nil); err != nil || results.Ops.OK == 0 {
				t.Errorf("with reads from replicas: %v, %+v", err, results)
			}
			for node, keys := range each("DBSIZE") {
				if keys != int64(0) {
					t.Errorf("%s holds %v keys", node, keys)
				}
			}
			for node, entries := range each("ACL", "LOG") {
				if len(entries.([]any)) > 0 {
					t.Errorf("%s refused commands: %v", node, entries)
				}
			}
		})
	}
}

// mustRefuseBetween wants no fault to be promised between servers that are not ours.
func mustRefuseBetween(t *testing.T, c Config) {
	t.Helper()
	for plan, nearest := range map[string]string{
		"partition":                         "partition(clients/2)",
		"partition(majority, drop)":         "partition(clients/2, mode=drop)",
		"partition(bridge)":                 "partition(clients/2)",
		"latency(primary<->replicas, 50ms)": "latency(clients, delay=50ms)",
		"partition(n1<->n2)":                "partition(clients)",
		"partition(primary+clients/2)":      "partition(clients)",
	} {
		c.Nemesis = []string{plan}
		_, err := Run(testContext(t), c, nil)
		var asked *UsageError
		if want := "what servers that are not ours send each other does not go through us; the nearest that works there is " + nearest; !errors.As(err, &asked) || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: got %v, want it refused with %s", plan, err, want)
		}
	}
	c.Nemesis = []string{"partition(clients/2) every 400ms for 200ms", "latency(clients->primary, 5ms)"}
	if results, err := Run(testContext(t), c, nil); err != nil || results.Faults["partition"] == 0 {
		t.Errorf("between clients and servers: %+v, %v", results, err)
	}
}

// What doctor says of servers that are not ours, a run does.
func TestARunOnTheirsRefusesWhatDoctorCallsImpossible(t *testing.T) {
	s := externaltest.Start(t)
	c := onTheirs(t, "redis://app@"+s.Addr)
	on, err := externalStage(testContext(t), c)
	if err != nil {
		t.Fatal(err)
	}
	defer on.external.Close()
	for _, row := range nemesis.Table(on.external) {
		c.Nemesis = []string{prospectPlan(t, row.Kind.Name)}
		again, err := externalStage(testContext(t), c)
		if (row.Err == nil) != (err == nil) {
			t.Errorf("%s: doctor says %v, and run %v", row.Kind.Name, row.Err, err)
		}
		if err == nil {
			again.external.Close()
		}
	}
}

// onEach returns how to give each server with data a command, and get the replies
// by the servers' names.
func onEach(t *testing.T, servers *topology.Target) func(args ...any) map[string]any {
	return func(args ...any) map[string]any {
		t.Helper()
		replies := map[string]any{}
		for _, n := range servers.Nodes() {
			if strings.HasPrefix(n.Name(), "s") {
				continue
			}
			reply, err := target.Command(testContext(t), n.Addr(), args...)
			if err != nil {
				t.Fatal(err)
			}
			replies[n.Name()] = reply
		}
		return replies
	}
}
