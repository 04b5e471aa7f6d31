package diskfault

import (
	"errors"
	"time"
)

// writebackTick is how often the ages of changes are looked at.
const writebackTick = 50 * time.Millisecond

// age makes durable what is older than the configuration says, until stop is
// closed. A disk that fails or is read-only keeps it waiting.
func (v *volume) age(stop <-chan struct{}) {
	ticker := time.NewTicker(writebackTick)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return
		case now := <-ticker.C:
			v.ageOnce(now)
		}
	}
}

func (v *volume) ageOnce(now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed || v.faults.readOnly || v.faults.fsync != FsyncWorks {
		return
	}
	synced := v.stats.BytesSynced
	if after := v.config.CommitAfter; after > 0 && len(v.journal) > 0 && now.Sub(v.journal[0].since) >= after {
		_ = v.commitAll() // it stays in the journal, for the next time
	}
	if after := v.config.WritebackAfter; after > 0 {
		for _, n := range v.nodes {
			if since, dirty := n.content.oldest(); dirty && now.Sub(since) >= after {
				_ = v.syncFile(n)
			}
		}
	}
	v.stats.AgedBytes += v.stats.BytesSynced - synced
}

// commitAll makes all changes of names durable, in order.
func (v *volume) commitAll() error {
	return v.commit(v.records, func(record) bool { return true })
}

// syncFile makes a file's data durable in one step, and what they need.
func (v *volume) syncFile(n *inode) error {
	covered := marks{n.content.seal(), v.records}
	if _, err := v.commitFor(n, covered, true); err != nil {
		return err
	}
	return v.flushAll(n, covered.edit)
}

// syncAll makes everything durable but what a failed fsync has lost.
func (v *volume) syncAll() error {
	err := v.commitAll()
	for _, n := range v.nodes {
		err = errors.Join(err, v.flushAll(n, n.content.seal()))
	}
	return err
}

// shutdown makes everything durable, as an orderly shutdown of the machine does,
// after which every operation fails.
func (v *volume) shutdown() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return nil
	}
	err := v.syncAll()
	v.closed = true
	v.discard()
	v.signal()
	return errors.Join(err, v.backing.Close())
}
