package docker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/moby/moby/client"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/docker/dockertest"
	"github.com/jepsen-lite/jepsen-lite/target/owner"
	"github.com/jepsen-lite/jepsen-lite/target/port"
	"github.com/jepsen-lite/jepsen-lite/target/procstat"
	"github.com/jepsen-lite/jepsen-lite/target/starter"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

// eachNetwork runs a test on every way to reach containers that the engine has.
func eachNetwork(t *testing.T, test func(t *testing.T, network string)) {
	dockertest.Require(t, Available)
	for _, network := range []string{Bridge, Host} {
		t.Run(network, func(t *testing.T) {
			e, err := open(targettest.Context(t), network)
			if err != nil {
				t.Skip(err)
			}
			if err := e.close(); err != nil {
				t.Error(err)
			}
			test(t, network)
		})
	}
}

func TestConformance(t *testing.T) {
	eachNetwork(t, func(t *testing.T, network string) {
		targettest.Conformance(t, func(t *testing.T, o targettest.Options) target.Target {
			return newTarget(t, Config{Dir: o.Dir, Persistence: o.Persistence, Args: o.Args, Network: network})
		})
	})
}

// containersIn returns the engine's containers that use this folder, and those of
// this process that had a job.
func containersIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	e, err := open(targettest.Context(t), "")
	if err != nil {
		t.Fatal(err)
	}
	defer e.close()
	list, err := e.ContainerList(targettest.Context(t), client.ContainerListOptions{All: true, Filters: make(client.Filters).Add("label", label+"=1")})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list.Items {
		if c.Labels[ownerLabel] == owner.Self() && strings.HasSuffix(c.Names[0], "-job") {
			names = append(names, c.Names[0])
		}
		for _, m := range c.Mounts {
			if strings.HasPrefix(m.Source, dir) {
				names = append(names, fmt.Sprint(c.Names, " ", c.State))
			}
		}
	}
	return names
}

func TestServerIsOursAlone(t *testing.T) {
	eachNetwork(t, func(t *testing.T, network string) {
		dir := filepath.Join(t.TempDir(), "my servers")
		_, n := started(t, Config{Dir: dir, Network: network, Args: []string{"maxmemory 100mb", ""}})
		targettest.Fill(t, n, 10)
		got, err := targettest.Dial(t, n).ConfigGet(targettest.Context(t), "*").Result()
		if err != nil || got["maxmemory"] != "104857600" || got["appendfsync"] != "always" || got["port"] != fmt.Sprint(n.port.Number) {
			t.Errorf("got %v, %v", got, err)
		}
		if network == Host && got["bind"] != port.Loopback {
			t.Errorf("bound to %s", got["bind"])
		}
		err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err == nil && info.Sys().(*syscall.Stat_t).Uid != uint32(os.Getuid()) {
				t.Errorf("%s belongs to user %d", path, info.Sys().(*syscall.Stat_t).Uid)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		for _, file := range []string{"redis.conf", "redis.log", "output.log", "data/appendonlydir"} {
			if _, err := os.Stat(filepath.Join(dir, "n1", file)); err != nil {
				t.Error(err)
			}
		}
		if pid := n.PID(); pid != 0 && !procstat.Lives(pid) {
			t.Errorf("process %d does not live", pid)
		}
		for _, ip := range elsewhere(t) {
			if listens(ip, n.port.Number) {
				t.Errorf("the server is open to the world at %s", ip)
			}
		}
	})
}

// listens tells whether somebody takes connections there.
func listens(ip string, number int) bool {
	conn, err := net.Dial("tcp", net.JoinHostPort(ip, fmt.Sprint(number)))
	if err == nil {
		conn.Close()
	}
	return err == nil
}

// elsewhere returns this machine's addresses that are not on loopback.
func elsewhere(t *testing.T) (ips []string) {
	t.Helper()
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range all {
		if ip, ok := addr.(*net.IPNet); ok && !ip.IP.IsLoopback() && ip.IP.To4() != nil {
			ips = append(ips, ip.IP.String())
		}
	}
	return ips
}

func TestPID(t *testing.T) {
	_, n := started(t, Config{})
	first := n.PID()
	if first == 0 {
		t.Skip("the engine's processes are not on this machine")
	}
	targettest.Do(t, "kill", n.Kill, true)
	if n.PID() != 0 || procstat.Lives(first) {
		t.Errorf("process %d still lives, as %d", first, n.PID())
	}
	targettest.Do(t, "start", n.Start, true)
	if second := n.PID(); second == first || !procstat.Lives(second) {
		t.Errorf("got process %d after %d", second, first)
	}
}

func TestSeveralNodes(t *testing.T) {
	const count = 3
	tg, _ := started(t, Config{Specs: target.Servers(count)})
	seen := map[string]bool{}
	for i, n := range tg.Nodes() {
		if n.Name() != fmt.Sprintf("n%d", i+1) || seen[n.Addr()] {
			t.Errorf("node %d is %s at %s", i, n.Name(), n.Addr())
		}
		seen[n.Addr()] = true
		targettest.Fill(t, n, i+1)
	}
	for i, n := range tg.Nodes() {
		targettest.Do(t, "kill", n.(*Node).Kill, true)
		targettest.Do(t, "start", n.Start, true)
		if keys := targettest.Dial(t, n).DBSize(targettest.Context(t)).Val(); keys != int64(i+1) {
			t.Errorf("%s has %d keys, want %d", n.Name(), keys, i+1)
		}
	}
}

func TestStartFailsWhole(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "n2", "data", "dump.rdb"), 0o755); err != nil { // a folder is no snapshot
		t.Fatal(err)
	}
	tg := newTarget(t, Config{Dir: dir, Specs: target.Servers(3), Persistence: targettest.Persistence(t, "rdb")})
	err := tg.Start(targettest.Context(t))
	var wrong *target.StartError
	if !errors.As(err, &wrong) || wrong.Node != "n2" || len(wrong.LogTail) == 0 {
		t.Errorf("got %v", err)
	}
	if err := tg.Close(); err != nil {
		t.Error(err)
	}
	if left := containersIn(t, dir); len(left) > 0 {
		t.Errorf("containers are left: %v", left)
	}
}

// taken offers the given port, as if it had been free a moment ago, the first
// so many times.
func taken(number, times int) func() (*port.Port, error) {
	return func() (*port.Port, error) {
		if times--; times >= 0 {
			return &port.Port{Number: number}, nil
		}
		return port.Choose()
	}
}

func TestPortTaken(t *testing.T) {
	eachNetwork(t, func(t *testing.T, network string) {
		thief, err := net.Listen("tcp4", port.Loopback+":0")
		if err != nil {
			t.Fatal(err)
		}
		defer thief.Close()
		number := thief.Addr().(*net.TCPAddr).Port
		_, n := started(t, Config{Network: network, ports: taken(number, 2)})
		if n.Addr() == thief.Addr().String() {
			t.Error("got the port of another program")
		}
		other := newTarget(t, Config{Network: network, ports: taken(number, starter.PortTries)})
		if err := other.Start(targettest.Context(t)); !errors.Is(err, port.ErrTaken) {
			t.Errorf("got %v, want that the port is taken", err)
		}
	})
}

func TestStrangersServer(t *testing.T) {
	eachNetwork(t, func(t *testing.T, network string) {
		_, stranger := started(t, Config{Network: network})
		_, n := started(t, Config{Network: network, ports: taken(stranger.port.Number, 1)})
		if n.Addr() == stranger.Addr() {
			t.Errorf("got the stranger at %s", n.Addr())
		}
		if err := n.recognize(map[string]string{"config_file": "/etc/redis.conf"}); !errors.Is(err, errStranger) {
			t.Errorf("got %v", err)
		}
		targettest.Dial(t, stranger)
	})
}

func TestInterruptedStart(t *testing.T) {
	for _, after := range []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond} {
		t.Run(after.String(), func(t *testing.T) {
			tg := newTarget(t, Config{Specs: target.Servers(2)})
			ctx, cancel := context.WithCancel(t.Context())
			interrupt := time.AfterFunc(after, cancel)
			defer interrupt.Stop()
			err := tg.Start(ctx)
			for _, n := range tg.nodes {
				if err == nil && !n.Running() {
					t.Errorf("%s was started and does not run", n.name)
				}
			}
			if err := tg.Close(); err != nil {
				t.Error(err)
			}
			if left := containersIn(t, tg.config.Dir); len(left) > 0 {
				t.Errorf("containers are left: %v", left)
			}
		})
	}
}
