package diskfault

import (
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

var errUnmounted = errors.New("the disk is unmounted")

// Disk is a mounted file system. Its methods are safe for concurrent use.
type Disk struct {
	volume  *volume
	point   string
	stop    chan struct{}
	aging   sync.WaitGroup
	unmount func() error
}

// newDisk starts what a volume does by itself.
func newDisk(v *volume) *Disk {
	d := &Disk{volume: v, point: v.config.Point, stop: make(chan struct{})}
	if v.config.CommitAfter > 0 || v.config.WritebackAfter > 0 {
		d.aging.Go(func() { v.age(d.stop) })
	}
	return d
}

// Point returns the mount point as an absolute path without links.
func (d *Disk) Point() string { return d.point }

// PowerLoss drops at once what is not durable, except what survives. The servers
// must be dead: files that are still open fail with EIO from then on. The mount
// point shows the durable state at once. Equal seeds and equal states have equal
// outcomes. After an error the disk may show less than the durable state, or
// nothing.
func (d *Disk) PowerLoss(rng *rand.Rand, survival Survival) (Loss, error) {
	return d.volume.powerLoss(rng, survival)
}

// SlowFsync lets each fsync take that much longer, and those under way. Its data
// become durable at the end of it. Zero heals, also those under way.
func (d *Disk) SlowFsync(delay time.Duration) {
	d.volume.set(func(f *faults) { f.fsyncDelay = delay })
}

// FailFsync sets how each fsync fails; FsyncWorks heals.
func (d *Disk) FailFsync(failure FsyncFailure) {
	d.volume.set(func(f *faults) { f.fsync = failure })
}

// LimitSpace fills the disk but for so many bytes: files can grow by that many,
// and by what is removed, before ENOSPC. A full disk refuses new names too. A
// negative number counts as none.
func (d *Disk) LimitSpace(freeBytes int64) {
	v := d.volume
	v.set(func(f *faults) { f.limited, f.capacity = true, v.used+max(0, freeBytes) })
}

// LiftSpaceLimit heals LimitSpace.
func (d *Disk) LiftSpaceLimit() {
	d.volume.set(func(f *faults) { f.limited = false })
}

// SetReadOnly refuses everything that changes something with EROFS, as Linux does
// after an error of the disk (errors=remount-ro): writes to open files too, and
// an fsync that has something to make durable. False heals.
func (d *Disk) SetReadOnly(readOnly bool) {
	d.volume.set(func(f *faults) { f.readOnly = readOnly })
}

// Heal ends every fault. What was lost stays lost.
func (d *Disk) Heal() {
	d.volume.set(func(f *faults) { *f = faults{} })
}

// Sync makes everything durable that is there, faults or not, as sync(1) on a healthy
// disk does.
func (d *Disk) Sync() error {
	d.volume.mu.Lock()
	defer d.volume.mu.Unlock()
	if d.volume.closed {
		return errUnmounted
	}
	return d.volume.syncAll()
}

// Stats returns what happened so far.
func (d *Disk) Stats() Stats {
	d.volume.mu.Lock()
	defer d.volume.mu.Unlock()
	stats := d.volume.stats
	stats.DirtyBytes = d.volume.dirty
	return stats
}

// Unmount makes everything durable, as an orderly shutdown does, and removes the
// mount. Files that are still open fail from then on. It takes ten seconds at
// most, and returns the same again if called again.
func (d *Disk) Unmount() error { return d.unmount() }
