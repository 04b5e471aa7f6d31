package diskfault

import (
	"syscall"
	"time"
)

// stat is what is known of an inode at one moment.
type stat struct {
	id           uint64
	mode         uint32
	links        int
	uid, gid     uint32
	size         int64
	mtime, ctime time.Time
}

func (n *inode) stat() stat {
	return stat{n.id, n.mode(), n.linkCount(), n.uid, n.gid, n.content.size, n.mtime, n.ctime}
}

// attrChange is what to set of an inode; nil leaves it.
type attrChange struct {
	perm     *uint32
	uid, gid *uint32
	size     *int64
	mtime    *time.Time
}

// getattr returns what is known of the inode, or of the handle's if there is one.
func (v *volume) getattr(id uint64, h *handle) (stat, syscall.Errno) {
	v.mu.Lock()
	defer v.mu.Unlock()
	n, errno := v.reach(id, h)
	if errno == syscall.ESTALE {
		errno = syscall.EIO // of a file that was opened before a power loss
	}
	if errno != 0 {
		return stat{}, errno
	}
	return n.stat(), 0
}

// reach returns the handle's inode, or without a handle the one with the number.
func (v *volume) reach(id uint64, h *handle) (*inode, syscall.Errno) {
	if h != nil {
		return h.node, v.check(h.node)
	}
	n := v.nodes[id]
	if n == nil {
		return nil, syscall.ESTALE
	}
	return n, v.check(n)
}

// setattr changes an inode.
func (v *volume) setattr(id uint64, h *handle, change attrChange) (stat, syscall.Errno) {
	v.mu.Lock()
	defer v.mu.Unlock()
	n, errno := v.reach(id, h)
	if errno == 0 {
		errno = v.checkChange(n)
	}
	if errno == 0 && change.size != nil {
		errno = v.resize(n, *change.size)
	}
	if errno != 0 {
		return stat{}, errno
	}
	if change.perm != nil {
		n.perm = *change.perm & 0o7777
	}
	if change.uid != nil {
		n.uid = *change.uid
	}
	if change.gid != nil {
		n.gid = *change.gid
	}
	if change.mtime != nil {
		n.mtime = *change.mtime
	}
	n.ctime = time.Now()
	if change.perm != nil || change.uid != nil || change.gid != nil || change.mtime != nil {
		v.note(record{kind: attrs, node: n})
	}
	return n.stat(), 0
}

// resize sets a file's length.
func (v *volume) resize(n *inode, size int64) syscall.Errno {
	switch {
	case n.folder:
		return syscall.EISDIR
	case size < 0:
		return syscall.EINVAL
	case size-n.content.size > v.room():
		v.stats.SpaceRefusals++
		return syscall.ENOSPC
	case size == 0:
		n.rewrites = true
	}
	if size == n.content.size {
		return 0
	}
	before := n.content.dirty
	v.used += size - n.content.size
	n.content.resize(size)
	v.dirty += n.content.dirty - before
	touch(n)
	v.note(record{kind: resize, node: n})
	return 0
}
