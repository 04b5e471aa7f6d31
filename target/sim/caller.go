package sim

import (
	"bufio"
	"bytes"
	"fmt"
	"strconv"

	"github.com/alicebob/miniredis/v2/server"
)

// caller is somebody who asks miniredis: a client's connection, a script, or the
// loader.
type caller struct {
	engine *engine
	peer   *server.Peer
	db     int
	reply  bytes.Buffer
}

// init makes the caller usable. It must not be copied afterwards.
func (c *caller) init(e *engine) {
	c.engine = e
	c.peer = server.NewPeer(bufio.NewWriterSize(&c.reply, 256))
}

// ask lets miniredis execute a command in place. What it returns is valid until
// the next call of ask or answer.
func (c *caller) ask(args ...string) []byte {
	c.reply.Reset()
	c.engine.Server().Dispatch(c.peer, args)
	c.peer.Flush()
	return c.reply.Bytes()
}

// use selects a database that is there.
func (c *caller) use(db int) {
	if db != c.db {
		c.ask("SELECT", strconv.Itoa(db))
		c.db = db
	}
}

// answer makes a reply of the simulator's own, without its last CRLF.
func (c *caller) answer(format string, args ...any) []byte {
	c.reply.Reset()
	fmt.Fprintf(&c.reply, format+"\r\n", args...)
	return c.reply.Bytes()
}

// bulk answers with one string.
func (c *caller) bulk(text string) []byte { return c.answer("$%d\r\n%s", len(text), text) }

// bulks answers with many, as an array ('*') or a set ('~', an array in RESP2).
func (c *caller) bulks(kind byte, texts []string) []byte {
	if !c.peer.Resp3 {
		kind = '*'
	}
	c.reply.Reset()
	fmt.Fprintf(&c.reply, "%c%d\r\n", kind, len(texts))
	for _, t := range texts {
		fmt.Fprintf(&c.reply, "$%d\r\n%s\r\n", len(t), t)
	}
	return c.reply.Bytes()
}

// null answers that there is nothing; kind is '$', or '*' where an array was
// expected.
func (c *caller) null(kind byte) []byte {
	if c.peer.Resp3 {
		return c.answer("_")
	}
	return c.answer("%c-1", kind)
}

func isError(reply []byte) bool { return len(reply) > 0 && reply[0] == '-' }

// stringsIn returns the strings of a reply that is an array or a set of them.
func stringsIn(reply []byte) []string {
	var all []string
	_, rest, _ := bytes.Cut(reply, []byte("\r\n"))
	for len(rest) > 0 {
		head, tail, _ := bytes.Cut(rest, []byte("\r\n"))
		size, err := strconv.Atoi(string(head[1:]))
		if err != nil || size < 0 || size+2 > len(tail) {
			return all
		}
		all, rest = append(all, string(tail[:size])), tail[size+2:]
	}
	return all
}
