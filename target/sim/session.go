package sim

import "strings"

// Session is a client's connection. It ends with the server's life, and when the
// server's role changes.
type Session struct {
	caller
	server      *Server
	life        int
	pulse       *pulse
	number      int // of the connection
	transaction transaction
}

// Connect returns a connection to a server that runs.
func (s *Server) Connect() *Session {
	s.connections++
	session := &Session{server: s, life: s.life, pulse: s.pulse, number: s.connections}
	session.init(&s.engine)
	return session
}

// Alive reports whether the connection still stands.
func (c *Session) Alive() bool { return c.server.Running() && c.life == c.server.life }

// Execute performs a command and returns the server's reply as RESP, or nil if
// the connection is dead. What it returns is valid until the next call; the
// arguments must not be changed afterwards.
func (c *Session) Execute(args ...string) []byte {
	if !c.Alive() || len(args) == 0 {
		return nil
	}
	name := strings.ToUpper(args[0])
	known := lookup(name)
	if refusal := c.refusal(name, known, args); refusal != "" {
		return c.refuse(name, refusal)
	}
	if known.does == transacts {
		return c.transact(name, args)
	}
	if c.transaction.open {
		c.transaction.queued = append(c.transaction.queued, args)
		return c.answer("+QUEUED")
	}
	reply := c.perform(name, known, args)
	c.server.record()
	return reply
}

// refusal says why the server does not look at a command at all; "": it does.
// The order is that of Redis 7.0, server.c, processCommand.
func (c *Session) refusal(name string, known traits, args []string) string {
	switch {
	case known.does == 0:
		return unknown(name)
	case !known.fits(len(args)):
		return "ERR wrong number of arguments for '" + strings.ToLower(name) + "' command"
	case c.transaction.open && name == "SAVE":
		return "ERR Command not allowed inside a transaction"
	case c.transaction.open && (name == "BGSAVE" || name == "BGREWRITEAOF"):
		return "ERR the simulator does not begin a " + name + " inside a transaction"
	case c.server.replica && (known.does == writes || name == "EXEC" && c.transaction.writes()):
		return readOnly
	case c.server.loading() && !whileLoading(name):
		return "LOADING Redis is loading the dataset in memory"
	}
	return ""
}

const readOnly = "READONLY You can't write against a read only replica."

// unknown is what the simulator says to a command that it does not do.
func unknown(name string) string {
	switch name {
	case "CONFIG":
		return "ERR the simulator has no configuration to read or to set: use a real server for CONFIG"
	case "WAIT":
		return "ERR the simulator does not WAIT: replication happens between commands, never during one"
	}
	return "ERR the simulator does not know the command " + name + ": use a real server for it"
}

// refuse answers with a refusal, after which a transaction cannot be executed.
func (c *Session) refuse(name, refusal string) []byte {
	if !c.transaction.open {
		return c.answer("-%s", refusal)
	}
	if name == "EXEC" {
		c.discard()
		return c.answer("-EXECABORT Transaction discarded because of: %s", refusal)
	}
	c.transaction.refused = true
	return c.answer("-%s", refusal)
}

// perform executes a command that is not about a transaction.
func (c *Session) perform(name string, known traits, args []string) []byte {
	switch name {
	case "EVAL", "EVALSHA":
		return c.run(name, args)
	case "HELLO":
		return c.hello(args)
	case "SCRIPT":
		if strings.EqualFold(args[1], "EXISTS") {
			args = strings.Split(strings.ToLower(strings.Join(args, "\x00")), "\x00")
		}
	}
	return c.server.execute(&c.caller, name, known, args)
}
