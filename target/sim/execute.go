package sim

import (
	"strconv"
	"strings"
)

// databases is how many a server has unless it is configured otherwise.
const databases = 16

// execute performs a command for a client or a script, and notes what it changed.
func (s *Server) execute(c *caller, name string, known traits, args []string) []byte {
	switch name {
	case "SELECT":
		return s.choose(c, args)
	case "SPOP":
		return s.pop(c, args)
	case "SRANDMEMBER":
		return s.someMembers(c, args)
	case "FLUSHALL", "FLUSHDB":
		return s.empty(c, name, args)
	case "INFO":
		return c.bulk(s.info())
	case "ROLE":
		return s.role(c)
	case "SAVE", "BGSAVE", "BGREWRITEAOF", "LASTSAVE":
		return s.saving(c, name, args)
	}
	if refusal := countRefusal(c, name, args); refusal != "" {
		return c.answer("-%s", refusal)
	}
	reply := c.ask(args...)
	if known.does == writes && !isError(reply) && !(idle(name, reply) || name == "SET" && withheld(args, reply)) {
		s.changed(c, args...)
	}
	return reply
}

// changed notes what belongs into the log.
func (s *Server) changed(c *caller, args ...string) {
	s.changes = append(s.changes, change{c.db, args})
}

// record appends to the log what was executed, as one entry, before it is
// answered.
func (s *Server) record() {
	if len(s.changes) > 0 {
		s.append(entry{s.now, s.changes})
		s.changes = nil
	}
}

// append appends to the log, and does what Redis does then before it answers.
// FLUSHALL makes a snapshot if there are save points (Redis 7.0, db.c,
// flushAllDataAndResetRDB).
func (s *Server) append(e entry) {
	s.log.add(e)
	s.flush()
	if e.empties() && len(s.persistence.SavePoints()) > 0 {
		s.Save()
	}
}

// choose does SELECT.
func (s *Server) choose(c *caller, args []string) []byte {
	db, err := strconv.Atoi(args[1])
	switch {
	case err != nil:
		return c.answer("-%s", notInteger)
	case db < 0 || db >= databases:
		return c.answer("-ERR DB index is out of range")
	}
	c.use(db)
	return c.answer("+OK")
}

// empty does FLUSHALL and FLUSHDB. It deletes key by key first: miniredis' flushes
// do not touch the keys that somebody watches.
func (s *Server) empty(c *caller, name string, args []string) []byte {
	if len(args) > 2 || len(args) == 2 && !strings.EqualFold(args[1], "SYNC") && !strings.EqualFold(args[1], "ASYNC") {
		return c.answer("-ERR syntax error")
	}
	if name == "FLUSHALL" {
		removeAll(c)
	} else {
		remove(c)
	}
	s.changed(c, name)
	if name == "FLUSHALL" && !s.persistence.Appends() {
		s.record() // the snapshot does not have what comes after it in a transaction
	}
	return c.ask(name)
}

// removeAll deletes the keys of all databases.
func removeAll(c *caller) {
	was := c.db
	for db := range databases {
		c.use(db)
		remove(c)
	}
	c.use(was)
}

// remove deletes the keys of one database.
func remove(c *caller) {
	if keys := stringsIn(c.ask("KEYS", "*")); len(keys) > 0 {
		c.ask(append([]string{"DEL"}, keys...)...)
	}
}
