package diskfault

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fuse"
)

// fileSystem translates the kernel's requests into operations of a volume. Those
// that it does not have (symbolic links, device files, extended attributes,
// O_TMPFILE) fail with ENOSYS, which the kernel reports as EOPNOTSUPP or ENOSYS,
// as for any file system without them.
type fileSystem struct {
	fuse.RawFileSystem
	volume *volume

	mu      sync.Mutex
	handles map[uint64]*handle
	newest  uint64
}

func newFileSystem(v *volume) *fileSystem {
	return &fileSystem{RawFileSystem: fuse.NewDefaultRawFileSystem(), volume: v, handles: map[uint64]*handle{}}
}

// String names the file system in the library's messages.
func (f *fileSystem) String() string { return fsSubtype }

// enlist gives a handle a number.
func (f *fileSystem) enlist(h *handle) uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.newest++
	f.handles[f.newest] = h
	return f.newest
}

// handle returns the handle with that number, which the kernel holds open.
func (f *fileSystem) handle(number uint64) *handle {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.handles[number]
}

func (f *fileSystem) drop(number uint64) {
	f.mu.Lock()
	h := f.handles[number]
	delete(f.handles, number)
	f.mu.Unlock()
	if h != nil {
		f.volume.close(h)
	}
}

// fill writes an inode's attributes as the kernel wants them.
func (s stat) fill(a *fuse.Attr) {
	*a = fuse.Attr{
		Ino:     s.id,
		Size:    uint64(s.size),
		Blocks:  uint64(s.size+sectorBytes-1) / sectorBytes,
		Mode:    s.mode,
		Nlink:   uint32(s.links),
		Owner:   fuse.Owner{Uid: s.uid, Gid: s.gid},
		Blksize: pageBytes,
	}
	a.SetTimes(&s.mtime, &s.mtime, &s.ctime)
}

func (s stat) fillEntry(out *fuse.EntryOut) {
	out.NodeId = s.id
	s.fill(&out.Attr)
}

// callerOf returns who made the request.
func callerOf(cancel <-chan struct{}, header *fuse.InHeader) caller {
	thread := header.Pid
	return caller{cancel, func() bool { return isBeingKilled(int(thread)) }}
}

// isBeingKilled tells whether a thread has a SIGKILL to die of, or is gone
// (proc_pid_status(5)).
func isBeingKilled(thread int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", thread))
	if err != nil {
		return true
	}
	for line := range bytes.Lines(text) {
		if mask, ok := strings.CutPrefix(string(line), "SigPnd:"); ok {
			bits, err := strconv.ParseUint(strings.TrimSpace(mask), 16, 64)
			return err == nil && bits&(1<<(syscall.SIGKILL-1)) != 0
		}
	}
	return false
}

// Lookup finds a name.
func (f *fileSystem) Lookup(_ <-chan struct{}, header *fuse.InHeader, base string, out *fuse.EntryOut) fuse.Status {
	s, errno := f.volume.lookup(header.NodeId, base)
	s.fillEntry(out)
	return fuse.Status(errno)
}

// Forget tells that the kernel no longer knows an inode.
func (f *fileSystem) Forget(id, times uint64) { f.volume.forget(id, times) }

// GetAttr is stat(2) and fstat(2).
func (f *fileSystem) GetAttr(_ <-chan struct{}, in *fuse.GetAttrIn, out *fuse.AttrOut) fuse.Status {
	var h *handle
	if in.Flags()&fuse.FUSE_GETATTR_FH != 0 {
		h = f.handle(in.Fh())
	}
	s, errno := f.volume.getattr(in.NodeId, h)
	s.fill(&out.Attr)
	return fuse.Status(errno)
}

// SetAttr is chmod(2), chown(2), truncate(2), utimensat(2).
func (f *fileSystem) SetAttr(_ <-chan struct{}, in *fuse.SetAttrIn, out *fuse.AttrOut) fuse.Status {
	var h *handle
	if fh, ok := in.GetFh(); ok {
		h = f.handle(fh)
	}
	var change attrChange
	if perm, ok := in.GetMode(); ok {
		change.perm = &perm
	}
	if uid, ok := in.GetUID(); ok {
		change.uid = &uid
	}
	if gid, ok := in.GetGID(); ok {
		change.gid = &gid
	}
	if size, ok := in.GetSize(); ok {
		signed := int64(size)
		change.size = &signed
	}
	if mtime, ok := in.GetMTime(); ok {
		change.mtime = &mtime
	}
	s, errno := f.volume.setattr(in.NodeId, h, change)
	s.fill(&out.Attr)
	return fuse.Status(errno)
}

// StatFs is statfs(2): a large disk, of which a limit leaves what it leaves.
func (f *fileSystem) StatFs(_ <-chan struct{}, _ *fuse.InHeader, out *fuse.StatfsOut) fuse.Status {
	const disk = 1 << 40
	f.volume.mu.Lock()
	room, used := f.volume.room(), f.volume.used
	f.volume.mu.Unlock()
	out.Bsize, out.Frsize, out.NameLen = pageBytes, pageBytes, maxNameBytes
	out.Bfree = uint64(min(room, disk)) / pageBytes
	out.Bavail = out.Bfree
	out.Blocks = out.Bfree + uint64(used)/pageBytes
	out.Files, out.Ffree = 1<<20, 1<<20
	return fuse.OK
}
