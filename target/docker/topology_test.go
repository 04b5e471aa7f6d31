package docker

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/docker/dockertest"
	"github.com/jepsen-lite/jepsen-lite/target/netfault"
	"github.com/jepsen-lite/jepsen-lite/target/port"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

// arranged returns a topology of containers that is whole, and closed after the
// test.
func arranged(t *testing.T, kind string) *topology.Target {
	t.Helper()
	image := dockertest.Require(t, Available)
	dir := t.TempDir()
	fabric := netfault.New(1)
	tg, err := topology.New(topology.Config{Kind: kind}, fabric, func(specs []target.Spec) (target.Target, error) {
		return New(Config{Image: image, Dir: dir, Persistence: targettest.Persistence(t, "aof-always"), Specs: specs})
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tg.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if err := fabric.Close(); err != nil {
			t.Errorf("close fabric: %v", err)
		}
		if left := containersIn(t, dir); len(left) > 0 {
			t.Errorf("containers are left: %v", left)
		}
		if t.Failed() {
			for _, n := range tg.Nodes() {
				t.Logf("%s ends with %s", n.Name(), strings.Join(n.(*Node).LogTail(30), "\n"))
			}
		}
	})
	if err := tg.Start(targettest.Context(t)); err != nil {
		t.Fatal(err)
	}
	return tg
}

// primary waits until a primary other than that one is there, and returns it.
func primary(t *testing.T, tg *topology.Target, but string) (found *Node) {
	t.Helper()
	targettest.Eventually(t, "there is another primary than "+but, func() bool {
		ctx, cancel := context.WithTimeout(targettest.Context(t), targettest.Patience)
		defer cancel()
		roles, err := tg.Roles(ctx)
		for _, n := range tg.Nodes() {
			if err == nil && roles[n.Name()] == target.Primary && n.Name() != but && n.Running() {
				found = n.(*Node)
				return true
			}
		}
		return false
	})
	return found
}

// A primary that is killed comes back into a system that is whole again, with the
// configuration that servers and Sentinels have rewritten meanwhile.
func TestTopologies(t *testing.T) {
	for _, kind := range []string{topology.Replicated, topology.Cluster, topology.Sharded} {
		t.Run(kind, func(t *testing.T) {
			tg := arranged(t, kind)
			old := primary(t, tg, "")
			targettest.Do(t, "kill", old.Kill, true)
			if kind == topology.Replicated {
				primary(t, tg, old.Name())
			}
			targettest.Do(t, "start", old.Start, true)
			if err := tg.Settle(targettest.Context(t)); err != nil {
				t.Fatal(err)
			}
			for _, n := range tg.Nodes() {
				node := n.(*Node)
				targettest.Do(t, "pause "+n.Name(), node.Pause, true)
				targettest.Do(t, "resume "+n.Name(), node.Resume, true)
				targettest.Do(t, "stop "+n.Name(), node.Stop, true)
				targettest.Do(t, "start "+n.Name(), node.Start, true)
			}
			if err := tg.Settle(targettest.Context(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

// Servers that are told of each other listen on this machine's loopback alone, and
// Sentinels write what they learn into our files.
func TestToldServersAreOursAlone(t *testing.T) {
	tg := arranged(t, topology.Replicated)
	for _, n := range tg.Nodes() {
		node := n.(*Node)
		for _, ip := range elsewhere(t) {
			if listens(ip, node.port.Number) {
				t.Errorf("%s is open to the world at %s", n.Name(), ip)
			}
		}
		if !listens(port.Loopback, node.port.Number) {
			t.Errorf("%s does not listen", n.Name())
		}
		conf, err := os.ReadFile(node.configPath())
		if err != nil {
			t.Fatal(err)
		}
		learnt := strings.Contains(string(conf), "sentinel known-replica")
		if isSentinel := filepath.Base(node.dir)[0] == 's'; isSentinel != learnt {
			t.Errorf("%s has learnt of replicas: %v; its configuration:\n%s", n.Name(), learnt, conf)
		}
	}
}
