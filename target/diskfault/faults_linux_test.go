package diskfault_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
)

// eventually waits until the condition holds.
func eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !condition(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not so within %v: %s", patience, what)
		}
	}
}

func TestSlowFsyncEndsWhenHealed(t *testing.T) {
	l := newLab(t, diskfault.Config{})
	file := l.open(t, "a", os.O_CREATE|os.O_WRONLY)
	l.write(t, file, "before")
	l.SlowFsync(time.Hour)
	synced := make(chan error, 1)
	go func() { synced <- file.Sync() }()
	eventually(t, "the fsync is delayed", func() bool { return l.Stats().FsyncsDelayed == 1 })
	l.open(t, "b", os.O_CREATE|os.O_WRONLY)
	select {
	case err := <-synced:
		t.Fatalf("an fsync of an hour returned %v", err)
	default:
	}
	l.Heal()
	if err := <-synced; err != nil {
		t.Fatal(err)
	}
	l.losePower(t, diskfault.Nothing, 1)
	l.must(t, map[string]string{"a": "before"}) // b came after the fsync had begun
}

func TestPowerLossDuringASlowFsync(t *testing.T) {
	l := newLab(t, diskfault.Config{})
	file := l.open(t, "a", os.O_CREATE|os.O_WRONLY)
	l.SlowFsync(time.Hour)
	synced := make(chan error, 1)
	go func() { synced <- file.Sync() }()
	eventually(t, "the fsync is delayed", func() bool { return l.Stats().FsyncsDelayed == 1 })
	l.losePower(t, diskfault.Nothing, 1)
	if err := <-synced; !errors.Is(err, syscall.EIO) {
		t.Errorf("got %v, want EIO", err)
	}
	l.must(t, map[string]string{})
}

// TestSlowFsyncLetsItsCallerBeKilled has another process in the fsync: it ends at
// once, although nothing heals the fault.
func TestSlowFsyncLetsItsCallerBeKilled(t *testing.T) {
	l := newLab(t, diskfault.Config{})
	l.keep(t, "a", "kept")
	l.SlowFsync(time.Hour)
	child := exec.Command("sync", l.path("a"))
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the fsync is delayed", func() bool { return l.Stats().FsyncsDelayed == 1 })
	if err := child.Process.Signal(syscall.SIGWINCH); err != nil { // ignored, or interrupts
		t.Fatal(err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	select {
	case <-ended:
	case <-time.After(patience):
		l.Heal()
		t.Fatalf("still there %v after SIGKILL: %v", patience, <-ended)
	}
}

func TestFailedFsync(t *testing.T) {
	tests := []struct {
		failure diskfault.FsyncFailure
		more    string // written after the failure
		want    string // durable after the next fsync
	}{
		{diskfault.FsyncRefuses, "", "kept lost"},
		{diskfault.FsyncRefuses, " more", "kept lost more"},
		{diskfault.FsyncLoses, "", "kept"},
		// The page becomes dirty again, with all that is in it.
		{diskfault.FsyncLoses, " more", "kept lost more"},
	}
	for _, test := range tests {
		t.Run(test.failure.String()+test.more, func(t *testing.T) {
			l := newLab(t, diskfault.Config{})
			l.keep(t, "a", "kept")
			file := l.open(t, "a", os.O_WRONLY|os.O_APPEND)
			l.write(t, file, " lost")
			l.FailFsync(test.failure)
			for range 2 {
				if err := file.Sync(); !errors.Is(err, syscall.EIO) {
					t.Errorf("got %v, want EIO", err)
				}
			}
			l.FailFsync(diskfault.FsyncWorks)
			if test.more != "" {
				l.write(t, file, test.more)
			}
			if err := file.Sync(); err != nil {
				t.Error(err)
			}
			if seen := tree(t, l.Point())["a"]; seen != "kept lost"+test.more {
				t.Errorf("the server reads %q", seen)
			}
			l.losePower(t, diskfault.Nothing, 1)
			l.must(t, map[string]string{"a": test.want})
		})
	}
}

// TestAnotherPageStaysLost writes so far behind a lost page that it stays lost.
func TestAnotherPageStaysLost(t *testing.T) {
	l := newLab(t, diskfault.Config{})
	l.keep(t, "a", "kept")
	file := l.open(t, "a", os.O_WRONLY|os.O_APPEND)
	l.write(t, file, strings.Repeat("x", 3*4096-4))
	l.FailFsync(diskfault.FsyncLoses)
	_ = file.Sync()
	l.Heal()
	if lost := l.Stats().BytesLost; lost != 3*4096-4 {
		t.Errorf("%d bytes lost", lost)
	}
	l.write(t, file, "more")
	l.sync(t, "a")
	l.losePower(t, diskfault.Nothing, 1)
	l.must(t, map[string]string{"a": "kept" + strings.Repeat("\x00", 3*4096-4) + "more"})
}

func TestFullDisk(t *testing.T) {
	l := newLab(t, diskfault.Config{})
	l.keep(t, "a", "12345")
	file := l.open(t, "a", os.O_RDWR|os.O_APPEND)
	l.LimitSpace(3)
	if n, err := unix.Write(int(file.Fd()), []byte("6789")); n != 3 || err != nil {
		t.Errorf("a write that fits in part: got %d, %v; want 3", n, err)
	}
	_, writeErr := unix.Write(int(file.Fd()), []byte("9"))
	_, createErr := os.Create(l.path("b"))
	refused := map[string]error{
		"write": writeErr, "create": createErr, "mkdir": os.Mkdir(l.path("d"), 0o755),
		"truncate to grow": os.Truncate(l.path("a"), 9), "fallocate": unix.Fallocate(int(file.Fd()), 0, 0, 9),
	}
	for what, err := range refused {
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: got %v, want ENOSPC", what, err)
		}
	}
	if stats := l.Stats(); stats.SpaceRefusals != int64(len(refused)) {
		t.Errorf("got %+v", stats)
	}
	var s unix.Statfs_t
	if err := unix.Statfs(l.Point(), &s); err != nil || s.Bavail != 0 {
		t.Errorf("statfs: %d blocks free, %v", s.Bavail, err)
	}
	if _, err := file.WriteAt([]byte("0"), 0); err == nil { // O_APPEND: os refuses
		t.Error("WriteAt on an appending file")
	}
	if err := os.Truncate(l.path("a"), 4); err != nil {
		t.Errorf("truncate to shrink: %v", err)
	}
	l.write(t, file, "5678") // what was given back
	l.LiftSpaceLimit()
	l.write(t, file, "9")
	l.sync(t, "a")
	l.must(t, map[string]string{"a": "123456789"})
}

func TestReadOnly(t *testing.T) {
	l := newLab(t, diskfault.Config{})
	l.keep(t, "a", "kept")
	file := l.open(t, "a", os.O_RDWR|os.O_APPEND)
	l.write(t, file, " dirty")
	l.SetReadOnly(true)
	_, writeErr := file.WriteString("x")
	_, openErr := os.OpenFile(l.path("a"), os.O_WRONLY, 0)
	_, createErr := os.Create(l.path("b"))
	refused := map[string]error{
		"write": writeErr, "open to write": openErr, "create": createErr, "fsync": file.Sync(),
		"rename": os.Rename(l.path("a"), l.path("b")), "remove": os.Remove(l.path("a")), "mkdir": os.Mkdir(l.path("d"), 0o755),
		"truncate": os.Truncate(l.path("a"), 1), "chmod": os.Chmod(l.path("a"), 0o600), "link": os.Link(l.path("a"), l.path("b")),
	}
	for what, err := range refused {
		if !errors.Is(err, syscall.EROFS) {
			t.Errorf("%s: got %v, want EROFS", what, err)
		}
	}
	if seen := tree(t, l.Point())["a"]; seen != "kept dirty" {
		t.Errorf("reads %q", seen)
	}
	if stats := l.Stats(); stats.ReadOnlyRefusals < int64(len(refused)) {
		t.Errorf("got %+v", stats)
	}
	l.Heal()
	l.sync(t, "a")
	l.must(t, map[string]string{"a": "kept dirty"})
}

func TestAgedChangesBecomeDurable(t *testing.T) {
	const soon = 10 * time.Millisecond
	tests := []struct {
		name   string
		config diskfault.Config
		want   map[string]string
	}{
		{"names", diskfault.Config{CommitAfter: soon}, map[string]string{"old": "old", "new": ""}},
		{"data", diskfault.Config{WritebackAfter: soon}, map[string]string{"old": "older", "new": "new"}},
		{"both in strict mode", diskfault.Config{CommitAfter: soon, WritebackAfter: soon, Strict: true}, map[string]string{"old": "older", "new": "new"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := newLab(t, test.config)
			l.keep(t, "old", "old")
			l.write(t, l.open(t, "new", os.O_CREATE|os.O_WRONLY), "new")
			l.write(t, l.open(t, "old", os.O_WRONLY|os.O_APPEND), "er")
			eventually(t, "it is durable", func() bool {
				got, err := readTree(l.backing)
				return err == nil && len(got) == len(test.want) && got["old"] == test.want["old"] && got["new"] == test.want["new"]
			})
			if aged := l.Stats().AgedBytes; (aged > 0) != (test.config.WritebackAfter > 0) {
				t.Errorf("%d bytes became durable by their age", aged)
			}
			l.losePower(t, diskfault.Nothing, 1)
			l.must(t, test.want)
		})
	}
}

func TestTooMuchIsWrittenBack(t *testing.T) {
	l := newLab(t, diskfault.Config{MaxDirtyBytes: 1000, SkipDiskSync: true})
	file := l.open(t, "a", os.O_CREATE|os.O_WRONLY)
	for range 10 {
		l.write(t, file, strings.Repeat("x", 400))
	}
	if stats := l.Stats(); stats.ForcedBytes == 0 || stats.DirtyBytes > 1400 {
		t.Errorf("got %+v", stats)
	}
	l.FailFsync(diskfault.FsyncRefuses)
	var err error
	for range 10 {
		if _, err = file.WriteString(strings.Repeat("x", 400)); err != nil {
			break
		}
	}
	if !errors.Is(err, syscall.EIO) {
		t.Errorf("with nowhere to go: got %v, want EIO", err)
	}
}

func TestSynchronousWrites(t *testing.T) {
	for name, flag := range map[string]int{"O_SYNC": unix.O_SYNC, "O_DSYNC": unix.O_DSYNC} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, diskfault.Config{})
			file := l.open(t, "a", os.O_CREATE|os.O_WRONLY|flag)
			l.write(t, file, "at once")
			l.losePower(t, diskfault.Nothing, 1)
			l.must(t, map[string]string{"a": "at once"})
		})
	}
}

func TestConfigIsRefused(t *testing.T) {
	dir := t.TempDir()
	tests := []struct {
		name   string
		config diskfault.Config
		want   string
	}{
		{"nothing", diskfault.Config{}, "Config.Backing"},
		{"no point", diskfault.Config{Backing: dir}, "Config.Point"},
		{"a missing folder", diskfault.Config{Backing: dir, Point: dir + "/missing"}, "no such file"},
		{"one within the other", diskfault.Config{Backing: dir, Point: "/"}, "within"},
		{"a negative time", diskfault.Config{Backing: dir, Point: dir, CommitAfter: -1}, "negative"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := diskfault.Mount(test.config); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want it to say %q", err, test.want)
			}
		})
	}
	if names, err := os.ReadDir(dir); len(names) > 0 || err != nil {
		t.Errorf("the folder holds %v, %v", names, err)
	}
	var missing *fs.PathError
	if _, err := diskfault.Mount(diskfault.Config{Backing: dir + "/x", Point: dir}); !errors.As(err, &missing) {
		t.Errorf("got %v", err)
	}
}
