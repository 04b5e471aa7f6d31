package sim

import (
	"slices"
	"strings"
	"time"
)

// change is a command as the log has it.
type change struct {
	db   int
	args []string
}

// entry is one unit of the log: what one command did, or one transaction, or one
// script. It is there after a restart whole or not at all.
type entry struct {
	at      time.Duration
	changes []change // at least one
}

// empties reports whether the entry has a FLUSHALL.
func (e entry) empties() bool {
	return slices.ContainsFunc(e.changes, func(c change) bool { return strings.EqualFold(c.args[0], "FLUSHALL") })
}

// log is all that was ever written, up to the last restart's prefix.
type log struct {
	entries []entry
	// written and synced are how much of it the append-only file holds, and how
	// much of that the disk. Both stand still without such a file.
	written, synced int
	// saved is how much the last snapshot holds.
	saved int
	// expires: some entry may let a key expire.
	expires bool
}

func (l *log) executed() int { return len(l.entries) }

func (l *log) add(e entry) {
	l.entries = append(l.entries, e)
	for _, c := range e.changes {
		l.expires = l.expires || c.expires()
	}
}

// cut forgets everything after the first n entries.
func (l *log) cut(n int) {
	clear(l.entries[n:])
	l.entries = l.entries[:n]
	l.written, l.synced, l.saved = min(l.written, n), min(l.synced, n), min(l.saved, n)
	l.expires = l.expires && n > 0
}

// expires reports whether the command may let a key expire; true if in doubt.
func (c change) expires() bool {
	switch strings.ToUpper(c.args[0]) {
	case "SET":
		return len(c.args) > 4
	case "SETEX", "PSETEX", "EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT":
		return true
	}
	return false
}
