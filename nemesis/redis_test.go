package nemesis

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/faketime/faketimetest"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// call makes a fault with arguments, as a plan calls it.
func call(t *testing.T, text string, l lab) Fault {
	t.Helper()
	items, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	kind, err := Find(items[0].Fault)
	if err != nil {
		t.Fatal(err)
	}
	args, err := kind.ReadArgs(items[0].Arguments)
	if err != nil {
		t.Fatal(err)
	}
	env := l.env()
	env.Clock = target.Wall()
	return kind.make(env, args)
}

// newLabWith starts a server with that persistence.
func newLabWith(t *testing.T, persistence string) lab {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "servers")
	tg := processtest.StartIn(t, dir, persistence)
	return lab{tg, tg.Nodes()[0].(*process.Node), filepath.Join(dir, "n1")}
}

func (l lab) must(t *testing.T, command, want string) {
	t.Helper()
	if got, err := l.ask(command); got != want || err != nil {
		t.Errorf("%s: got %q, %v; want %q", command, got, err, want)
	}
}

// info returns a number of INFO.
func (l lab) info(t *testing.T, section, name string) int64 {
	t.Helper()
	fields, err := target.CommandInfo(testContext(t), l.node, section)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.ParseInt(fields[name], 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

func TestBgsaveMakesASnapshot(t *testing.T) {
	l := newLabWith(t, target.None)
	l.must(t, "SET k kept", "+OK")
	act(t, "bgsave", call(t, "bgsave", l).Inject, at("n1", true))
	processtest.Eventually(t, "there is a snapshot", func() bool {
		_, err := os.Stat(filepath.Join(l.node.DataDir(), "dump.rdb"))
		return err == nil
	})
	if _, err := l.node.Kill(testContext(t)); err != nil {
		t.Fatal(err)
	}
	if got, err := call(t, "bgsave", l).Inject(testContext(t)); got.Took || err == nil {
		t.Errorf("bgsave of a dead server: %+v, %v", got, err)
	}
}

func TestBgrewriteaofRewrites(t *testing.T) {
	l := newLab(t)
	l.must(t, "SET k kept", "+OK")
	act(t, "bgrewriteaof", call(t, "bgrewriteaof", l).Inject, at("n1", true))
	processtest.Eventually(t, "the file was rewritten", func() bool {
		found, _ := filepath.Glob(filepath.Join(l.node.DataDir(), "appendonlydir", "*.2.base.*"))
		return len(found) == 1
	})
	mustHold(t, l, "kept")
}

func TestConfigIsChangedAndSetBack(t *testing.T) {
	l := newLab(t)
	fault := call(t, "config(maxmemory-samples, 9)", l)
	act(t, "config", fault.Inject, at("n1", true))
	l.must(t, "CONFIG GET maxmemory-samples", "*2")
	if got, err := setting(testContext(t), l.node, "maxmemory-samples"); got != "9" || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
	act(t, "heal", fault.Heal, at("n1", true))
	if got, err := setting(testContext(t), l.node, "maxmemory-samples"); got != "5" || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
	act(t, "heal again", fault.Heal, Effect{})

	act(t, "config", fault.Inject, at("n1", true))
	do := func(what string, ok bool, err error) {
		if !ok || err != nil {
			t.Fatalf("%s: %v, %v", what, ok, err)
		}
	}
	killed, err := l.node.Kill(testContext(t))
	do("kill", killed, err)
	act(t, "heal a dead server, whose setting died with it", fault.Heal, Effect{})
	started, err := l.node.Start(testContext(t))
	do("start", started, err)
	if got, err := setting(testContext(t), l.node, "maxmemory-samples"); got != "5" || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
	for text, want := range map[string]string{
		"config(no-such-directive, 1)": `there is no directive "no-such-directive"`,
		"config(maxmemory, lots)":      "CONFIG: ERR",
	} {
		if got, err := call(t, text, l).Inject(testContext(t)); got.Took || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %+v, %v; want %q", text, got, err, want)
		}
	}
}

// Two faults that change one directive would not know what it was before both.
func TestOneDirectiveIsChangedByOneFaultAtATime(t *testing.T) {
	l := newLab(t)
	n := mustNew(t, mustParse(t, "config(maxmemory, 10mb), eviction(1gb, n1) every 5s"), l.env(), newBook(t))
	first, second := n.charge("config").fault, n.charge("eviction").fault
	act(t, "config", first.Inject, at("n1", true))
	if got, err := second.Inject(testContext(t)); got.Took || err == nil || !strings.Contains(err.Error(), "another fault has changed maxmemory and not set it back yet") {
		t.Errorf("got %+v, %v", got, err)
	}
	act(t, "heal config", first.Heal, at("n1", true))
	if got, err := second.Heal(testContext(t)); err != nil || !got.Took { // its policy was changed
		t.Errorf("heal eviction: %+v, %v", got, err)
	}
	for name, want := range map[string]string{"maxmemory": "0", "maxmemory-policy": "noeviction"} {
		if got, err := setting(testContext(t), l.node, name); got != want || err != nil {
			t.Errorf("%s is %s, %v; want %s", name, got, err, want)
		}
	}
	act(t, "config again", first.Inject, at("n1", true))
	act(t, "heal config again", first.Heal, at("n1", true))
}

func TestEvictionThrowsKeysAway(t *testing.T) {
	l := newLab(t)
	stop, stopped := make(chan struct{}), make(chan struct{})
	w, err := l.dial(patience)
	if err != nil {
		t.Fatal(err)
	}
	go func() { // clients at work, who may be refused
		defer close(stopped)
		defer w.Close()
		value := strings.Repeat("x", 1000)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				_, _ = w.ask(fmt.Sprintf("SET k%d %s", i, value))
			}
		}
	}()
	defer func() { close(stop); <-stopped }()
	processtest.Eventually(t, "some keys", func() bool { return l.info(t, "stats", "total_commands_processed") > 500 })
	fault := call(t, "eviction(policy=allkeys-random)", l)
	act(t, "eviction", fault.Inject, at("n1", true))
	healed, err := fault.Heal(testContext(t))
	if err != nil || !healed.Took || healed.Figures["evicted_keys"] < 1 {
		t.Errorf("heal: got %+v, %v", healed, err)
	}
	for name, want := range map[string]string{"maxmemory": "0", "maxmemory-policy": "noeviction"} {
		if got, err := setting(testContext(t), l.node, name); got != want || err != nil {
			t.Errorf("%s is %s, %v; want %s", name, got, err, want)
		}
	}
	act(t, "a limit that nobody reaches", call(t, "eviction(1gb)", l).Inject, at("n1", false))
}

// A rollback puts back exactly what there was when the backup was taken, however
// the server keeps its data.
func TestRollback(t *testing.T) {
	for _, preset := range target.Presets() {
		t.Run(preset[0], func(t *testing.T) {
			l := newLabWith(t, preset[0])
			l.must(t, "SET k old", "+OK")
			fault := call(t, "rollback", l)
			act(t, "backup", fault.(preparer).Prepare, at("n1", true))
			if got, err := setting(testContext(t), l.node, "auto-aof-rewrite-percentage"); got != "100" || err != nil {
				t.Errorf("rewriting is left at %s, %v", got, err)
			}
			l.must(t, "SET k new", "+OK")
			l.must(t, "SET other 1", "+OK")
			effect, err := fault.Inject(testContext(t))
			if err != nil || !effect.Took || effect.Figures["backup_age_ns"] <= 0 {
				t.Fatalf("got %+v, %v", effect, err)
			}
			mustHold(t, l, "old")
			l.must(t, "EXISTS other", ":0")
			if got, err := fault.Inject(testContext(t)); got.Took || err == nil || !strings.Contains(err.Error(), "no backup") {
				t.Errorf("a backup was put back twice: %+v, %v", got, err)
			}
			act(t, "heal", fault.Heal, Effect{})
		})
	}
}

func TestRollbackOfADeadServerStartsIt(t *testing.T) {
	l := newLab(t)
	l.must(t, "SET k old", "+OK")
	fault := call(t, "rollback(n1)", l)
	act(t, "backup", fault.(preparer).Prepare, at("n1", true))
	l.must(t, "SET k new", "+OK")
	if _, err := l.node.Kill(testContext(t)); err != nil {
		t.Fatal(err)
	}
	if got, err := call(t, "rollback", l).(preparer).Prepare(testContext(t)); got.Took || err == nil {
		t.Errorf("a backup of a dead server: %+v, %v", got, err)
	}
	if got, err := fault.Inject(testContext(t)); !got.Took || err != nil {
		t.Fatalf("got %+v, %v", got, err)
	}
	mustHold(t, l, "old")
}

func TestRollbackHealsTheServerThatItStopped(t *testing.T) {
	l := newLab(t)
	fault := call(t, "rollback", l)
	act(t, "backup", fault.(preparer).Prepare, at("n1", true))
	if err := os.RemoveAll(l.node.DataDir() + ".backup"); err != nil {
		t.Fatal(err)
	}
	if got, err := fault.Inject(testContext(t)); !got.Took || err == nil || !strings.Contains(err.Error(), "put back the backup of n1") {
		t.Errorf("a backup that is gone was put back: %+v, %v", got, err)
	}
	if l.node.Running() {
		t.Fatal("the server runs without its data")
	}
	act(t, "heal", fault.Heal, at("n1", true))
}

func TestLoadingRefusesMeanwhile(t *testing.T) {
	l := newLab(t)
	fault := call(t, "loading(200000)", l)
	act(t, "preload", fault.(beginner).Begin, at("n1", true))
	l.must(t, "ZCARD jepsen-lite:loading", ":200000")
	stop, seen := make(chan struct{}), make(chan int)
	go func() {
		refusals := 0
		for {
			select {
			case <-stop:
				seen <- refusals
				return
			case <-time.After(time.Millisecond):
				if w, err := l.dial(patience); err == nil { // it is slow to answer meanwhile
					if _, err := w.ask("GET k"); err != nil && strings.Contains(err.Error(), "LOADING") {
						refusals++
					}
					w.Close()
				}
			}
		}
	}()
	effect, err := fault.Inject(testContext(t))
	close(stop)
	if refusals := <-seen; err != nil || !effect.Took || effect.Figures["restart_ns"] <= 0 || refusals == 0 {
		t.Errorf("got %+v, %v; %d commands were refused", effect, err, refusals)
	}
	l.mustBeUp(t)
}

func TestLoadingOfAServerWithNothingToLoad(t *testing.T) {
	l := newLabWith(t, target.None)
	fault := call(t, "loading(1000)", l)
	act(t, "preload", fault.(beginner).Begin, at("n1", true))
	if got, err := fault.Inject(testContext(t)); got.Took || err == nil || !strings.Contains(err.Error(), "n1 keeps nothing on disk") {
		t.Errorf("got %+v, %v", got, err)
	}
	l.must(t, "ZCARD jepsen-lite:loading", ":1000") // it was not restarted

	l = newLab(t)
	fault = call(t, "loading(1000)", l)
	if got, err := fault.Inject(testContext(t)); !got.Took || err == nil || !strings.Contains(err.Error(), "a sorted set of 0 members instead of 1000") {
		t.Errorf("without its data: %+v, %v", got, err)
	}
}

// newClockLab starts a server whose clock can be set. It skips the test where
// there is no libfaketime.
func newClockLab(t *testing.T) lab {
	t.Helper()
	processtest.Require(t)
	library := faketimetest.Require(t)
	p, err := target.ParsePersistence(target.AOFAlways)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "servers")
	tg, err := process.New(process.Config{Dir: dir, Persistence: p, Faketime: library})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tg.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := tg.Start(testContext(t)); err != nil {
		t.Fatal(err)
	}
	return lab{tg, tg.Nodes()[0].(*process.Node), filepath.Join(dir, "n1")}
}

// A key with a time to live of an hour is gone after a jump by two hours.
func TestClockJump(t *testing.T) {
	l := newClockLab(t)
	fault := call(t, "clock-jump(2h)", l)
	if err := Check(mustParse(t, "clock-jump, clock-drift"), l.target); err != nil {
		t.Error(err)
	}
	l.must(t, "SET k kept EX 3600", "+OK")
	mustHold(t, l, "kept")
	act(t, "jump", fault.Inject, at("n1", true))
	mustHold(t, l, "$-1")
	act(t, "heal", fault.Heal, at("n1", true))
	act(t, "heal again", fault.Heal, Effect{})
	l.must(t, "SET k kept EX 3600", "+OK")
	back := call(t, "clock-jump(-2h)", l)
	act(t, "jump back", back.Inject, at("n1", true))
	mustHold(t, l, "kept")
	if ttl, err := l.ask("TTL k"); err != nil || len(ttl) != 6 { // more than 10,000 s
		t.Errorf("a key lives for %s s, %v; want three hours", ttl, err)
	}
	act(t, "heal", back.Heal, at("n1", true))
	act(t, "no jump at all", call(t, "clock-jump(0s)", l).Inject, at("n1", false))
}

func TestClockDrift(t *testing.T) {
	l := newClockLab(t)
	fault := call(t, "clock-drift(100000)", l)
	l.must(t, "SET k kept EX 3600", "+OK")
	act(t, "drift", fault.Inject, at("n1", true))
	processtest.Eventually(t, "an hour has passed for the server", func() bool {
		got, err := l.ask("GET k")
		return err == nil && got == "$-1"
	})
	act(t, "heal", fault.Heal, at("n1", true))
	l.must(t, "SET k kept EX 3600", "+OK")
	mustHold(t, l, "kept")
}
