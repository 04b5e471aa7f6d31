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
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/external"
	"github.com/jepsen-lite/jepsen-lite/target/netfault"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
	"github.com/jepsen-lite/jepsen-lite/workloads"
	"github.com/jepsen-lite/jepsen-lite/workloads/recipes"
)

const secret = "kept-to-ourselves-4711"

// theirs is a server that is not ours: it holds a key, and lets the user app do
// what our documentation says that a run needs, and nothing else.
type theirs struct {
	t    *testing.T
	addr string
}

func newTheirs(t *testing.T) theirs {
	s := theirs{t, processtest.Start(t, target.None).Nodes()[0].Addr()}
	s.command("SET", "theirs", "untouched")
	s.command(permission()...)
	return s
}

// permission is the command that gives the user app what we say that a run needs.
func permission() (line []any) {
	for word := range strings.FieldsSeq(strings.Replace(external.ACL("app"), "PASSWORD", secret, 1)) {
		line = append(line, word)
	}
	return line
}

func (s theirs) command(args ...any) any {
	s.t.Helper()
	reply, err := target.Command(testContext(s.t), s.addr, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply
}

// denied are the entries of the log of what ACL refused.
func (s theirs) denied() any { return s.command("ACL", "LOG") }

func onTheirs(t *testing.T, url string) Config {
	c := short(t, "register", target.None).ForURL()
	c.Target, c.Password, c.AllowWrites, c.TimeLimit = url, secret, true, 700*time.Millisecond
	return c
}

// Whatever clients do, they send the commands that we say they send, on keys of the
// run alone, and leave nothing behind.
func TestAnyWorkloadKeepsToItsPrefixAndPermissions(t *testing.T) {
	s := newTheirs(t)
	seen := s.monitor()
	for _, w := range append(workloads.All(), recipes.All()...) {
		c := onTheirs(t, "redis://app@"+s.addr)
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
		if keys := s.command("DBSIZE"); keys != int64(1) {
			t.Fatalf("%s left %v keys", w.Name, s.command("KEYS", "*"))
		}
	}
	if entries := s.denied(); len(entries.([]any)) > 0 {
		t.Errorf("commands were refused: %v", entries)
	}
	if got := s.command("GET", "theirs"); got != "untouched" {
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
	s := newTheirs(t)
	for _, inURL := range []bool{false, true} {
		c := onTheirs(t, "redis://app@"+s.addr)
		if inURL {
			c.Target, c.Password = "redis://app:"+secret+"@"+s.addr, ""
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
			if strings.Contains(string(text), secret) {
				t.Errorf("%s holds the password", path)
			}
			files++
			return err
		})
		if err != nil || files < 4 {
			t.Errorf("%d files, %v", files, err)
		}
		if want := "--target redis://app@" + s.addr; !strings.Contains(results.Command, want) || !strings.HasSuffix(results.Command, "--allow-writes") {
			t.Errorf("the command is %s", results.Command)
		}
	}
	c := onTheirs(t, "redis://app:"+secret+"@"+s.addr)
	c.AllowWrites = false
	var asked *UsageError
	if _, err := Run(testContext(t), c, nil); !errors.As(err, &asked) || strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), "--allow-writes") {
		t.Errorf("got %v", err)
	}
}

func TestFaultsOfServersAreRefusedOnTheirs(t *testing.T) {
	s := newTheirs(t)
	for _, fault := range []string{"kill", "pause", "restart", "eviction", "rollback", "loading", "bgsave", "config(maxmemory, 1mb)"} {
		c := onTheirs(t, "redis://app@"+s.addr)
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
	if keys := s.command("DBSIZE"); keys != int64(1) {
		t.Errorf("%v keys", keys)
	}
}

// Runs on Sentinels and on a cluster, which a primary's death does not keep from
// being cleaned.
func TestRunOnTheirTopologies(t *testing.T) {
	for _, kind := range []string{topology.Replicated, topology.Cluster} {
		t.Run(kind, func(t *testing.T) {
			servers := theirTopology(t, kind)
			seeds := servers.Access("x").Addrs
			url := "redis+cluster://app@" + seeds[0] + "?addr=" + seeds[1]
			if kind == topology.Replicated {
				url = "redis+sentinel://" + seeds[0] + "?master_name=main&username=app&addr=" + seeds[1]
			}
			each := onEach(t, servers)
			each(permission()...)
			c := onTheirs(t, url)
			c.Wait, c.TimeLimit = 1, 2*time.Second
			results, err := Run(testContext(t), c, nil)
			if err != nil || results.Verdict != checker.Valid || !strings.HasSuffix(results.Redis, ", "+kind) {
				t.Fatalf("%v, %+v", err, results)
			}
			if !strings.Contains(results.Command, "--topology "+kind) {
				t.Errorf("the command is %s", results.Command)
			}
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

func theirTopology(t *testing.T, kind string) *topology.Target {
	t.Helper()
	processtest.Require(t)
	persistence, err := target.ParsePersistence(target.None)
	if err != nil {
		t.Fatal(err)
	}
	fabric := netfault.New(1)
	dir := filepath.Join(t.TempDir(), "servers")
	servers, err := topology.New(topology.Config{Kind: kind}, fabric, func(specs []target.Spec) (target.Target, error) {
		return process.New(process.Config{Dir: dir, Persistence: persistence, Specs: specs})
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(servers.Close(), fabric.Close()); err != nil {
			t.Error(err)
		}
	})
	if err := servers.Start(testContext(t)); err != nil {
		t.Fatal(err)
	}
	return servers
}
