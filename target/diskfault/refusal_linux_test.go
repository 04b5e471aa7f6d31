package diskfault_test

import (
	"errors"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
)

// TestServerOnASickDisk shows what Redis 7.0 does when its disk fails: with
// appendfsync always it exits, otherwise it refuses writes until the disk is
// well again.
func TestServerOnASickDisk(t *testing.T) {
	lose := func(s served) { s.FailFsync(diskfault.FsyncLoses) }
	fill := func(s served) { s.LimitSpace(0) }
	protect := func(s served) { s.SetReadOnly(true) }
	tests := []struct {
		name, persistence string
		hurt              func(served)
		exits             string // what the log says last
		refuses           string // how a write is refused
		stuck             bool   // it goes on to refuse when the disk is well
	}{
		{"fsync fails, always", target.AOFAlways, lose, "Can't persist AOF for fsync error when the AOF fsync policy is 'always'", "", false},
		{"fsync fails, everysec", target.AOFEverysec, lose, "", "MISCONF Errors writing to the AOF file", true},
		{"disk full, always", target.AOFAlways, fill, "Can't recover from AOF write error when the AOF fsync policy is 'always'", "", false},
		{"disk full, everysec", target.AOFEverysec, fill, "", "MISCONF Errors writing to the AOF file: No space left on device", false},
		{"disk full, snapshots", "rdb:1/1", fill, "", "MISCONF Redis is configured to save RDB snapshots", false},
		{"read-only, always", target.AOFAlways, protect, "Can't recover from AOF write error when the AOF fsync policy is 'always'", "", false},
		{"read-only, everysec", target.AOFEverysec, protect, "", "MISCONF Errors writing to the AOF file: Read-only file system", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, diskfault.Config{}, test.persistence)
			s.push(t, 1, 10)
			test.hurt(s)
			if test.exits != "" {
				if refused := s.refusal(t); refused == "" {
					t.Error("the write was acknowledged")
				}
				eventually(t, "the server has exited", func() bool { return !s.node.Running() })
				if log := strings.Join(s.node.LogTail(20), "\n"); !strings.Contains(log, test.exits) {
					t.Errorf("the log says\n%s", log)
				}
				s.Heal()
				s.start(t)
				// Whether the last one took effect is open.
				if count := s.do(t, "LLEN", "list").(int64); count != 10 && count != 11 {
					t.Errorf("%d writes are left of 10 that were acknowledged", count)
				}
				return
			}
			eventually(t, "the server refuses writes", func() bool { return strings.HasPrefix(s.refusal(t), test.refuses) })
			s.do(t, "GET", "key") // reads go on
			s.Heal()
			if test.stuck {
				s.do(t, "CONFIG", "SET", "appendonly", "no")
				s.do(t, "CONFIG", "SET", "appendonly", "yes")
			}
			eventually(t, "the server accepts writes again", func() bool { return s.refusal(t) == "" })
		})
	}
}

func TestServerOnADamagedFile(t *testing.T) {
	truncate := func(_ *rand.Rand, path string) (diskfault.Damage, error) { return diskfault.TruncateTail(path, 5) }
	tests := []struct {
		name   string
		args   string
		damage func(*rand.Rand, string) (diskfault.Damage, error)
		kept   int    // of 100 writes
		fails  string // what the log says if the server does not start
	}{
		{"tail cut off, aof-load-truncated yes", "aof-load-truncated yes", truncate, 99, ""},
		{"tail cut off, aof-load-truncated no", "aof-load-truncated no", truncate, 0, "Unexpected end of file reading the append only file"},
		{"middle corrupt", "aof-load-truncated yes", diskfault.CorruptMiddle, 0, "Bad file format reading the append only file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, diskfault.Config{}, target.AOFAlways, test.args)
			s.push(t, 1, 100)
			s.kill(t)
			path, err := diskfault.NewestIncrement(filepath.Join(s.Point(), "appendonlydir"))
			if err != nil {
				t.Fatal(err)
			}
			if damage, err := test.damage(rand.New(rand.NewPCG(1, 1)), path); err != nil || damage.Bytes == 0 {
				t.Fatalf("got %+v, %v", damage, err)
			}
			s.losePower(t, diskfault.Nothing, 1) // damage is durable
			if test.fails == "" {
				s.start(t)
				if kept := s.last(t); kept != test.kept {
					t.Errorf("%d writes are left, want %d", kept, test.kept)
				}
				return
			}
			_, err = s.node.Start(bounded(t))
			var failed *target.StartError
			if !errors.As(err, &failed) || !strings.Contains(strings.Join(failed.LogTail, "\n"), test.fails) {
				t.Errorf("got %v, want it to say %q", err, test.fails)
			}
		})
	}
}
