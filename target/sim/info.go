package sim

import (
	"fmt"
	"strconv"
)

// info is INFO with the figures that clients and the harness look at.
func (s *Server) info() string {
	text := "# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n\r\n" +
		fmt.Sprintf("# Persistence\r\nloading:%d\r\nrdb_changes_since_last_save:%d\r\nrdb_last_save_time:%d\r\naof_enabled:%d\r\n",
			digit(s.loading()), s.log.executed()-s.log.saved, epoch.Add(s.savedAt).Unix(), digit(s.persistence.Appends()))
	if s.persistence.Appends() {
		text += fmt.Sprintf("aof_delayed_fsync:%d\r\n", s.file.delayed)
	}
	return text + "\r\n# Replication\r\n" + s.replication()
}

func digit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// hello does HELLO, which miniredis answers as another version of Redis.
func (c *Session) hello(args []string) []byte {
	switch {
	case len(args) == 2 && args[1] == "3":
		// What every client says first. Why not by miniredis: it takes longer than
		// all else that a short schedule does.
		c.peer.Resp3 = true
	case len(args) > 1:
		if reply := c.ask(args...); isError(reply) {
			return reply
		}
	}
	head, proto, role := "*14", "2", "$6\r\nmaster"
	if c.peer.Resp3 {
		head, proto = "%7", "3"
	}
	if c.server.replica {
		role = "$7\r\nreplica"
	}
	c.reply.Reset()
	for _, part := range []string{
		head, "\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$6\r\n7.0.15\r\n$5\r\nproto\r\n:", proto,
		"\r\n$2\r\nid\r\n:", strconv.Itoa(c.number), "\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n$4\r\nrole\r\n", role,
		"\r\n$7\r\nmodules\r\n*0\r\n",
	} {
		c.reply.WriteString(part)
	}
	return c.reply.Bytes()
}

func bulk(text string) string { return fmt.Sprintf("$%d\r\n%s\r\n", len(text), text) }
