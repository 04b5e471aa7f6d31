package diskfault

import (
	"syscall"

	"github.com/hanwen/go-fuse/v2/fuse"
)

// fsyncDataOnly is FUSE_FSYNC_FDATASYNC (Linux, include/uapi/linux/fuse.h).
const fsyncDataOnly = 1

// Open is open(2) of a file that is there.
func (f *fileSystem) Open(_ <-chan struct{}, in *fuse.OpenIn, out *fuse.OpenOut) fuse.Status {
	h, errno := f.volume.open(in.NodeId, in.Flags)
	if errno == 0 {
		out.Fh, out.OpenFlags = f.enlist(h), fuse.FOPEN_DIRECT_IO
	}
	return fuse.Status(errno)
}

// Read is read(2).
func (f *fileSystem) Read(_ <-chan struct{}, in *fuse.ReadIn, p []byte) (fuse.ReadResult, fuse.Status) {
	n, errno := f.volume.read(f.handle(in.Fh), p[:min(len(p), int(in.Size))], int64(in.Offset))
	return fuse.ReadResultData(p[:n]), fuse.Status(errno)
}

// Write is write(2).
func (f *fileSystem) Write(cancel <-chan struct{}, in *fuse.WriteIn, data []byte) (uint32, fuse.Status) {
	n, errno := f.volume.write(f.handle(in.Fh), data, int64(in.Offset), callerOf(cancel, &in.InHeader))
	return uint32(n), fuse.Status(errno)
}

// Fsync is fsync(2) and fdatasync(2).
func (f *fileSystem) Fsync(cancel <-chan struct{}, in *fuse.FsyncIn) fuse.Status {
	dataOnly := in.FsyncFlags&fsyncDataOnly != 0
	return fuse.Status(f.volume.fsync(f.handle(in.Fh), dataOnly, callerOf(cancel, &in.InHeader)))
}

// Fallocate is fallocate(2).
func (f *fileSystem) Fallocate(_ <-chan struct{}, in *fuse.FallocateIn) fuse.Status {
	return fuse.Status(f.volume.allocate(f.handle(in.Fh), int64(in.Offset), int64(in.Length), in.Mode))
}

// Flush is close(2), which the caller waits for.
func (f *fileSystem) Flush(_ <-chan struct{}, in *fuse.FlushIn) fuse.Status {
	if h := f.handle(in.Fh); h != nil {
		f.volume.closing(h)
	}
	return fuse.OK
}

// Release ends a handle, some time after its last close.
func (f *fileSystem) Release(_ <-chan struct{}, in *fuse.ReleaseIn) { f.drop(in.Fh) }

// Access is left to the kernel (default_permissions).
func (f *fileSystem) Access(<-chan struct{}, *fuse.AccessIn) fuse.Status {
	return fuse.Status(syscall.ENOSYS)
}
