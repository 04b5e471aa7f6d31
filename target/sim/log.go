package sim

import "time"

// entry is one unit of the log: a write command, or a transaction. It is there
// after a restart whole or not at all.
type entry struct {
	at       time.Duration
	commands [][]string
}

// log is all that was ever written, up to the last restart's prefix.
type log struct {
	entries []entry
	// written and synced are how much of it the append-only file holds, and how
	// much of that the disk. Both stand still without such a file.
	written, synced int
	// saved is how much the last snapshot holds.
	saved int
}

func (l *log) executed() int { return len(l.entries) }

// cut forgets everything after the first n entries.
func (l *log) cut(n int) {
	clear(l.entries[n:])
	l.entries = l.entries[:n]
	l.written, l.synced, l.saved = min(l.written, n), min(l.synced, n), min(l.saved, n)
}
