package diskfault

import "syscall"

// maxNameBytes is the longest name, as on Linux' own file systems.
const maxNameBytes = 255

// origin is how a new inode begins.
type origin struct {
	perm, uid, gid uint32
}

// lookup finds a name, and counts that the kernel knows its inode, as all do here
// that return one.
func (v *volume) lookup(parent uint64, base string) (stat, syscall.Errno) {
	v.mu.Lock()
	defer v.mu.Unlock()
	folder, errno := v.folder(parent)
	if errno != 0 {
		return stat{}, errno
	}
	if len(base) > maxNameBytes {
		return stat{}, syscall.ENAMETOOLONG
	}
	n := folder.children[base]
	if n == nil {
		return stat{}, syscall.ENOENT
	}
	n.lookups++
	return n.stat(), 0
}

// forget tells that the kernel knows an inode that many times less.
func (v *volume) forget(id, times uint64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if n := v.nodes[id]; n != nil {
		n.lookups -= min(n.lookups, times)
		v.release(n)
	}
}

// folder returns the folder with that number. A number from before a power loss
// is ESTALE, upon which the kernel looks the path up again.
func (v *volume) folder(id uint64) (*inode, syscall.Errno) {
	n := v.nodes[id]
	switch {
	case v.closed:
		return nil, syscall.EIO
	case n == nil:
		return nil, syscall.ESTALE
	case !n.folder:
		return nil, syscall.ENOTDIR
	}
	return n, 0
}

// folderToChange is folder for what changes names in it.
func (v *volume) folderToChange(id uint64, base string) (*inode, syscall.Errno) {
	folder, errno := v.folder(id)
	switch {
	case errno != 0:
	case len(base) > maxNameBytes:
		errno = syscall.ENAMETOOLONG
	default:
		errno = v.checkChange(folder)
	}
	return folder, errno
}

// addNew makes a new inode with a name.
func (v *volume) addNew(parent uint64, base string, isFolder bool, o origin) (*inode, syscall.Errno) {
	folder, errno := v.folderToChange(parent, base)
	switch {
	case errno != 0:
		return nil, errno
	case folder.children[base] != nil:
		return nil, syscall.EEXIST
	case folder.links == 0:
		return nil, syscall.ENOENT
	case v.room() == 0:
		v.stats.SpaceRefusals++
		return nil, syscall.ENOSPC
	}
	n := v.newInode(v.newID(), isFolder)
	n.perm, n.uid, n.gid = o.perm&0o7777, o.uid, o.gid
	n.links, n.lookups = 1, 1
	if isFolder {
		n.parent = folder
	}
	folder.children[base] = n
	touch(n, folder)
	v.note(record{kind: add, node: n, at: name{folder, base}})
	return n, 0
}

// create makes a file and opens it.
func (v *volume) create(parent uint64, base string, flags uint32, o origin) (*handle, stat, syscall.Errno) {
	v.mu.Lock()
	defer v.mu.Unlock()
	n, errno := v.addNew(parent, base, false, o)
	if errno != 0 {
		return nil, stat{}, errno
	}
	return v.newHandle(n, flags), n.stat(), 0
}

func (v *volume) mkdir(parent uint64, base string, o origin) (stat, syscall.Errno) {
	v.mu.Lock()
	defer v.mu.Unlock()
	n, errno := v.addNew(parent, base, true, o)
	if errno != 0 {
		return stat{}, errno
	}
	return n.stat(), 0
}

// link gives a file another name.
func (v *volume) link(id, parent uint64, base string) (stat, syscall.Errno) {
	v.mu.Lock()
	defer v.mu.Unlock()
	folder, errno := v.folderToChange(parent, base)
	n := v.nodes[id]
	switch {
	case errno != 0:
		return stat{}, errno
	case n == nil:
		return stat{}, syscall.ESTALE
	case n.folder:
		return stat{}, syscall.EPERM
	case folder.children[base] != nil:
		return stat{}, syscall.EEXIST
	case n.links == 0:
		return stat{}, syscall.ENOENT
	}
	folder.children[base] = n
	n.links++
	n.lookups++
	touch(folder)
	v.note(record{kind: add, node: n, at: name{folder, base}})
	return n.stat(), 0
}

// unlink removes a file's name.
func (v *volume) unlink(parent uint64, base string) syscall.Errno {
	v.mu.Lock()
	defer v.mu.Unlock()
	folder, n, errno := v.child(parent, base)
	if errno == 0 && n.folder {
		errno = syscall.EISDIR
	}
	if errno != 0 {
		return errno
	}
	v.takeOff(folder, base, n)
	return 0
}

// rmdir removes an empty folder.
func (v *volume) rmdir(parent uint64, base string) syscall.Errno {
	v.mu.Lock()
	defer v.mu.Unlock()
	folder, n, errno := v.child(parent, base)
	switch {
	case errno != 0:
		return errno
	case !n.folder:
		return syscall.ENOTDIR
	case len(n.children) > 0:
		return syscall.ENOTEMPTY
	}
	v.takeOff(folder, base, n)
	return 0
}

// child finds a name to be changed.
func (v *volume) child(parent uint64, base string) (folder, n *inode, errno syscall.Errno) {
	folder, errno = v.folderToChange(parent, base)
	if errno != 0 {
		return nil, nil, errno
	}
	if n = folder.children[base]; n == nil {
		return nil, nil, syscall.ENOENT
	}
	return folder, n, 0
}

// takeOff removes a name, and notes it.
func (v *volume) takeOff(folder *inode, base string, n *inode) {
	delete(folder.children, base)
	n.links--
	touch(folder)
	v.note(record{kind: remove, node: n, at: name{folder, base}})
	v.release(n)
}
