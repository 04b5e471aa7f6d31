package sim

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// Session is a client's connection. It ends with the server's life.
type Session struct {
	server *Server
	life   int
	pulse  *pulse
	peer   *server.Peer
	reply  bytes.Buffer
	// queued are the commands of an open transaction; nil: there is none.
	queued [][]string
}

// Connect returns a connection to a server that runs.
func (s *Server) Connect() *Session {
	session := &Session{server: s, life: s.life, pulse: s.pulse}
	session.peer = server.NewPeer(bufio.NewWriter(&session.reply))
	return session
}

// Alive reports whether the connection still stands.
func (c *Session) Alive() bool { return c.server.Running() && c.life == c.server.life }

// Execute performs a command and returns the server's reply as RESP, or nil if
// the connection is dead. What it returns is valid until the next call.
func (c *Session) Execute(args ...string) []byte {
	if !c.Alive() || len(args) == 0 {
		return nil
	}
	name := strings.ToUpper(args[0])
	does := effectOf(name)
	switch {
	case does == 0:
		return c.refuse("ERR the simulator does not know the command %s: use a real server for it", name)
	case name == "SELECT" && len(args) == 2 && args[1] != "0":
		return c.refuse("ERR the simulator has only the database 0")
	case name == "INFO":
		return c.info()
	}
	reply := c.dispatch(args)
	switch failed := len(reply) > 0 && reply[0] == '-'; {
	case does == transacts:
		c.transact(name, reply)
	case c.queued != nil:
		if !failed {
			c.queued = append(c.queued, args)
		}
	case does == runs || !failed:
		if logged := c.server.executed(args); logged != nil {
			c.server.record([][]string{logged})
		}
	}
	return reply
}

// transact follows a transaction; EXEC makes it one entry of the log.
func (c *Session) transact(name string, reply []byte) {
	switch {
	case name == "MULTI" && c.queued == nil:
		c.queued = [][]string{}
	case name == "EXEC" && len(reply) > 0 && reply[0] == '*' && reply[1] != '-':
		entry := [][]string{{"MULTI"}}
		for _, args := range c.queued {
			if logged := c.server.executed(args); logged != nil {
				entry = append(entry, logged)
			}
		}
		c.queued = nil
		if len(entry) > 1 {
			c.server.record(append(entry, []string{"EXEC"}))
		}
	case name == "EXEC", name == "DISCARD":
		c.queued = nil
	}
}

// executed follows the scripts that the server knows, and returns what of a
// command that was executed belongs into the log, or nil.
func (s *Server) executed(args []string) []string {
	switch name := strings.ToUpper(args[0]); {
	case name == "SCRIPT" && len(args) == 3 && strings.EqualFold(args[1], "LOAD"):
		s.remember(args[2])
	case name == "SCRIPT" && len(args) > 1 && strings.EqualFold(args[1], "FLUSH"):
		clear(s.scripts)
	case name == "EVAL" && len(args) > 1:
		s.remember(args[1])
		return args
	case name == "EVALSHA" && len(args) > 1:
		// Without its source it was refused (NOSCRIPT).
		if source, known := s.scripts[strings.ToLower(args[1])]; known {
			return append([]string{"EVAL", source}, args[2:]...)
		}
	case effectOf(name) == writes:
		return args
	}
	return nil
}

// record appends to the log what was executed, before it is answered.
func (s *Server) record(commands [][]string) {
	s.log.entries = append(s.log.entries, entry{s.now, commands})
	s.flush()
}

func (s *Server) remember(script string) {
	sum := sha1.Sum([]byte(script))
	s.scripts[hex.EncodeToString(sum[:])] = script
}

// dispatch lets miniredis execute a command in place.
func (c *Session) dispatch(args []string) []byte {
	c.reply.Reset()
	c.server.engine.Server().Dispatch(c.peer, args)
	c.peer.Flush()
	return c.reply.Bytes()
}

func (c *Session) refuse(format string, args ...any) []byte {
	c.reply.Reset()
	fmt.Fprintf(&c.reply, "-"+format+"\r\n", args...)
	return c.reply.Bytes()
}

// info answers INFO with the figures that clients and the harness look at.
func (c *Session) info() []byte {
	s := c.server
	appends := 0
	if s.persistence.Appends() {
		appends = 1
	}
	text := fmt.Sprintf("# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n\r\n# Persistence\r\nloading:0\r\n"+
		"rdb_changes_since_last_save:%d\r\naof_enabled:%d\r\naof_delayed_fsync:%d\r\n", s.log.executed()-s.log.saved, appends, s.file.delayed)
	c.reply.Reset()
	fmt.Fprintf(&c.reply, "$%d\r\n%s\r\n", len(text), text)
	return c.reply.Bytes()
}
