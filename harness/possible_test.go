package harness

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target/docker"
	"github.com/jepsen-lite/jepsen-lite/target/docker/dockertest"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

// What is impossible is refused before anything is made or asked for: no run folder,
// no server, no Docker engine.
func TestImpossibleIsRefused(t *testing.T) {
	processtest.Require(t)
	t.Setenv("DOCKER_HOST", "unix:///none/such.sock")
	for _, test := range []struct{ name, target, topology, plan, want string }{
		{"replica of one server", "process", "standalone", "kill(replica)", "there are no replicas here; try primary"},
		{"replica of shards", "process", "sharded", "pause(replicas)", "there are no replicas here; try primary"},
		{"sentinels of a cluster", "process", "cluster", "kill(sentinels)", "there are no Sentinels here; try one"},
		{"minority of one", "process", "standalone", "kill(minority)", "there is no minority of 1 nodes: it takes three; try one"},
		{"node that is not there", "process", "replicated", "kill(n4)", "there is no node n4: did you mean n"},
		{"failover of one server", "process", "standalone", "failover", "the nearest that works there is kill"},
		{"failover of shards in containers", "docker", "sharded", "failover", "the nearest that works there is kill"},
		{"slots of replicas", "process", "replicated", "move-slots", "it takes --topology cluster; the nearest that works there is restart"},
		{"no spare", "process", "cluster", "scale-out", "--spares 1; the nearest that works there is move-slots"},
		{"names nobody reads", "process", "sharded", "rename", "it takes --topology sharded --hash host"},
		{"clocks of a simulation", "sim", "standalone", "clock-jump", "the nearest that works there is pause"},
		{"beside what is possible", "sim", "standalone", "kill,clock-drift", "fault clock-drift: "},
		{"shards among each other", "process", "sharded", "partition(bridge)", "these servers send each other nothing; the nearest that works there is partition(clients/2)"},
		{"two shards", "docker", "sharded", "latency(n1->n2, 3s)", "these servers send each other nothing; the nearest that works there is latency(clients, delay=3s)"},
		{"two clients", "process", "replicated", "partition(c0<->c1, drop)", "clients send each other nothing; the nearest that works there is partition(clients, mode=drop)"},
		{"ring of three", "process", "replicated", "partition(ring)", "there is no ring of 3 nodes: it takes four; try bridge"},
		{"links of replicas of one server", "process", "standalone", "latency(primary->replicas)", "there are no replicas here; try primary"},
		{"rollback of a simulation", "sim", "standalone", "rollback", "the nearest that works there is restart"},
		{"disks of a simulation", "sim", "standalone", "powerloss", "fault powerloss: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := Defaults()
			c.Target, c.Topology, c.Nemesis, c.Store = test.target, test.topology, strings.Split(test.plan, ","), filepath.Join(t.TempDir(), "store")
			_, err := Run(t.Context(), c, nil)
			var asked *UsageError
			if !errors.As(err, &asked) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want it refused with %q", err, test.want)
			}
			if _, err := os.Stat(c.Store); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("a run folder was made: %v", err)
			}
		})
	}
}

// A machine that lacks what a fault needs is told so.
func TestMissingFaketimeIsToldOf(t *testing.T) {
	processtest.Require(t)
	t.Setenv("JEPSEN_LITE_FAKETIME", "/none/such")
	t.Setenv("DOCKER_HOST", "unix:///none/such.sock")
	for _, backend := range []string{processTarget, dockerTarget} {
		c := Defaults()
		c.Target, c.Nemesis, c.Store = backend, []string{"clock-jump"}, t.TempDir()
		_, err := Run(t.Context(), c, nil)
		for _, want := range []string{"fault clock-jump: ", "the nearest that works there is pause", "libfaketime, named by JEPSEN_LITE_FAKETIME"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q is not in %v", backend, want, err)
			}
		}
	}
}

// An image whose servers do not take this machine's libfaketime is refused before the
// run.
func TestAnImageWithoutAClockIsRefused(t *testing.T) {
	image := dockertest.Require(t, docker.Available)
	library := filepath.Join(t.TempDir(), "libfaketimeMT.so.1")
	if err := os.WriteFile(library, []byte("no library"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("JEPSEN_LITE_FAKETIME", library)
	c := Defaults()
	c.Target, c.Image, c.Nemesis, c.Store = dockerTarget, image, []string{"clock-jump"}, filepath.Join(t.TempDir(), "store")
	_, err := Run(testContext(t), c, nil)
	var asked *UsageError
	for _, want := range []string{"fault clock-jump: ", "the nearest that works there is pause", "does not take this machine's libfaketime"} {
		if !errors.As(err, &asked) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	if _, err := os.Stat(c.Store); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a run folder was made: %v", err)
	}
}

// Without a server a topology cannot be simulated.
func TestOnlyOneServerIsSimulated(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("JEPSEN_LITE_REDIS_SERVER", "")
	c := Defaults()
	c.Topology, c.Store = topology.Replicated, t.TempDir()
	if _, err := Run(t.Context(), c, nil); err == nil || !strings.Contains(err.Error(), "no redis-server or valkey-server found") {
		t.Errorf("got %v", err)
	}
}

func TestProspectsHaveEveryFault(t *testing.T) {
	processtest.Require(t)
	for _, backend := range []string{processTarget, dockerTarget, simTarget} {
		s, err := findStage(Config{Target: backend})
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range topologiesOf(backend) {
			rows, err := s.prospects(kind)
			if err != nil || len(rows) != len(nemesis.Kinds()) {
				t.Errorf("%s, %s: got %d rows, %v", backend, kind, len(rows), err)
			}
			for _, p := range rows {
				if p.Fault == "kill" && !p.Works || p.Fault == "move-slots" && p.Works != (kind == topology.Cluster) {
					t.Errorf("%+v", p)
				}
			}
		}
	}
}

// prospectPlan returns a plan of a fault with its defaults: that of which prospects
// tell.
func prospectPlan(t *testing.T, name string) string {
	t.Helper()
	kind, err := nemesis.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	item := nemesis.Item{Fault: name}
	for _, p := range kind.Parameters {
		if p.Default == "" {
			item.Arguments = append(item.Arguments, nemesis.Argument{Name: p.Name, Value: p.Trial})
		}
	}
	return item.String()
}

// What doctor says of a fault, a backend and a topology, a run does: for each of
// them.
func TestARunRefusesWhatDoctorCallsImpossible(t *testing.T) {
	processtest.Require(t)
	possible, impossible := 0, 0
	for _, backend := range []string{processTarget, dockerTarget, simTarget} {
		s, err := findStage(Config{Target: backend})
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range topologiesOf(backend) {
			rows, err := s.prospects(kind)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range rows {
				c, _ := s.equipped(kind)
				c.Nemesis = []string{prospectPlan(t, p.Fault)}
				if err := c.Validate(); err != nil {
					t.Errorf("%s, %s, %s: %v", backend, kind, p.Fault, err)
				}
				err := s.refuse(c)
				var asked *UsageError
				switch {
				case p.Works && err == nil:
					possible++
				case !p.Works && errors.As(err, &asked):
					impossible++
				default:
					t.Errorf("%s, %s, %s: doctor says %v (%s), and run %v", backend, kind, p.Fault, p.Works, p.Reason, err)
				}
			}
		}
	}
	t.Logf("%d possible, %d not", possible, impossible)
	if possible == 0 || impossible == 0 {
		t.Errorf("%d possible, %d not: nothing is told apart", possible, impossible)
	}
}

func TestSweepWithoutDocker(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix:///none/such.sock")
	if _, err := Sweep(context.Background()); err != nil {
		t.Error(err)
	}
}
