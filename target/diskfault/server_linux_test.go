package diskfault_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault/diskfaulttest"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// served is a server whose data lie on a disk of ours.
type served struct {
	lab
	node   *process.Node
	client *redis.Client
}

func serve(t testing.TB, config diskfault.Config, persistence string, args ...string) served {
	t.Helper()
	diskfaulttest.Require(t)
	processtest.Require(t)
	dir := filepath.Join(t.TempDir(), "servers")
	config.Point = filepath.Join(dir, "n1", "data")
	if err := os.MkdirAll(config.Point, 0o755); err != nil {
		t.Fatal(err)
	}
	l := newLab(t, config)
	tg := processtest.StartIn(t, dir, persistence, args...)
	s := served{lab: l, node: tg.Nodes()[0].(*process.Node)}
	s.client = redis.NewClient(target.ClientOptions(s.node.Addr(), patience))
	t.Cleanup(func() { s.client.Close() })
	return s
}

func bounded(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// do performs a command that must succeed, and returns the reply.
func (s served) do(t testing.TB, args ...any) any {
	t.Helper()
	reply, err := s.client.Do(bounded(t), args...).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		t.Fatalf("%v: %v", args, err)
	}
	return reply
}

// push appends numbers to a list until so many are acknowledged or one is not,
// and returns the last that was.
func (s served) push(t testing.TB, from, count int) int {
	t.Helper()
	for i := from; i < from+count; i++ {
		if err := s.client.Do(bounded(t), "RPUSH", "list", i).Err(); err != nil {
			t.Fatal(err)
		}
	}
	return from + count - 1
}

// kill ends the server.
func (s served) kill(t testing.TB) {
	t.Helper()
	if killed, err := s.node.Kill(bounded(t)); !killed || err != nil {
		t.Fatalf("kill: %v, %v", killed, err)
	}
}

func (s served) start(t testing.TB) {
	t.Helper()
	if started, err := s.node.Start(bounded(t)); !started || err != nil {
		t.Fatalf("start: %v, %v", started, err)
	}
}

// last checks that the list holds 1, 2, … and returns its last number.
func (s served) last(t testing.TB) int {
	t.Helper()
	numbers, _ := s.do(t, "LRANGE", "list", 0, -1).([]any)
	for i, number := range numbers {
		if number != strconv.Itoa(i+1) {
			t.Fatalf("the list holds %v at %d: more than a suffix is lost", number, i)
		}
	}
	return len(numbers)
}

// refusal returns the error of a write.
func (s served) refusal(t testing.TB) string {
	err := s.client.Do(bounded(t), "RPUSH", "list", "x").Err()
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestAlwaysSurvivesPowerLoss(t *testing.T) {
	for _, survival := range []diskfault.Survival{diskfault.Nothing, diskfault.TornAtByte, diskfault.SomePages} {
		t.Run(survival.String(), func(t *testing.T) {
			s := serve(t, diskfault.Config{}, target.AOFAlways)
			last := 0
			for seed := range uint64(3) {
				last = s.push(t, last+1, 100)
				if seed == 1 {
					s.do(t, "BGREWRITEAOF") // the power may go at any point of it
				}
				s.kill(t)
				s.losePower(t, survival, seed)
				s.start(t)
				if kept := s.last(t); kept != last {
					t.Fatalf("seed %d: %d of %d acknowledged writes are left", seed, kept, last)
				}
			}
		})
	}
}

// TestStrictModeShowsThatRedisNeverSyncsItsDataFolder: Redis 7.0 makes
// appendonlydir and syncs what is in it, but not the folder that it is in (aof.c,
// dirCreateIfMissing). POSIX lets a power loss take all of it; ext4 does not.
func TestStrictModeShowsThatRedisNeverSyncsItsDataFolder(t *testing.T) {
	s := serve(t, diskfault.Config{Strict: true}, target.AOFAlways)
	s.push(t, 1, 100)
	s.kill(t)
	loss := s.losePower(t, diskfault.Nothing, 1)
	s.start(t)
	if kept := s.last(t); kept != 0 || loss.DroppedBytes() == 0 {
		t.Errorf("%d of 100 acknowledged writes are left; the loss was %+v", kept, loss)
	}
	s.sync(t, ".")
	last := s.push(t, 1, 100)
	s.kill(t)
	s.losePower(t, diskfault.Nothing, 2)
	s.start(t)
	if kept := s.last(t); kept != last {
		t.Errorf("with the folder synced %d of %d acknowledged writes are left", kept, last)
	}
}

func TestEverysecLosesASuffix(t *testing.T) {
	for _, survival := range []diskfault.Survival{diskfault.Nothing, diskfault.TornAtByte} {
		t.Run(survival.String(), func(t *testing.T) {
			s := serve(t, diskfault.Config{}, target.AOFEverysec, "aof-load-truncated yes")
			lost, torn := 0, false
			for seed := uint64(1); seed <= 20 && (lost == 0 || survival != diskfault.Nothing && !torn); seed++ {
				last := s.push(t, s.last(t)+1, 200)
				s.kill(t)
				s.losePower(t, survival, seed)
				s.start(t)
				lost += last - s.last(t)
				torn = torn || strings.Contains(strings.Join(s.node.LogTail(100), "\n"), "Truncating the AOF")
			}
			if lost == 0 || torn != (survival == diskfault.TornAtByte) {
				t.Errorf("%d acknowledged writes are lost, torn: %v", lost, torn)
			}
		})
	}
}

func TestSnapshotIsOldOrNew(t *testing.T) {
	s := serve(t, diskfault.Config{}, target.RDB, "rdb-key-save-delay 200")
	fill := func(value string) {
		s.do(t, "EVAL", `for i = 1, 1000 do redis.call('SET', 'k' .. i, ARGV[1]) end return 1`, 0, value)
	}
	saving := func() bool {
		return strings.Contains(s.do(t, "INFO", "persistence").(string), "rdb_bgsave_in_progress:1")
	}
	fill("v0")
	s.do(t, "SAVE")
	seen := map[bool]int{}
	for round, survival := range []diskfault.Survival{diskfault.Nothing, diskfault.SomePages, diskfault.TornAtSector, diskfault.Nothing, diskfault.SomePages} {
		old, new := "v"+strconv.Itoa(round), "v"+strconv.Itoa(round+1)
		fill(new)
		written := s.Stats().BytesWritten
		s.do(t, "BGSAVE")
		done := round >= 3
		eventually(t, "the save is under way or done", func() bool {
			return done && !saving() || !done && s.Stats().BytesWritten > written
		})
		s.kill(t)
		s.losePower(t, survival, uint64(round))
		s.start(t)
		count := map[any]int{}
		for _, value := range s.do(t, "EVAL", `local all = {} for i = 1, 1000 do all[i] = redis.call('GET', 'k' .. i) end return all`, 0).([]any) {
			count[value]++
		}
		if count[old] != 1000 && count[new] != 1000 {
			t.Fatalf("round %d: the snapshot holds %v", round, count)
		}
		seen[count[new] == 1000]++
		fill(new)
		s.do(t, "SAVE")
	}
	if seen[true] == 0 || seen[false] == 0 {
		t.Errorf("new: %d times, old: %d times", seen[true], seen[false])
	}
}

// TestSlowFsyncAndKill needs no power loss: Redis holds the write of its log back
// while an fsync is pending, for up to two seconds (Redis 7.0, aof.c,
// flushAppendOnlyFile), and a killed process loses what it holds.
func TestSlowFsyncAndKill(t *testing.T) {
	s := serve(t, diskfault.Config{}, target.AOFEverysec)
	s.SlowFsync(time.Hour)
	last := 0
	eventually(t, "an fsync is delayed", func() bool {
		last = s.push(t, last+1, 1)
		return s.Stats().FsyncsDelayed > 0
	})
	last = s.push(t, last+1, 50)
	s.kill(t)
	s.Heal()
	s.start(t)
	if kept := s.last(t); kept >= last {
		t.Errorf("%d of %d acknowledged writes are left", kept, last)
	}
}
