package diskfault

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"syscall"
	"time"
)

// inode is a file or a folder. The volume's lock guards it.
type inode struct {
	id      uint64
	life    int // of the volume, in which it is valid
	folder  bool
	perm    uint32 // as in st_mode, without the type
	uid     uint32
	gid     uint32
	mtime   time.Time
	ctime   time.Time
	links   int // names that the server sees
	lookups uint64
	handles int

	content  content           // of a file
	children map[string]*inode // of a folder, as the server sees it
	parent   *inode            // of a folder

	homes    []name            // names that are durable
	kept     map[string]*inode // of a folder: its durable names
	waiting  []record          // of a folder: durable once the folder is
	pending  int               // records in the journal that change it
	core     int               // those without which its data cannot be read
	rewrites bool              // truncated to nothing: closing it will write it back
}

// name is an entry of a folder.
type name struct {
	folder *inode
	base   string
}

// path returns the name's place in the backing folder.
func (n name) path() string { return path.Join(n.folder.home(), n.base) }

// home returns a durable inode's place in the backing folder, below which a
// folder's durable names are.
func (n *inode) home() string {
	if len(n.homes) == 0 {
		return "."
	}
	return n.homes[0].path()
}

// settled tells whether the inode is in the backing folder.
func (n *inode) settled() bool { return n.id == rootID || len(n.homes) > 0 }

// leaveHome removes a durable name, and the durable names below it.
func (n *inode) leaveHome(at name) {
	n.forgetHome(at)
	for base, child := range n.kept {
		child.leaveHome(name{n, base})
	}
}

// forgetHome removes a durable name from both its ends.
func (n *inode) forgetHome(at name) {
	n.homes = slices.DeleteFunc(n.homes, func(h name) bool { return h == at })
	delete(at.folder.kept, at.base)
}

func (n *inode) addHome(at name) {
	n.homes = append(n.homes, at)
	at.folder.kept[at.base] = n
}

// linkCount is what stat shows: a folder has its name, its own "." and one ".."
// for each folder in it.
func (n *inode) linkCount() int {
	if !n.folder || n.links == 0 {
		return n.links
	}
	count := 2
	for _, child := range n.children {
		if child.folder {
			count++
		}
	}
	return count
}

// names returns the names in a folder, sorted.
func (n *inode) names() []string { return slices.Sorted(maps.Keys(n.children)) }

// fileMode returns the permission as package os has it.
func (n *inode) fileMode() fs.FileMode {
	mode := fs.FileMode(n.perm & 0o777)
	for bit, flag := range map[uint32]fs.FileMode{
		syscall.S_ISUID: fs.ModeSetuid, syscall.S_ISGID: fs.ModeSetgid, syscall.S_ISVTX: fs.ModeSticky,
	} {
		if n.perm&bit != 0 {
			mode |= flag
		}
	}
	return mode
}

// mode returns type and permission as stat shows them.
func (n *inode) mode() uint32 {
	if n.folder {
		return syscall.S_IFDIR | n.perm
	}
	return syscall.S_IFREG | n.perm
}
