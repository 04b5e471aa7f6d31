package diskfault_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"
)

// actor performs system calls below a folder, and reports what they returned. Two
// actors whose folders are on equal file systems report the same.
type actor struct {
	root string
	open []*os.File // nil: closed
}

// action is a system call; which of the fields count depends on the call.
type action struct {
	call     string
	name     string
	other    string
	file     int // of the open ones
	flags    int
	off, len int64
	text     string
}

// String returns the action in one line.
func (a action) String() string {
	return fmt.Sprintf("%s %s %s file%d %#x @%d+%d %d bytes", a.call, a.name, a.other, a.file, a.flags, a.off, a.len, len(a.text))
}

// GoString is String: a case that fails is to fit on a page.
func (a action) GoString() string { return a.String() }

func (a *actor) path(name string) string { return filepath.Join(a.root, name) }

func (a *actor) close() {
	for _, file := range a.open {
		if file != nil {
			file.Close()
		}
	}
}

// do performs an action and returns its result as text.
func (a *actor) do(x action) string {
	switch x.call {
	case "open":
		file, err := os.OpenFile(a.path(x.name), x.flags, 0o644)
		a.open = append(a.open, file)
		return result(err)
	case "mkdir":
		return result(os.Mkdir(a.path(x.name), 0o755))
	case "unlink":
		return result(unix.Unlink(a.path(x.name)))
	case "rmdir":
		return result(unix.Rmdir(a.path(x.name)))
	case "rename":
		return result(unix.Rename(a.path(x.name), a.path(x.other)))
	case "renameat2":
		return result(unix.Renameat2(unix.AT_FDCWD, a.path(x.name), unix.AT_FDCWD, a.path(x.other), unix.RENAME_NOREPLACE))
	case "link":
		return result(unix.Link(a.path(x.name), a.path(x.other)))
	case "truncate":
		return result(unix.Truncate(a.path(x.name), x.len))
	case "chmod":
		return result(unix.Chmod(a.path(x.name), uint32(x.len)))
	case "access":
		return result(unix.Access(a.path(x.name), unix.R_OK))
	case "stat":
		return a.stat(x.name)
	case "list":
		return list(a.path(x.name))
	case "syncfolder":
		return withFile(a.path(x.name), func(file *os.File) error { return file.Sync() })
	default:
		return a.doOpen(x)
	}
}

// doOpen performs an action on an open file.
func (a *actor) doOpen(x action) string {
	if len(a.open) == 0 || a.open[x.file%len(a.open)] == nil {
		return "not open"
	}
	at := x.file % len(a.open)
	file := a.open[at]
	fd := int(file.Fd())
	switch x.call {
	case "close":
		a.open[at] = nil
		return result(file.Close())
	case "write":
		n, err := unix.Write(fd, []byte(x.text))
		return result(err, n)
	case "pwrite":
		n, err := unix.Pwrite(fd, []byte(x.text), x.off)
		return result(err, n)
	case "read":
		p := make([]byte, x.len)
		n, err := unix.Read(fd, p)
		return result(err, n, string(p[:max(0, n)]))
	case "pread":
		p := make([]byte, x.len)
		n, err := unix.Pread(fd, p, x.off)
		return result(err, n, string(p[:max(0, n)]))
	case "lseek":
		n, err := unix.Seek(fd, x.off, unix.SEEK_SET)
		return result(err, n)
	case "fsync":
		return result(unix.Fsync(fd))
	case "fdatasync":
		return result(unix.Fdatasync(fd))
	case "sync_file_range":
		return result(unix.SyncFileRange(fd, x.off, x.len, unix.SYNC_FILE_RANGE_WRITE))
	case "ftruncate":
		return result(unix.Ftruncate(fd, x.len))
	case "fallocate":
		return result(unix.Fallocate(fd, 0, x.off, x.len+1))
	case "fallocate_keep":
		return result(unix.Fallocate(fd, unix.FALLOC_FL_KEEP_SIZE, x.off, x.len+1))
	case "fstat":
		var s unix.Stat_t
		err := unix.Fstat(fd, &s)
		return result(err, s.Size, s.Mode, s.Nlink)
	case "flock":
		return result(unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB), unix.Flock(fd, unix.LOCK_UN))
	}
	panic("no action " + x.call)
}

// stat leaves out the length and the links of a folder, of which file systems
// have their own ideas.
func (a *actor) stat(name string) string {
	var s unix.Stat_t
	err := unix.Lstat(a.path(name), &s)
	if s.Mode&unix.S_IFMT == unix.S_IFDIR {
		s.Size, s.Nlink = 0, 0
	}
	return result(err, s.Mode, s.Size, s.Nlink, s.Uid, s.Gid)
}

func list(path string) string {
	return withFile(path, func(file *os.File) error {
		names, err := file.Readdirnames(-1)
		slices.Sort(names)
		if err == nil {
			err = errors.New(strings.Join(names, " "))
		}
		return err
	})
}

func withFile(path string, use func(*os.File) error) string {
	file, err := os.Open(path)
	if err != nil {
		return result(err)
	}
	defer file.Close()
	return result(use(file))
}

// result is an error without the path in it, and values.
func result(err error, values ...any) string {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno.Error()
	}
	return fmt.Sprint(append([]any{err}, values...)...)
}

// calls are the actions that are drawn.
func calls() []string {
	return []string{
		"open", "open", "open", "open", "write", "write", "write", "write", "pwrite", "pwrite", "pwrite",
		"mkdir", "unlink", "rmdir", "rename", "rename", "renameat2", "link", "truncate", "ftruncate", "ftruncate",
		"chmod", "access", "stat", "stat", "list", "syncfolder", "syncfolder",
		"close", "close", "read", "read", "pread", "pread", "lseek",
		"fsync", "fsync", "fdatasync", "sync_file_range", "fallocate", "fallocate_keep", "fstat", "flock",
	}
}

// drawAction draws an action on few names and short files, so that they meet.
func drawAction(t *rapid.T, calls []string) action {
	names := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "d/a", "d/b", "d/e", "d/e/a", "missing/a"})
	flags := rapid.SampledFrom([]int{
		os.O_RDONLY, os.O_RDWR, os.O_RDWR | os.O_CREATE, os.O_RDWR | os.O_CREATE, os.O_WRONLY | os.O_CREATE | os.O_TRUNC,
		os.O_RDWR | os.O_APPEND | os.O_CREATE, os.O_RDWR | os.O_CREATE | os.O_EXCL, os.O_RDWR | os.O_SYNC | os.O_CREATE,
	})
	return action{
		call:  rapid.SampledFrom(calls).Draw(t, "call"),
		name:  names.Draw(t, "name"),
		other: names.Draw(t, "other"),
		file:  rapid.IntRange(0, 5).Draw(t, "file"),
		flags: flags.Draw(t, "flags"),
		off:   rapid.Int64Range(0, 9000).Draw(t, "off"),
		len:   rapid.Int64Range(0, 9000).Draw(t, "len"),
		text:  strings.Repeat(rapid.StringMatching("[a-z]").Draw(t, "letter"), rapid.IntRange(1, 5000).Draw(t, "bytes")),
	}
}
