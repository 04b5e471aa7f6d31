package sim

import "time"

// SetLoadTime sets how long the server loads its data before it answers: from
// the next start on, and whenever a replica gets all data anew. 0, the default,
// means that it answers at once.
func (s *Server) SetLoadTime(d time.Duration) { s.loadTime = d }

// loading reports whether the server still loads its data.
func (s *Server) loading() bool { return s.now < s.loadedAt }

// load makes the data what the log says, at the present time, and lets that last
// as long as it shall.
func (s *Server) load() {
	s.replay()
	s.loadedAt = s.now + s.loadTime
}

// replay executes the log on an empty engine, each entry at its time.
func (s *Server) replay() {
	end := s.now
	if s.now = 0; s.log.executed() > 0 {
		s.now = s.log.entries[0].at
	}
	s.engine.SetTime(epoch.Add(s.now))
	var loader caller
	loader.init(&s.engine)
	for _, e := range s.log.entries {
		s.moveTo(e.at)
		e.replay(&loader)
	}
	s.moveTo(end)
}

// replay makes the changes again.
func (e entry) replay(c *caller) {
	for _, change := range e.changes {
		c.use(change.db)
		c.ask(change.args...)
	}
}

// moveTo lets time pass for the data: what expires is gone.
func (s *Server) moveTo(now time.Duration) {
	if passed := now - s.now; passed > 0 && s.running && s.log.expires { // else it would look at every key for nothing
		s.engine.FastForward(passed)
	}
	s.now = max(s.now, now)
	if s.running {
		s.engine.SetTime(epoch.Add(s.now))
	}
}
