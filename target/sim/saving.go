package sim

import "strings"

// saving does the commands by which clients ask for persistence.
func (s *Server) saving(c *caller, name string, args []string) []byte {
	switch name {
	case "LASTSAVE":
		return c.answer(":%d", epoch.Add(s.savedAt).Unix())
	case "SAVE":
		s.Save()
		return c.answer("+OK")
	case "BGREWRITEAOF":
		s.rewrite()
		return c.answer("+Background append only file rewriting started")
	}
	if len(args) > 2 || len(args) == 2 && !strings.EqualFold(args[1], "SCHEDULE") {
		return c.answer("-ERR syntax error")
	}
	s.Save()
	return c.answer("+Background saving started")
}

// rewrite replaces the append-only file by one that holds all there is, and is
// synced before it counts. It ends at once, or never while the disk is busy.
func (s *Server) rewrite() {
	if !s.persistence.Appends() || s.file.slow {
		return
	}
	s.log.written = s.log.executed()
	s.file.held = false
	s.Sync()
}
