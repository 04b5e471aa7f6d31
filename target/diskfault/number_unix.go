//go:build unix

package diskfault

import (
	"io/fs"
	"syscall"
)

// inodeNumber tells a file from the others of the folder, whatever its name.
func inodeNumber(info fs.FileInfo) uint64 { return info.Sys().(*syscall.Stat_t).Ino }

// takeAttrs gives the inode the attributes of a file in the backing folder.
func takeAttrs(n *inode, info fs.FileInfo) {
	system := info.Sys().(*syscall.Stat_t)
	n.perm, n.uid, n.gid = uint32(system.Mode)&0o7777, system.Uid, system.Gid
	n.mtime, n.ctime = info.ModTime(), info.ModTime()
}
