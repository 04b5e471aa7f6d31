package sim

import (
	"crypto/sha1"
	"fmt"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// script is one script's run.
type script struct {
	caller         // asks on the script's behalf
	entered bool   // miniredis has begun to execute it
	asking  bool   // a command of the script is under way
	failed  string // the error that a command of the script gave last
}

// run executes a script. The log gets what it changed, not the script, as with
// Redis 7.
func (c *Session) run(name string, args []string) []byte {
	s := c.server
	if name == "EVALSHA" {
		args = append([]string{args[0], strings.ToLower(args[1])}, args[2:]...)
	}
	run := &script{}
	run.init(&s.engine)
	run.db = c.db
	s.script = run
	reply := c.ask(args...)
	s.script = nil
	if text, found := strings.CutPrefix(string(reply), failedScript); found {
		sum := args[1]
		if name == "EVAL" {
			// Redis knows a script that it could compile, whatever came of it.
			var aside caller
			aside.init(&s.engine)
			if isError(aside.ask("SCRIPT", "LOAD", args[1])) {
				return reply
			}
			sum = fmt.Sprintf("%x", sha1.Sum([]byte(args[1])))
		}
		return c.answer("-%s", run.failure(text, sum))
	}
	return reply
}

// failedScript is how miniredis begins to tell of any error that ends a script.
const failedScript = "-ERR Error compiling script (new function): "

// failure words such an error as Redis does, from miniredis' ":LINE: MESSAGE stack
// traceback…". The error of a command keeps its code.
func (r *script) failure(text, sum string) string {
	message, _, _ := strings.Cut(text, " stack traceback:")
	line, rest, _ := strings.Cut(strings.TrimPrefix(message, ":"), ": ")
	if message = "ERR user_script:" + line + ": " + rest; rest == r.failed {
		message = rest
	}
	return fmt.Sprintf("%s script: %s, on @user_script:%s.", message, sum, line)
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
	known, refusal := lookup(name), ""
	switch {
	case known.does == 0:
		refusal = unknown(name)
	case !inScripts(name):
		refusal = "ERR This Redis command is not allowed from script"
	case !known.fits(len(args) + 1):
		refusal = "ERR Wrong number of args calling Redis command from script"
	case s.replica && known.does == writes:
		refusal = readOnly
	}
	if refusal != "" {
		run.failed = refusal
		peer.WriteError(refusal)
		return true
	}
	run.asking = true
	if run.peer.Ctx == nil {
		run.peer.Ctx = peer.Ctx // which says that it is a script who asks
	}
	reply := string(s.execute(&run.caller, name, known, append([]string{name}, args...)))
	run.asking = false
	if strings.HasPrefix(reply, "-") {
		run.failed = strings.TrimSpace(reply[1:])
	}
	peer.WriteRaw(reply)
	return true
}
