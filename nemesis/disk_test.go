package nemesis

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault/diskfaulttest"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// newDiskLab starts a server with a disk that can be harmed.
func newDiskLab(t *testing.T, persistence string, args ...string) lab {
	t.Helper()
	diskfaulttest.Require(t)
	processtest.Require(t)
	p, err := target.ParsePersistence(persistence)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "servers")
	tg, err := process.New(process.Config{Dir: dir, Persistence: p, Args: args, Disk: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tg.Close(); err != nil {
			t.Errorf("close target: %v", err)
		}
	})
	if err := tg.Start(testContext(t)); err != nil {
		t.Fatal(err)
	}
	return lab{tg, tg.Nodes()[0].(*process.Node), filepath.Join(dir, "n1")}
}

// inject checks whether the fault takes effect.
func inject(t *testing.T, f Fault, want bool) Effect {
	t.Helper()
	effect, err := f.Inject(testContext(t))
	if effect.Took != want || err != nil {
		t.Fatalf("inject: %+v, %v; want that it took effect: %v", effect, err, want)
	}
	return effect
}

func heal(t *testing.T, f Fault) Effect {
	t.Helper()
	effect, err := f.Heal(testContext(t))
	if err != nil {
		t.Fatalf("heal: %+v, %v", effect, err)
	}
	return effect
}

// keys is how many of k0, k1, … the server has.
func (l lab) keys(t *testing.T) int64 {
	t.Helper()
	n, err := l.node.Command(testContext(t), "DBSIZE")
	if err != nil {
		t.Fatal(err)
	}
	return n.(int64)
}

func (l lab) fill(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		if _, err := l.node.Command(testContext(t), "SET", fmt.Sprint("k", i), i); err != nil {
			t.Fatal(err)
		}
	}
}

// What was synced survives, what was not does not.
func TestPowerloss(t *testing.T) {
	for _, test := range []struct {
		persistence, call string
		want              int64
	}{
		{target.AOFAlways, "powerloss", 20},
		{target.AOFAlways, "powerloss(torn)", 20},
		{target.AOFNo, "powerloss", 0},
		{target.None, "powerloss(pages)", 0},
	} {
		t.Run(test.persistence+" "+test.call, func(t *testing.T) {
			l := newDiskLab(t, test.persistence)
			l.fill(t, 20)
			f := call(t, test.call, l)
			effect := inject(t, f, true)
			if dropped := effect.Figures["dropped_bytes"]; (dropped > 0) != (test.persistence == target.AOFNo) {
				t.Errorf("%d bytes were dropped", dropped)
			}
			heal(t, f)
			if got := l.keys(t); got != test.want {
				t.Errorf("%d keys survived, want %d", got, test.want)
			}
			if got := heal(t, f); got.Took {
				t.Errorf("healed again: %+v", got)
			}
		})
	}
}

// A server meets its disk's faults while clients write, and goes on when they heal.
func TestDiskFaults(t *testing.T) {
	for _, test := range []struct{ persistence, call, figure, refusal string }{
		{target.AOFEverysec, "slow-fsync(300ms)", "delayed_fsyncs", ""},
		{target.AOFEverysec, "disk-full", "refusals", "MISCONF"},
		{target.AOFEverysec, "read-only", "refusals", "MISCONF"},
	} {
		t.Run(test.call, func(t *testing.T) {
			l := newDiskLab(t, test.persistence)
			f := call(t, test.call, l)
			ctx, stop := context.WithCancel(testContext(t))
			var refused atomic.Value
			refused.Store("")
			done := make(chan struct{})
			go func() {
				defer close(done)
				for ctx.Err() == nil {
					if _, err := l.node.Command(ctx, "SET", "k", "v"); err != nil && ctx.Err() == nil {
						refused.Store(err.Error())
					}
				}
			}()
			inject(t, f, true)
			processtest.Eventually(t, fmt.Sprintf("clients meet %q", test.refusal), func() bool {
				return strings.Contains(refused.Load().(string), test.refusal)
			})
			effect := heal(t, f)
			stop()
			<-done
			if effect.Figures[test.figure] == 0 {
				t.Errorf("healing says %v", effect.Figures)
			}
			processtest.Eventually(t, "it takes writes again", func() bool {
				_, err := l.node.Command(testContext(t), "SET", "k", "v")
				return err == nil
			})
		})
	}
}

// A disk that nobody uses harms nobody.
func TestDiskFaultOfAnIdleServer(t *testing.T) {
	l := newDiskLab(t, target.None)
	for _, text := range []string{"slow-fsync", "disk-full", "read-only", "fsync-error"} {
		f := call(t, text, l)
		inject(t, f, false)
		heal(t, f)
	}
}

// Under appendfsync always a server does not outlive a failing fsync (Redis 7.0,
// aof.c, flushAppendOnlyFile).
func TestFsyncError(t *testing.T) {
	l := newDiskLab(t, target.AOFAlways)
	l.fill(t, 5)
	f := call(t, "fsync-error", l)
	ctx, done := testContext(t), make(chan struct{})
	go func() { // writes until the server has ended
		defer close(done)
		for l.node.Running() && ctx.Err() == nil {
			_, _ = l.node.Command(ctx, "SET", "k", "v")
		}
	}()
	inject(t, f, true)
	processtest.Eventually(t, "the server has ended", func() bool { return !l.node.Running() })
	<-done
	heal(t, f)
	if started, err := l.node.Start(testContext(t)); !started || err != nil {
		t.Fatal(started, err)
	}
	if got := l.keys(t); got < 5 {
		t.Errorf("%d of 5 acknowledged keys are left", got)
	}
}

// A log that is cut loses its end; one that is spoilt, or cut where the server
// does not allow it, is repaired first.
func TestDamagedLogs(t *testing.T) {
	for _, test := range []struct {
		call, line  string
		least, most int64
	}{
		{"aof-truncate(10b)", "aof-load-truncated yes", 99, 99},
		{"aof-truncate(10b)", "aof-load-truncated no", 99, 99},
		{"aof-truncate(100mb)", "aof-load-truncated yes", 0, 0},
		{"aof-corrupt", "aof-load-truncated yes", 1, 70},
	} {
		t.Run(test.call+" "+test.line, func(t *testing.T) {
			p, err := target.ParsePersistence(target.AOFAlways)
			if err != nil {
				t.Fatal(err)
			}
			processtest.Require(t)
			dir := filepath.Join(t.TempDir(), "servers")
			tg, err := process.New(process.Config{Dir: dir, Persistence: p, Args: []string{test.line}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = tg.Close() })
			if err := tg.Start(testContext(t)); err != nil {
				t.Fatal(err)
			}
			l := lab{tg, tg.Nodes()[0].(*process.Node), filepath.Join(dir, "n1")}
			l.fill(t, 100)
			f := call(t, test.call, l)
			if effect := inject(t, f, true); effect.Figures["spoilt_bytes"] == 0 {
				t.Errorf("got %+v", effect)
			}
			heal(t, f)
			if got := l.keys(t); got < test.least || got > test.most {
				t.Errorf("%d keys are left, want %d to %d", got, test.least, test.most)
			}
		})
	}
}

// Without a log there is nothing to damage, and the server starts again.
func TestNoLogToDamage(t *testing.T) {
	l := newLabWith(t, target.None)
	f := call(t, "aof-truncate", l)
	if effect, err := f.Inject(testContext(t)); effect.Took || err == nil {
		t.Errorf("got %+v, %v", effect, err)
	}
	heal(t, f)
	if !l.node.Running() {
		t.Error("the server is down")
	}
	if _, err := os.Stat(l.node.DataDir()); err != nil {
		t.Error(err)
	}
}

// What a rollback puts back survives a power loss.
func TestRollbackAndPowerloss(t *testing.T) {
	l := newDiskLab(t, target.AOFAlways)
	l.fill(t, 10)
	back := call(t, "rollback", l)
	if e, err := back.(preparer).Prepare(testContext(t)); !e.Took || err != nil {
		t.Fatalf("backup: %+v, %v", e, err)
	}
	l.fill(t, 20)
	inject(t, back, true)
	heal(t, back)
	power := call(t, "powerloss", l)
	inject(t, power, true)
	heal(t, power)
	if got := l.keys(t); got != 10 {
		t.Errorf("%d keys are there, want the 10 of the backup", got)
	}
}
