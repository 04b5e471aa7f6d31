package diskfault

import (
	"os"
	"sync"
	"syscall"
	"time"
)

// rootID is the root folder's number (FUSE_ROOT_ID).
const rootID = 1

// volume is the file system without the kernel: what is durable in the backing
// folder, what is not in memory. Its operations answer as the system calls of
// their names do, with an errno, 0 for success. They are safe for concurrent use.
type volume struct {
	config  Config
	backing *os.Root

	mu      sync.Mutex
	life    int // begins anew with each power loss
	closed  bool
	root    *inode
	nodes   map[uint64]*inode
	newest  uint64 // inode number; none is used twice
	journal []record
	records uint64 // number of the newest
	dirty   int64  // bytes in memory that are not durable
	used    int64  // bytes of all files, as the server sees them
	faults  faults
	changed chan struct{} // closed when the faults, the life or closed change
	stats   Stats
}

func newVolume(config Config) (*volume, error) {
	backing, err := os.OpenRoot(config.Backing)
	if err != nil {
		return nil, err
	}
	v := &volume{config: config, backing: backing, newest: rootID, changed: make(chan struct{})}
	if err := v.load(); err != nil {
		v.discard()
		_ = backing.Close()
		return nil, err
	}
	return v, nil
}

func (v *volume) newID() uint64 {
	v.newest++
	return v.newest
}

func (v *volume) newInode(id uint64, folder bool) *inode {
	n := &inode{id: id, life: v.life, folder: folder}
	if folder {
		n.children, n.kept = map[string]*inode{}, map[string]*inode{}
	}
	v.nodes[id] = n
	return n
}

// signal wakes whoever waits for the volume to change.
func (v *volume) signal() {
	close(v.changed)
	v.changed = make(chan struct{})
}

// check returns why nothing can be done with the inode: EIO after a power loss.
func (v *volume) check(n *inode) syscall.Errno {
	if n == nil || n.life != v.life || v.closed {
		return syscall.EIO
	}
	return 0
}

// checkChange is check for what changes something.
func (v *volume) checkChange(n *inode) syscall.Errno {
	if errno := v.check(n); errno != 0 {
		return errno
	}
	if v.faults.readOnly {
		v.stats.ReadOnlyRefusals++
		return syscall.EROFS
	}
	return 0
}

// note adds a change to the journal.
func (v *volume) note(r record) {
	v.records++
	r.number, r.since = v.records, time.Now()
	v.journal = append(v.journal, r)
	r.node.pending++
	if r.core() {
		r.node.core++
	}
}

// touch sets the times of a change.
func touch(nodes ...*inode) {
	now := time.Now()
	for _, n := range nodes {
		n.mtime, n.ctime = now, now
	}
}

// release drops what nobody can reach any more.
func (v *volume) release(n *inode) {
	if n.links > 0 || n.handles > 0 || n.life != v.life {
		return
	}
	v.used -= n.content.size
	n.content.size = 0 // its space is free, even if its end is not durable yet
	if n.pending > 0 {
		return
	}
	v.dirty -= n.content.dirty
	n.content.drop()
	if n.lookups == 0 {
		delete(v.nodes, n.id)
	}
}

// discard drops everything that is in memory.
func (v *volume) discard() {
	for _, n := range v.nodes {
		n.content.drop()
	}
	v.nodes, v.journal = nil, nil
}

// errnoOf turns an error of the backing folder into an errno.
func errnoOf(err error) syscall.Errno {
	if err == nil {
		return 0
	}
	return syscall.EIO
}
