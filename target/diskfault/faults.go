package diskfault

import (
	"fmt"
	"math"
	"time"
)

// FsyncFailure is how fsync fails, if it does.
type FsyncFailure int

const (
	// FsyncWorks is the healthy state.
	FsyncWorks FsyncFailure = iota
	// FsyncLoses fails with EIO, and what should have become durable never will,
	// although the next fsync succeeds: Linux marks the pages clean all the same
	// (https://wiki.postgresql.org/wiki/Fsync_Errors; Rebello et al., "Can
	// Applications Recover from fsync Failures?", USENIX ATC 2020). The server
	// goes on to read what it wrote. Writing to such a page again makes all of it
	// dirty again.
	FsyncLoses
	// FsyncRefuses fails with EIO, and the next one tries again.
	FsyncRefuses
)

// String returns the name in words.
func (f FsyncFailure) String() string {
	names := []string{"works", "loses", "refuses"}
	if f < 0 || int(f) >= len(names) {
		return fmt.Sprintf("FsyncFailure(%d)", int(f))
	}
	return names[f]
}

// faults are those in force; the zero value is a healthy disk.
type faults struct {
	fsyncDelay time.Duration
	fsync      FsyncFailure
	limited    bool
	capacity   int64 // in bytes of files, if limited
	readOnly   bool
}

// set changes the faults and wakes those who wait for one to end.
func (v *volume) set(change func(*faults)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	change(&v.faults)
	v.signal()
}

// room is by how many bytes files can grow.
func (v *volume) room() int64 {
	if !v.faults.limited {
		return math.MaxInt64 / 2
	}
	return max(0, v.faults.capacity-v.used)
}
