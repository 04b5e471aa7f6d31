package diskfault_test

import (
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault/diskfaulttest"
)

// TestWhatRedisDoes performs what Redis 7.0 asks of a file system, beside the
// same on a plain folder.
func TestWhatRedisDoes(t *testing.T) {
	const trunc, appending = os.O_WRONLY | os.O_CREATE | os.O_TRUNC, os.O_WRONLY | os.O_CREATE | os.O_APPEND
	tests := []struct {
		name    string
		actions []action
	}{
		{"aof.c: openNewIncrAofForAppend, flushAppendOnlyFile", []action{
			{call: "mkdir", name: "d"}, {call: "open", name: "d/incr", flags: appending}, {call: "write", text: "one"},
			{call: "fdatasync"}, {call: "write", text: "two"}, {call: "fstat"}, {call: "stat", name: "d/incr"},
		}},
		{"aof.c: a short write is taken back by ftruncate", []action{
			{call: "open", name: "incr", flags: appending}, {call: "write", text: "one two"},
			{call: "ftruncate", len: 3}, {call: "write", text: " again"}, {call: "fstat"}, {call: "stat", name: "incr"},
		}},
		{"aof.c: writeAofManifestFile", []action{
			{call: "mkdir", name: "d"}, {call: "open", name: "d/manifest", flags: trunc}, {call: "write", text: "old"},
			{call: "close"}, {call: "open", name: "d/temp", flags: trunc}, {call: "write", file: 1, text: "new"},
			{call: "fdatasync", file: 1}, {call: "rename", name: "d/temp", other: "d/manifest"},
			{call: "syncfolder", name: "d"}, {call: "close", file: 1}, {call: "list", name: "d"},
		}},
		{"rdb.c: rdbSave with rdb-save-incremental-fsync", []action{
			{call: "open", name: "temp-1.rdb", flags: trunc}, {call: "write", text: "REDIS"},
			{call: "sync_file_range", len: 5}, {call: "write", text: "0010"}, {call: "fsync"}, {call: "close"},
			{call: "rename", name: "temp-1.rdb", other: "dump.rdb"}, {call: "syncfolder", name: "."}, {call: "list", name: "."},
		}},
		{"bio.c: unlink while open", []action{
			{call: "open", name: "a", flags: os.O_RDWR | os.O_CREATE}, {call: "write", text: "still here"},
			{call: "unlink", name: "a"}, {call: "stat", name: "a"}, {call: "pread", len: 20}, {call: "fstat"},
			{call: "write", text: "!"}, {call: "fsync"}, {call: "close"}, {call: "list", name: "."},
		}},
		{"rename over a file that is open", []action{
			{call: "open", name: "a", flags: os.O_RDWR | os.O_CREATE}, {call: "write", text: "old"},
			{call: "open", name: "b", flags: os.O_RDWR | os.O_CREATE}, {call: "write", file: 1, text: "newer"},
			{call: "rename", name: "b", other: "a"}, {call: "pread", len: 9}, {call: "pread", file: 1, len: 9}, {call: "stat", name: "a"},
		}},
		{"cluster.c: clusterLockConfig", []action{
			{call: "open", name: "nodes.conf", flags: os.O_WRONLY | os.O_CREATE}, {call: "flock"},
		}},
		{"redis-check-aof --fix", []action{
			{call: "open", name: "a", flags: os.O_RDWR | os.O_CREATE}, {call: "write", text: "good bad"}, {call: "fsync"},
			{call: "ftruncate", len: 4}, {call: "ftruncate", len: 9}, {call: "pread", len: 20}, {call: "truncate", name: "a", len: 0},
		}},
		{"permission and existence", []action{
			{call: "access", name: "a"}, {call: "open", name: "a", flags: trunc}, {call: "chmod", name: "a", len: 0o400},
			{call: "stat", name: "a"}, {call: "access", name: "a"}, {call: "open", name: "a", flags: trunc | os.O_EXCL},
			{call: "fallocate", off: 10, len: 20}, {call: "stat", name: "a"}, {call: "fallocate_keep", off: 99, len: 1}, {call: "stat", name: "a"},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := newLab(t, diskfault.Config{})
			compare(t, test.actions, t.TempDir(), l.Point())
		})
	}
}

// failer is a test, or one case of a property.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// compare performs the actions in both folders, and expects the same.
func compare(t failer, actions []action, plain, disk string) {
	t.Helper()
	a, b := &actor{root: plain}, &actor{root: disk}
	defer a.close()
	defer b.close()
	for i, x := range actions {
		if want, got := a.do(x), b.do(x); got != want {
			t.Fatalf("action %d, %v: got %.60q, want %.60q", i, x, got, want)
		}
	}
}

// TestLikeAPlainFolder performs drawn actions on a disk and in a plain folder:
// every result is the same, and so is the tree at the end, on the disk and after
// an unmount in its backing folder.
func TestLikeAPlainFolder(t *testing.T) {
	for name, strict := range map[string]bool{"ordered": false, "strict": true} {
		t.Run(name, func(t *testing.T) {
			diskfaulttest.Require(t)
			dir, calls := t.TempDir(), calls()
			if os.Geteuid() != 0 { // could not look at what it has forbidden itself
				calls = slices.DeleteFunc(calls, func(call string) bool { return call == "chmod" })
			}
			rapid.Check(t, func(t *rapid.T) {
				actions := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) action { return drawAction(t, calls) }), 1, 60).Draw(t, "actions")
				plain, l := drawnLab(t, dir, diskfault.Config{Strict: strict, SkipDiskSync: true})
				defer l.Unmount()
				compare(t, actions, plain, l.Point())
				want := mustTree(t, plain)
				if got := mustTree(t, l.Point()); !maps.Equal(got, want) {
					t.Fatalf("the disk holds %.300q, want %.300q", got, want)
				}
				if err := l.Unmount(); err != nil {
					t.Fatalf("unmount: %v", err)
				}
				if got := mustTree(t, l.backing); !maps.Equal(got, want) {
					t.Fatalf("the backing folder holds %.300q, want %.300q", got, want)
				}
			})
		})
	}
}

// drawnLab mounts a disk for one case of a property, and makes a plain folder.
func drawnLab(t *rapid.T, dir string, config diskfault.Config) (plain string, l lab) {
	t.Helper()
	at, err := os.MkdirTemp(dir, "case")
	if err != nil {
		t.Fatalf("%v", err)
	}
	plain, config.Backing, config.Point = filepath.Join(at, "plain"), filepath.Join(at, "backing"), filepath.Join(at, "mount")
	for _, folder := range []string{plain, config.Backing, config.Point} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatalf("%v", err)
		}
	}
	disk, err := diskfault.Mount(config)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return plain, lab{disk, config.Backing}
}

func mustTree(t failer, folder string) map[string]string {
	t.Helper()
	all, err := readTree(folder)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return all
}

func TestOtherCalls(t *testing.T) {
	l := newLab(t, diskfault.Config{})
	l.keep(t, "a", "mapped")
	l.keep(t, "b", "")
	file := l.open(t, "a", os.O_RDONLY)
	mapped, err := unix.Mmap(int(file.Fd()), 0, 6, unix.PROT_READ, unix.MAP_PRIVATE)
	if err != nil {
		t.Fatalf("mmap: %v", err)
	}
	if got := throughPipe(t, mapped); got != "mapped" {
		t.Errorf("the mapping holds %q", got)
	}
	_ = unix.Munmap(mapped)
	_, sharedErr := unix.Mmap(int(l.open(t, "a", os.O_RDWR).Fd()), 0, 6, unix.PROT_WRITE, unix.MAP_SHARED)
	_, tmpErr := unix.Open(l.Point(), unix.O_TMPFILE|unix.O_RDWR, 0o600)
	refusals := map[string]struct{ got, want error }{
		"a shared mapping":     {sharedErr, unix.ENODEV},
		"O_TMPFILE":            {tmpErr, unix.EOPNOTSUPP},
		"a symbolic link":      {unix.Symlink("a", l.path("s")), unix.EPERM},
		"a pipe":               {unix.Mkfifo(l.path("p"), 0o600), unix.EPERM},
		"an attribute":         {unix.Setxattr(l.path("a"), "user.x", []byte("y"), 0), unix.EOPNOTSUPP},
		"a hole":               {unix.Fallocate(int(l.open(t, "a", os.O_RDWR).Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, 0, 1), unix.EOPNOTSUPP},
		"an exchange of names": {unix.Renameat2(unix.AT_FDCWD, l.path("a"), unix.AT_FDCWD, l.path("b"), unix.RENAME_EXCHANGE), unix.EINVAL},
	}
	for what, r := range refusals {
		if r.got != r.want {
			t.Errorf("%s: got %v, want %v", what, r.got, r.want)
		}
	}
}

// throughPipe lets the kernel read a mapping. A program that served the mount and
// touched the mapping itself could wait for its own garbage collector, which
// waits for the page.
func throughPipe(t *testing.T, mapped []byte) string {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if _, err := writer.Write(mapped); err != nil {
		t.Error(err)
	}
	writer.Close()
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

func TestTwoLocks(t *testing.T) {
	l := newLab(t, diskfault.Config{})
	first, second := l.open(t, "nodes.conf", os.O_RDWR|os.O_CREATE), l.open(t, "nodes.conf", os.O_RDWR)
	if err := unix.Flock(int(first.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		t.Fatal(err)
	}
	if err := unix.Flock(int(second.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != unix.EWOULDBLOCK {
		t.Errorf("got %v for a file that is locked already", err)
	}
}

func TestManyNames(t *testing.T) {
	l := newLab(t, diskfault.Config{})
	const count = 1000
	for i := range count {
		l.open(t, filepath.Join(".", string(rune('a'+i%26))+string(rune('a'+i/26))), os.O_CREATE|os.O_RDWR).Close()
	}
	if names := tree(t, l.Point()); len(names) != count {
		t.Errorf("got %d names, want %d", len(names), count)
	}
}
