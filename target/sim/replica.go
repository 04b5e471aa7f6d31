package sim

import (
	"fmt"
	"slices"
)

// become gives the server a role, which it keeps over restarts. Its connections
// end.
func (s *Server) become(replica bool) {
	s.replica, s.link = replica, link{}
	if s.Running() {
		s.newLife()
	}
}

// apply executes an entry of the primary's log. What a key's life is counts from
// the time at which the primary executed it.
//
// Why the data may be made anew: they are those of the primary at the time of the
// last entry, seen at the present one. An entry can be late and still concern a
// key that has expired here meanwhile: PERSIST keeps it.
func (s *Server) apply(e entry) {
	s.append(e)
	if e.at < s.now && s.log.expires {
		s.engine.FlushAll()
		s.replay()
	} else {
		var loader caller
		loader.init(&s.engine)
		e.replay(&loader)
	}
}

// copyFrom makes the server's data those of another's log. The file in which they
// arrive is a snapshot, which stays whatever the persistence is (Redis 7.0,
// replication.c, rdb-del-sync-files no), and the append-only file is written anew.
func (s *Server) copyFrom(l *log) {
	if s.log.executed() > 0 {
		var loader caller
		loader.init(&s.engine)
		removeAll(&loader)
	}
	s.log.cut(0)
	s.log.entries, s.log.expires = append(s.log.entries, l.entries...), l.expires
	n := s.log.executed()
	s.log.written, s.log.synced, s.log.saved = n, n, n
	s.savedAt, s.file.held = s.now, false
	s.load()
}

// role does ROLE.
func (s *Server) role(c *caller) []byte {
	offset := s.log.executed()
	if !s.replica {
		text := fmt.Sprintf("*3\r\n%s:%d\r\n*%d", bulk("master"), offset, len(s.replicas()))
		for _, r := range s.replicas() {
			text += "\r\n*3\r\n" + bulk(s.group.Name(r)) + bulk("6379") + fmt.Sprintf("$%d\r\n%d", len(fmt.Sprint(r.log.executed())), r.log.executed())
		}
		return c.answer("%s", text)
	}
	state := "connect"
	if s.linked() {
		state = "connected"
	}
	return c.answer("*5\r\n%s%s:6379\r\n%s:%d", bulk("slave"), bulk(s.group.Name(s.group.Primary())), bulk(state), offset)
}

// replication is the section of INFO.
func (s *Server) replication() string {
	offset := s.log.executed()
	if !s.replica {
		return fmt.Sprintf("role:master\r\nconnected_slaves:%d\r\nmaster_repl_offset:%d\r\n", len(s.replicas()), offset)
	}
	state := "down"
	if s.linked() {
		state = "up"
	}
	return fmt.Sprintf("role:slave\r\nmaster_host:%s\r\nmaster_port:6379\r\nmaster_link_status:%s\r\nslave_repl_offset:%d\r\nslave_read_only:1\r\nconnected_slaves:0\r\nmaster_repl_offset:%d\r\n",
		s.group.Name(s.group.Primary()), state, offset, offset)
}

// linked reports whether the server is a replica that follows its primary.
func (s *Server) linked() bool {
	i := slices.Index(s.group.servers, s)
	return s.group.connected(i) && s.group.inStep(i)
}

// replicas returns those that follow the server.
func (s *Server) replicas() []*Server {
	if s.group == nil || s != s.group.Primary() {
		return nil
	}
	return slices.DeleteFunc(s.group.Servers(), func(r *Server) bool { return !r.linked() })
}
