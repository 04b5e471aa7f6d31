// Package diskfault is a disk that can lose power: a file system that lies under
// a server's data folder, keeps in memory what the server has not synced, and
// forgets it when told to. It can also be slow, full, read-only or sick.
//
// Start from [Mount].
//
//	disk, err := diskfault.Mount(diskfault.Config{Backing: "n1/durable", Point: "n1/data"})
//	defer disk.Unmount()
//	… start a server in n1/data, use it, kill it …
//	loss, err := disk.PowerLoss(rng, diskfault.TornAtSector)
//	… start it again: n1/data shows what was durable …
//
// [Available] tells whether this works here and what to do if not: Linux with
// FUSE, as root or with fusermount3. [Clean] removes the mounts of processes that
// were killed. [TruncateTail], [CorruptMiddle] and [NewestIncrement] damage files
// and need none of this.
//
// # What is durable
//
// The mount point shows the volatile state, the backing folder holds the durable
// one and nothing else: it is an ordinary folder, and after a power loss, or a
// crash of this program, what it holds is what survived.
//
// Data of a file become durable by fsync, fdatasync, or a write to a file opened
// with O_SYNC or O_DSYNC. close and sync_file_range promise nothing (close(2),
// sync_file_range(2)): Redis calls the latter while it writes a snapshot (Redis
// 7.0, rio.c, rioFileWrite) and fsync at its end (rdb.c, rdbSave).
//
// Names, lengths set by truncate, and attributes become durable as on ext4 with
// its defaults (Linux, Documentation/filesystems/ext4, data=ordered):
//
//   - in the order in which they were changed: the journal is committed up to now
//     by an fsync of any folder, and by an fsync of a file that is new, grew or
//     was changed otherwise (fs/ext4/fsync.c; fdatasync: that is new or grew);
//   - other files' data do not follow: a file can be there and be empty;
//   - except, as with auto_da_alloc, those of a file that was renamed over
//     another, or truncated to nothing, written and closed: they become durable
//     with the commit.
//
// With [Config.Strict] they become durable as POSIX has it and no better (fsync,
// IEEE Std 1003.1-2017; Pillai et al., "All File Systems Are Not Created Equal",
// OSDI 2014): a name by an fsync of the folder that it is in, length and
// attributes by an fsync of the file. A rename between folders is two changes,
// either of which can survive without the other, except that a folder, which
// cannot be in two places, is moved by an fsync of its new parent. Redis 7.0 syncs
// appendonlydir after each rename in it (aof.c, writeAofManifestFile), but never
// the data folder after it made appendonlydir in it: in strict mode the first
// power loss takes all, also with appendfsync always.
//
// A kernel also writes back by itself, after five and thirty seconds as a rule:
// [Config.CommitAfter] and [Config.WritebackAfter]. They are off unless set, so
// that what was not synced is lost, which is the worst that may happen and the
// easiest to reason about. Unmount is an orderly shutdown: all becomes durable.
//
// # What it refuses to do
//
// There are no symbolic links, device files, extended attributes, O_TMPFILE,
// shared mappings, holes punched or names exchanged: Redis uses none of them.
// A write to a file waits while an fsync of the same file is under way, since
// FUSE holds the inode's lock (Linux, fs/fuse/file.c, fuse_fsync); on ext4 it may
// go on. A program must not use its own mount while a fault delays it: should it
// be killed in that moment, the kernel would wait for it for ever.
package diskfault
