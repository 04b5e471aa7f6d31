package sim

import (
	"bytes"
	"strings"
)

// transaction is what MULTI began.
type transaction struct {
	open    bool
	queued  [][]string
	refused bool // something was not queued: EXEC will refuse it all
	// watching: keys are watched. Miniredis knows which, and whether somebody
	// touched them. A watch can stand before the transaction is open.
	watching bool
}

// writes reports whether a write command is queued.
func (t *transaction) writes() bool {
	for _, args := range t.queued {
		if lookup(strings.ToUpper(args[0])).does == writes {
			return true
		}
	}
	return false
}

// transact does MULTI, EXEC, DISCARD and WATCH.
func (c *Session) transact(name string, args []string) []byte {
	t := &c.transaction
	switch {
	case name == "WATCH" && t.open:
		return c.answer("-ERR WATCH inside MULTI is not allowed")
	case name == "WATCH":
		t.watching = true
		return c.ask(args...)
	case name == "MULTI" && t.open:
		return c.answer("-ERR MULTI calls can not be nested")
	case name == "MULTI":
		t.open = true
		return c.answer("+OK")
	case !t.open:
		return c.answer("-ERR %s without MULTI", name)
	case name == "DISCARD":
		c.discard()
		return c.answer("+OK")
	}
	return c.exec()
}

// discard ends the transaction and the watch.
func (c *Session) discard() {
	if c.transaction.watching {
		c.ask("UNWATCH")
	}
	c.transaction = transaction{}
}

// exec executes what is queued, which becomes one entry of the log.
func (c *Session) exec() []byte {
	t := c.transaction
	touched := t.watching && c.touched()
	c.discard()
	switch {
	case t.refused:
		return c.answer("-EXECABORT Transaction discarded because of previous errors.")
	case touched:
		return c.null('*')
	}
	all := bytes.NewBuffer(bytes.Clone(c.answer("*%d", len(t.queued))))
	for _, args := range t.queued {
		name := strings.ToUpper(args[0])
		all.Write(c.perform(name, lookup(name), args))
	}
	c.server.record()
	c.reply.Reset()
	c.reply.Write(all.Bytes())
	return c.reply.Bytes()
}

// touched asks miniredis, with a transaction of nothing, whether a watched key
// was touched.
func (c *Session) touched() bool {
	c.ask("MULTI")
	return bytes.HasPrefix(c.ask("EXEC"), []byte("*-1"))
}
