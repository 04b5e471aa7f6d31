package diskfault

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// killPoll is how often a delayed fsync that a signal has interrupted looks
// whether its caller is being killed.
const killPoll = 20 * time.Millisecond

// caller is who waits for an operation: interrupted is closed when it gets a
// signal, and dying then tells whether the signal ends it.
type caller struct {
	interrupted <-chan struct{}
	dying       func() bool
}

// marks are what an fsync covers: what had happened when it began.
type marks struct{ edit, record uint64 }

// fsync makes a file or folder durable; with dataOnly, of a file, just what is
// needed to read its data.
func (v *volume) fsync(h *handle, dataOnly bool, who caller) syscall.Errno {
	v.mu.Lock()
	defer v.mu.Unlock()
	n := h.node
	if errno := v.check(n); errno != 0 {
		return errno
	}
	v.stats.Fsyncs++
	covered := marks{n.content.seal(), v.records}
	if errno := v.delay(n, who); errno != 0 {
		return errno
	}
	if v.faults.readOnly && (n.pending > 0 || n.content.dirty > 0) {
		v.stats.ReadOnlyRefusals++
		return syscall.EROFS
	}
	if v.faults.fsync != FsyncWorks {
		v.stats.FsyncsFailed++
		if v.faults.fsync == FsyncLoses {
			dirty := n.content.dirty
			v.stats.BytesLost += n.content.lose(covered.edit)
			v.dirty += n.content.dirty - dirty
		}
		return syscall.EIO
	}
	return v.syncTo(n, covered, dataOnly)
}

// delay waits as long as the fault says. The lock is not held meanwhile. A caller
// that is killed waits no longer, and its fsync does nothing.
func (v *volume) delay(n *inode, who caller) syscall.Errno {
	began, counted := time.Now(), false
	for {
		left := v.faults.fsyncDelay - time.Since(began)
		if left <= 0 {
			return 0
		}
		if !counted {
			counted = true
			v.stats.FsyncsDelayed++
		}
		changed := v.changed
		v.mu.Unlock()
		killed := pause(left, changed, &who)
		v.mu.Lock()
		if killed {
			return syscall.EINTR
		}
		if errno := v.check(n); errno != 0 {
			return errno
		}
	}
}

// pause waits for the time, a change, or the end of the caller, of which it
// tells.
//
// Why: a process in an fsync of a slow disk cannot be killed before it ends. A
// killed server is to be gone at once, though, and nobody learns what became of
// an fsync that did not return.
func pause(limit time.Duration, changed <-chan struct{}, who *caller) (killed bool) {
	if who.interrupted == nil && who.dying != nil {
		limit = min(limit, killPoll)
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-changed:
	case <-who.interrupted:
		who.interrupted = nil // from now on look by the clock
	}
	return who.interrupted == nil && who.dying != nil && who.dying()
}

// syncTo makes durable what the marks cover of an inode, and what cannot be
// durable without it. It gives the lock to others now and then.
func (v *volume) syncTo(n *inode, covered marks, dataOnly bool) syscall.Errno {
	changed, err := v.commitFor(n, covered, dataOnly)
	for more := true; err == nil && more && !n.folder; {
		var written int64
		written, more, err = v.flushSome(n, covered.edit)
		changed = changed || written > 0
		if more && err == nil {
			v.mu.Unlock()
			v.mu.Lock()
			if errno := v.check(n); errno != 0 {
				return errno
			}
		}
	}
	if err != nil {
		return errnoOf(err)
	}
	if changed && !v.config.SkipDiskSync {
		err = v.syncDisk(n, dataOnly)
	}
	return errnoOf(err)
}

// commitFor makes those changes durable that an fsync of the inode does.
func (v *volume) commitFor(n *inode, covered marks, dataOnly bool) (changed bool, err error) {
	before := len(v.journal)
	switch {
	case v.config.Strict && n.folder:
		err = v.commit(covered.record, func(r record) bool {
			return r.at.folder == n || r.kind == attrs && r.node == n
		})
	case v.config.Strict:
		err = v.commit(covered.record, func(r record) bool {
			return r.node == n && (r.kind == resize || r.kind == attrs)
		})
	case n.folder, n.core > 0, n.content.grows(covered.edit),
		!dataOnly && (n.pending > 0 || n.content.dirty > 0):
		err = v.commit(covered.record, func(record) bool { return true })
	}
	return len(v.journal) != before, err
}

// commit makes records up to the number durable, in order, those that belong.
func (v *volume) commit(upTo uint64, belongs func(record) bool) error {
	var err error
	rest := make([]record, 0, len(v.journal))
	for _, r := range v.journal {
		if err == nil && r.number <= upTo && belongs(r) {
			if err = v.apply(r); err == nil {
				continue
			}
		}
		rest = append(rest, r)
	}
	v.journal = rest
	return err
}

// syncDisk lets the disk under the backing folder do the fsync too, so that it
// takes the time that it takes there. The lock is not held meanwhile.
func (v *volume) syncDisk(n *inode, dataOnly bool) error {
	if !n.settled() {
		return nil
	}
	if n.folder {
		at := n.home()
		v.mu.Unlock()
		defer v.mu.Lock()
		folder, err := v.backing.Open(at)
		if err != nil {
			return nil // moved meanwhile: what counts is done
		}
		defer folder.Close()
		return folder.Sync()
	}
	file := n.content.base
	if file == nil {
		return nil
	}
	v.mu.Unlock()
	defer v.mu.Lock()
	err := diskSync(file, dataOnly)
	if errors.Is(err, os.ErrClosed) {
		return nil // by a power loss or a replacement: what counts is done
	}
	return err
}

// forceSync makes every file durable because too much is in memory. It is EIO
// while fsync fails.
func (v *volume) forceSync() syscall.Errno {
	if v.faults.fsync != FsyncWorks {
		return syscall.EIO
	}
	synced := v.stats.BytesSynced
	err := v.syncAll()
	v.stats.ForcedBytes += v.stats.BytesSynced - synced
	return errnoOf(err)
}
