package sim

import (
	"fmt"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// epoch is the wall-clock time at which every simulation begins.
var epoch = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// Server is one simulated Redis server. Get one from [NewServer].
type Server struct {
	persistence target.Persistence
	now         time.Duration // since the epoch
	engine      engine
	running     bool
	starts      int // how often it was started; never set back
	life        int // connections end with a life; it is never set back
	log         log
	file        file
	savedAt     time.Duration
	loadTime    time.Duration
	loadedAt    time.Duration // when it answers again
	replica     bool          // its role; it stays over restarts
	group       *Group        // nil: it stands alone
	link        link          // what it follows, if it is a replica
	connections int           // how many there were
	draws       uint64        // how many numbers were drawn
	changes     []change      // what the command under way has changed
	script      *script       // the one that runs
	pulse       *pulse        // of this life
}

// NewServer returns a server that has never run.
func NewServer(p target.Persistence) *Server {
	return &Server{persistence: p}
}

// Running reports whether the server runs.
func (s *Server) Running() bool { return s.running }

// Now is the time since the simulation began.
func (s *Server) Now() time.Duration { return s.now }

// Reset makes the server as NewServer(p) makes one, at a fraction of the cost:
// it has never run. Connections end. The servers of a group are reset by
// [Group.Reset].
func (s *Server) Reset(p target.Persistence) {
	s.Kill()
	*s = Server{
		persistence: p, engine: s.engine, starts: s.starts, life: s.life,
		log: log{entries: s.log.entries},
	}
	s.log.cut(0)
}

// Start loads what the last life left and runs the server. It reports false if
// it was running.
func (s *Server) Start() (started bool, err error) {
	if s.Running() {
		return false, nil
	}
	if err := s.engine.renew(s.called); err != nil {
		return false, fmt.Errorf("start simulated server: %w", err)
	}
	s.running = true
	s.starts++
	s.newLife()
	s.log.cut(s.kept())
	s.load()
	s.file = file{lastSync: s.now, loaded: s.log.executed(), slow: s.file.slow} // the disk is the machine's
	if !s.persistence.Appends() {
		s.log.written, s.log.synced = s.log.executed(), s.log.executed()
	}
	s.savedAt = s.now
	return true, nil
}

// newLife ends all connections.
func (s *Server) newLife() {
	if s.pulse != nil {
		s.pulse.stop()
	}
	s.life++
	s.pulse = &pulse{}
}

// kept is how much of the log a start finds. A snapshot that somebody asked for
// counts without save points too.
func (s *Server) kept() int {
	if s.persistence.Appends() {
		return s.log.written
	}
	return s.log.saved
}

// Kill ends the server as SIGKILL does: what it had handed to the kernel stays.
// It reports false if the server did not run.
func (s *Server) Kill() bool {
	if !s.Running() {
		return false
	}
	s.running = false
	s.pulse.stop()
	return true
}

// Close ends the server for good. Connections must not be used afterwards.
func (s *Server) Close() {
	s.Kill()
	s.engine.close()
}

// PowerLoss is Kill on a machine that loses its power: of the file only what was
// synced stays. A server that is down can lose its file's end too.
func (s *Server) PowerLoss() {
	s.Kill()
	s.log.written = s.log.synced
}

// Stop ends the server properly: it writes and syncs its append-only file, and
// makes a snapshot if it has save points (SHUTDOWN, Redis 7). It reports false if
// the server did not run.
func (s *Server) Stop() bool {
	if !s.Running() {
		return false
	}
	if s.persistence.Appends() {
		s.log.written, s.log.synced = s.log.executed(), s.log.executed()
	}
	if len(s.persistence.SavePoints()) > 0 {
		s.Save()
	}
	return s.Kill()
}

// Save makes a snapshot of everything executed so far, as BGSAVE does when
// nothing happens meanwhile.
func (s *Server) Save() {
	s.log.saved, s.savedAt = s.log.executed(), s.now
}
