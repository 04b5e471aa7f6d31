package process

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/port"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

func TestConformance(t *testing.T) {
	targettest.Conformance(t, func(t *testing.T, o targettest.Options) target.Target {
		tg, _ := newNode1(t, Config{Dir: o.Dir, Persistence: o.Persistence, Args: o.Args})
		return tg
	})
}

func TestPaths(t *testing.T) {
	dir := filepath.Join(t.TempDir(), `my "best" servers\ünïcode 100%`)
	_, n := started(t, Config{Dir: dir, Args: []string{"maxmemory 100mb", ""}})
	got, err := targettest.Dial(t, n).ConfigGet(targettest.Context(t), "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"dir": filepath.Join(dir, "n1", "data"), "logfile": filepath.Join(dir, "n1", "redis.log"),
		"maxmemory": "104857600", "bind": port.Loopback, "protected-mode": "yes", "appendfsync": "always",
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s: got %q, want %q", name, got[name], value)
		}
	}
	if group, err := syscall.Getpgid(n.PID()); err != nil || group != n.PID() {
		t.Errorf("process group: got %d, %v; want its own, %d", group, err, n.PID())
	}
}

func TestPID(t *testing.T) {
	tg, n := newNode1(t, Config{})
	if n.PID() != 0 {
		t.Errorf("process %d before the first start", n.PID())
	}
	if err := tg.Start(targettest.Context(t)); err != nil {
		t.Fatal(err)
	}
	pid := n.PID()
	targettest.Do(t, "kill", n.Kill, true)
	if n.PID() != 0 || syscall.Kill(pid, 0) == nil {
		t.Errorf("process %d is still there, as %d", pid, n.PID())
	}
	targettest.Do(t, "start", n.Start, true)
	if n.PID() == pid || syscall.Kill(n.PID(), 0) != nil {
		t.Errorf("process %d became %d: want another one, which exists", pid, n.PID())
	}
}
