package diskfault

import (
	"syscall"
	"time"
)

// handle is an open file or folder. It belongs to the life in which it was opened.
type handle struct {
	node  *inode
	flags uint32
	list  []stat // of a folder: what it held when it was last read from the start
	names []string
}

func (v *volume) newHandle(n *inode, flags uint32) *handle {
	n.handles++
	return &handle{node: n, flags: flags}
}

// open opens a file or a folder.
func (v *volume) open(id uint64, flags uint32) (*handle, syscall.Errno) {
	v.mu.Lock()
	defer v.mu.Unlock()
	n, errno := v.reach(id, nil)
	if errno != 0 {
		return nil, errno
	}
	if flags&syscall.O_ACCMODE != syscall.O_RDONLY || flags&syscall.O_TRUNC != 0 {
		if errno := v.checkChange(n); errno != 0 {
			return nil, errno
		}
	}
	if flags&syscall.O_TRUNC != 0 {
		if errno := v.resize(n, 0); errno != 0 {
			return nil, errno
		}
	}
	return v.newHandle(n, flags), 0
}

// closing is one close(2) of a handle, of which there can be several.
func (v *volume) closing(h *handle) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.check(h.node) == 0 && h.node.rewrites {
		h.node.rewrites = false
		v.writeBack(h.node)
	}
}

// close gives up a handle.
func (v *volume) close(h *handle) {
	v.mu.Lock()
	defer v.mu.Unlock()
	h.node.handles--
	if v.check(h.node) == 0 {
		v.release(h.node)
	}
}

func (v *volume) read(h *handle, p []byte, off int64) (int, syscall.Errno) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if errno := v.check(h.node); errno != 0 {
		return 0, errno
	}
	if h.node.folder {
		return 0, syscall.EISDIR
	}
	n, err := h.node.content.read(p, off)
	return n, errnoOf(err)
}

// write writes at the offset, or at the end of a file opened with O_APPEND, and
// makes it durable for one opened with O_SYNC or O_DSYNC. On a disk that fills up
// it writes what fits.
func (v *volume) write(h *handle, data []byte, off int64, who caller) (int, syscall.Errno) {
	n, errno := v.writeDirty(h, data, off)
	if errno == 0 && h.flags&syscall.O_DSYNC != 0 {
		errno = v.fsync(h, h.flags&syscall.O_SYNC != syscall.O_SYNC, who)
	}
	return n, errno
}

func (v *volume) writeDirty(h *handle, data []byte, off int64) (int, syscall.Errno) {
	v.mu.Lock()
	defer v.mu.Unlock()
	n := h.node
	if errno := v.checkChange(n); errno != 0 {
		return 0, errno
	}
	if v.dirty > v.config.MaxDirtyBytes {
		if errno := v.forceSync(); errno != 0 {
			return 0, errno
		}
	}
	if h.flags&syscall.O_APPEND != 0 {
		off = n.content.size
	}
	if room := v.room(); off+int64(len(data))-n.content.size > room {
		data = data[:max(0, min(int64(len(data)), n.content.size+room-off))]
		if len(data) == 0 {
			v.stats.SpaceRefusals++
			return 0, syscall.ENOSPC
		}
	}
	dirty, size := n.content.dirty, n.content.size
	if err := n.content.write(off, data, time.Now()); err != nil {
		return 0, errnoOf(err)
	}
	v.dirty += n.content.dirty - dirty
	v.used += n.content.size - size
	v.stats.BytesWritten += int64(len(data))
	touch(n)
	return len(data), 0
}

// allocate is fallocate(2): the file grows, unless it keeps its size. Ranges
// cannot be punched or moved.
func (v *volume) allocate(h *handle, off, length int64, mode uint32) syscall.Errno {
	const keepSize = 1 // FALLOC_FL_KEEP_SIZE
	v.mu.Lock()
	defer v.mu.Unlock()
	n := h.node
	if errno := v.checkChange(n); errno != 0 {
		return errno
	}
	switch {
	case mode&^keepSize != 0:
		return syscall.EOPNOTSUPP
	case off+length-n.content.size > v.room():
		v.stats.SpaceRefusals++
		return syscall.ENOSPC
	case mode == 0 && off+length > n.content.size:
		return v.resize(n, off+length)
	}
	return 0
}

// list returns the names in an open folder from the position on, with what they
// name. From position 0 it looks anew.
func (v *volume) list(h *handle, position uint64) ([]string, []stat, syscall.Errno) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if errno := v.check(h.node); errno != 0 {
		return nil, nil, errno
	}
	if !h.node.folder {
		return nil, nil, syscall.ENOTDIR
	}
	if position == 0 || h.names == nil {
		h.names, h.list = append([]string{".", ".."}, h.node.names()...), []stat{h.node.stat(), h.node.parent.stat()}
		for _, base := range h.names[2:] {
			h.list = append(h.list, h.node.children[base].stat())
		}
	}
	position = min(position, uint64(len(h.names)))
	return h.names[position:], h.list[position:], 0
}
