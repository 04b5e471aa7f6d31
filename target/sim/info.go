package sim

import (
	"fmt"
	"strconv"
	"strings"
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
	if len(args) > 1 {
		if reply := c.ask(args...); isError(reply) {
			return reply
		}
	}
	proto, role := 2, "master"
	if c.peer.Resp3 {
		proto = 3
	}
	if c.server.replica {
		role = "replica"
	}
	var text strings.Builder
	if c.peer.Resp3 {
		text.WriteString("%7\r\n")
	} else {
		text.WriteString("*14\r\n")
	}
	for _, field := range [][2]string{
		{"server", "redis"}, {"version", "7.0.15"}, {"proto", ":" + strconv.Itoa(proto)},
		{"id", ":" + strconv.Itoa(c.number)}, {"mode", "standalone"}, {"role", role},
	} {
		text.WriteString(bulk(field[0]))
		if strings.HasPrefix(field[1], ":") {
			text.WriteString(field[1] + "\r\n")
		} else {
			text.WriteString(bulk(field[1]))
		}
	}
	return c.answer("%s", text.String()+bulk("modules")+"*0")
}

func bulk(text string) string { return fmt.Sprintf("$%d\r\n%s\r\n", len(text), text) }
