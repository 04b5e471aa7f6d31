package diskfault

import (
	"syscall"

	"github.com/hanwen/go-fuse/v2/fuse"
	"golang.org/x/sys/unix"
)

func originOf(header *fuse.InHeader, mode uint32) origin {
	return origin{mode & 0o7777, header.Uid, header.Gid}
}

// Create is open(2) of a file that is not there yet.
func (f *fileSystem) Create(_ <-chan struct{}, in *fuse.CreateIn, base string, out *fuse.CreateOut) fuse.Status {
	h, s, errno := f.volume.create(in.NodeId, base, in.Flags, originOf(&in.InHeader, in.Mode))
	if errno != 0 {
		return fuse.Status(errno)
	}
	s.fillEntry(&out.EntryOut)
	out.Fh, out.OpenFlags = f.enlist(h), fuse.FOPEN_DIRECT_IO
	return fuse.OK
}

// Mknod makes a file; other kinds are not to be had.
func (f *fileSystem) Mknod(_ <-chan struct{}, in *fuse.MknodIn, base string, out *fuse.EntryOut) fuse.Status {
	if in.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return fuse.EPERM
	}
	h, s, errno := f.volume.create(in.NodeId, base, syscall.O_RDONLY, originOf(&in.InHeader, in.Mode))
	if errno == 0 {
		f.volume.close(h)
		s.fillEntry(out)
	}
	return fuse.Status(errno)
}

// Symlink is refused, as on file systems without links.
func (f *fileSystem) Symlink(<-chan struct{}, *fuse.InHeader, string, string, *fuse.EntryOut) fuse.Status {
	return fuse.EPERM
}

// Mkdir is mkdir(2).
func (f *fileSystem) Mkdir(_ <-chan struct{}, in *fuse.MkdirIn, base string, out *fuse.EntryOut) fuse.Status {
	s, errno := f.volume.mkdir(in.NodeId, base, originOf(&in.InHeader, in.Mode))
	s.fillEntry(out)
	return fuse.Status(errno)
}

// Link is link(2).
func (f *fileSystem) Link(_ <-chan struct{}, in *fuse.LinkIn, base string, out *fuse.EntryOut) fuse.Status {
	s, errno := f.volume.link(in.Oldnodeid, in.NodeId, base)
	s.fillEntry(out)
	return fuse.Status(errno)
}

// Unlink is unlink(2).
func (f *fileSystem) Unlink(_ <-chan struct{}, header *fuse.InHeader, base string) fuse.Status {
	return fuse.Status(f.volume.unlink(header.NodeId, base))
}

// Rmdir is rmdir(2).
func (f *fileSystem) Rmdir(_ <-chan struct{}, header *fuse.InHeader, base string) fuse.Status {
	return fuse.Status(f.volume.rmdir(header.NodeId, base))
}

// Rename is rename(2), and renameat2(2) with RENAME_NOREPLACE.
func (f *fileSystem) Rename(_ <-chan struct{}, in *fuse.RenameIn, from, to string) fuse.Status {
	if in.Flags&^unix.RENAME_NOREPLACE != 0 {
		return fuse.EINVAL
	}
	return fuse.Status(f.volume.rename(in.NodeId, from, in.Newdir, to, in.Flags != 0))
}

// OpenDir is opendir(3).
func (f *fileSystem) OpenDir(_ <-chan struct{}, in *fuse.OpenIn, out *fuse.OpenOut) fuse.Status {
	h, errno := f.volume.open(in.NodeId, in.Flags)
	if errno == 0 {
		out.Fh = f.enlist(h)
	}
	return fuse.Status(errno)
}

// ReadDir is readdir(3).
func (f *fileSystem) ReadDir(_ <-chan struct{}, in *fuse.ReadIn, out *fuse.DirEntryList) fuse.Status {
	names, stats, errno := f.volume.list(f.handle(in.Fh), in.Offset)
	for i, base := range names {
		entry := fuse.DirEntry{Name: base, Ino: stats[i].id, Mode: stats[i].mode, Off: in.Offset + uint64(i) + 1}
		if !out.AddDirEntry(entry) {
			break
		}
	}
	return fuse.Status(errno)
}

// ReleaseDir is closedir(3).
func (f *fileSystem) ReleaseDir(in *fuse.ReleaseIn) { f.drop(in.Fh) }

// FsyncDir is fsync(2) and fdatasync(2) of a folder.
func (f *fileSystem) FsyncDir(cancel <-chan struct{}, in *fuse.FsyncIn) fuse.Status {
	return f.Fsync(cancel, in)
}
