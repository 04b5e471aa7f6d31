package sim

import (
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// script is one script's run.
type script struct {
	caller       // asks on the script's behalf
	entered bool // miniredis has begun to execute it
	asking  bool // a command of the script is under way
}

// run executes a script. The log gets what it changed, not the script, as with
// Redis 7.
func (c *Session) run(name string, args []string) []byte {
	s := c.server
	if name == "EVALSHA" {
		args = append([]string{args[0], strings.ToLower(args[1])}, args[2:]...)
	}
	s.script = &script{}
	s.script.init(&s.engine)
	s.script.db = c.db
	reply := c.ask(args...)
	s.script = nil
	if name == "EVAL" && isError(reply) {
		// Redis knows a script that it could compile, whatever came of it.
		var aside caller
		aside.init(&s.engine)
		aside.ask("SCRIPT", "LOAD", args[1])
	}
	return reply
}

// called stands before each command that miniredis executes, and takes over
// those that a script calls. It reports whether it did.
func (s *Server) called(peer *server.Peer, name string, args ...string) bool {
	run := s.script
	switch {
	case run == nil || run.asking:
		return false
	case !run.entered:
		run.entered = true // the script itself
		return false
	}
	known := lookup(name)
	switch {
	case known.does == 0:
		peer.WriteError(unknown(name))
	case !inScripts(name):
		peer.WriteError("ERR This Redis command is not allowed from script")
	case !known.fits(len(args) + 1):
		peer.WriteError("ERR Wrong number of args calling Redis command from script")
	case s.replica && known.does == writes:
		peer.WriteError(readOnly)
	default:
		run.asking = true
		if run.peer.Ctx == nil {
			run.peer.Ctx = peer.Ctx // which says that it is a script who asks
		}
		peer.WriteRaw(string(s.execute(&run.caller, name, known, append([]string{name}, args...))))
		run.asking = false
	}
	return true
}
