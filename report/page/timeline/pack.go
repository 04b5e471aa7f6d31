package timeline

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// column is a column of numbers, each in 7-bit groups, the lowest first (LEB128).
type column []byte

func (c *column) number(n uint64) { *c = binary.AppendUvarint(*c, n) }

// zigzag gives small numbers to small differences, of either sign.
func zigzag(n int64) uint64 { return uint64(n)<<1 ^ uint64(n>>63) }

// columns are the operations that are held, by call.
type columns struct {
	index   column // of the invocation, from the one before
	call    column // ns, from the one before
	took    column // ns until the client knew or gave up, plus 1; 0: left open
	process column
	lane    column
	kind    column // operation << 2 | outcome: 0 ok, 1 fail, 2 info
	key     column
	input   values
	output  values
	error   column // the text of each that is not ok
}

func (t *Timeline) columns() *columns {
	c := &columns{input: values{texts: t.texts}, output: values{texts: t.texts}}
	names, keys := newNumbers(), newNumbers()
	index, call := 0, int64(0)
	for i := range t.ops {
		if !t.keep[i] {
			continue
		}
		op := &t.ops[i]
		c.index.number(uint64(op.Invoked - index))
		c.call.number(uint64(op.Call - call))
		index, call = op.Invoked, op.Call
		c.took.number(took(op))
		c.process.number(uint64(op.Process))
		c.lane.number(uint64(t.lanes.of[op.Process]))
		c.kind.number(uint64(names.of(op.F))<<2 | outcome(op.Outcome))
		c.key.number(uint64(keys.of(op.Key)))
		c.input.add(op.Input)
		if op.Output == op.Input && !op.Output.IsAbsent() {
			c.output.word(sameWord)
		} else {
			c.output.add(op.Output)
		}
		if op.Outcome != history.OK {
			c.error.number(uint64(t.texts.add(op.Error)))
		}
	}
	t.head.Operations, t.head.Keys = short(names.all), short(keys.all)
	t.head.Shortened, t.head.Left = t.texts.shortened, t.texts.left
	return c
}

// took is how long the client waited, plus 1; 0 where it was left open.
func took(op *history.Op) uint64 {
	if op.Return == history.Never && op.GaveUp == 0 {
		return 0
	}
	return uint64(max(0, ended(op)-op.Call)) + 1
}

func outcome(t history.Type) uint64 {
	switch t {
	case history.OK:
		return 0
	case history.Fail:
		return 1
	}
	return 2
}

// numbers numbers names by first use.
type numbers struct {
	all []string
	at  map[string]int
}

func newNumbers() *numbers { return &numbers{at: map[string]int{}} }

func (n *numbers) of(name string) int {
	at, ok := n.at[name]
	if !ok {
		at = len(n.all)
		n.at[name], n.all = at, append(n.all, name)
	}
	return at
}

func short(names []string) []string {
	for i, name := range names {
		names[i] = shorten(name)
	}
	return names
}

// Pack writes the timeline as base64 of gzip of: the length of the head in four
// bytes (little-endian), the head as JSON, the columns one after another.
func (t *Timeline) Pack(w io.Writer) error {
	c := t.columns()
	all := []column{c.index, c.call, c.took, c.process, c.lane, c.kind, c.key, c.input.column, c.output.column, c.error}
	for _, one := range all {
		t.head.Columns = append(t.head.Columns, len(one))
	}
	t.head.Texts = t.texts.all
	head, err := json.Marshal(t.head)
	if err != nil {
		return fmt.Errorf("pack timeline: %w", err)
	}
	buffered := bufio.NewWriterSize(w, 64<<10)
	encoder := base64.NewEncoder(base64.StdEncoding, buffered)
	zip := gzip.NewWriter(encoder)
	parts := [][]byte{binary.LittleEndian.AppendUint32(nil, uint32(len(head))), head}
	for _, one := range all {
		parts = append(parts, one)
	}
	for _, part := range parts {
		// A writer that failed goes on failing, and Close says why.
		_, _ = io.Copy(zip, bytes.NewReader(part))
	}
	for _, close := range []func() error{zip.Close, encoder.Close, buffered.Flush} {
		if err := close(); err != nil {
			return fmt.Errorf("pack timeline: %w", err)
		}
	}
	return nil
}
