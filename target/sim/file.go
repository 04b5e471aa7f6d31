package sim

import (
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// file is how the append-only file stands.
type file struct {
	lastSync time.Duration
	// loaded is how much of the log the start found. Redis takes it for synced,
	// though nobody did that (7.0.15, looked at with strace): a power loss
	// can take what survived a kill.
	loaded int
	// slow: an fsync that is begun does not end; syncing: one was begun.
	slow, syncing bool
	// held: a write is held back behind it, since that time.
	held      bool
	heldSince time.Duration
	// delayed counts how often Redis gave up waiting and wrote all the same.
	delayed int
}

// heldBack is how long Redis holds a write back behind an fsync under way
// (Redis 7.0, aof.c, flushAppendOnlyFile).
const heldBack = 2 * time.Second

// Busy makes the disk slow: an fsync begun from now on does not end, until Busy
// is called with false.
func (s *Server) Busy(busy bool) {
	s.file.slow = busy
	if !busy && s.file.syncing {
		s.file.syncing = false
		s.Sync()
	}
	s.flush()
}

// flush does what Redis does before it answers: it writes the log to the file,
// and under appendfsync always syncs it.
func (s *Server) flush() {
	if !s.Running() || !s.persistence.Appends() || s.log.written == s.log.executed() {
		return
	}
	if s.persistence.SyncsEachSecond() && s.file.syncing {
		if !s.file.held {
			s.file.held, s.file.heldSince = true, s.now
			return
		}
		if s.now-s.file.heldSince < heldBack {
			return
		}
		s.file.delayed++
	}
	s.file.held = false
	s.log.written = s.log.executed()
	if s.persistence.Preset() == target.AOFAlways {
		s.Sync()
	}
	s.syncEachSecond()
}

// syncEachSecond begins the fsync of each second, if there is something to sync
// and none is under way. On a slow disk it does not end.
func (s *Server) syncEachSecond() {
	unsynced := s.log.written > max(s.log.synced, s.file.loaded)
	if !s.persistence.SyncsEachSecond() || s.file.syncing || !unsynced || s.now-s.file.lastSync < time.Second {
		return
	}
	if s.file.syncing = s.file.slow; !s.file.slow {
		s.Sync()
	}
}

// Sync brings what is written to the disk.
func (s *Server) Sync() {
	s.log.synced, s.file.lastSync = s.log.written, s.now
}

// Advance lets time pass: keys expire, and the server does what it does on its
// own, second by second.
func (s *Server) Advance(d time.Duration) {
	for end := s.now + d; s.now < end; {
		s.moveTo(min(end, s.now+time.Second))
		s.cron()
	}
}

// cron is the work of a server that nobody asks for anything.
func (s *Server) cron() {
	if !s.Running() {
		return
	}
	s.flush()
	s.syncEachSecond()
	changes := s.log.executed() - s.log.saved
	for _, point := range s.persistence.SavePoints() {
		if changes >= point.Changes && s.now-s.savedAt >= time.Duration(point.Seconds)*time.Second {
			s.Save()
			return
		}
	}
}

// Rewrite makes the append-only file anew from the data, and syncs it
// (BGREWRITEAOF). It reports false without such a file, or without a server.
func (s *Server) Rewrite() bool {
	if !s.Running() || !s.persistence.Appends() {
		return false
	}
	s.rewrite()
	return true
}
