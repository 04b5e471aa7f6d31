package diskfault

import (
	"io"
	"os"
	"slices"
	"time"
)

const (
	// pageBytes is the unit in which Linux writes data back.
	pageBytes = 4096
	// runBytes bounds an edit that grows by writes that follow each other.
	runBytes = 1 << 20
	// flushBytes is how much is flushed in one step, while others wait.
	flushBytes = 4 << 20
)

// content is what a file holds: durable bytes in a backing file, and over them
// what was written since, in the order in which it was. It is not safe for
// concurrent use.
type content struct {
	base    *os.File // nil: not in the backing folder
	durable int64    // length of base; without base, the one it will have
	cuts    []int64  // lengths set since, not durable yet, oldest first
	edits   []edit   // oldest first
	size    int64
	dirty   int64  // bytes in edits that are not lost
	last    uint64 // number of the newest edit
	sealed  uint64 // edits up to here do not grow any more
	promise uint64 // edits up to here become durable once there is a base
}

// edit is one write, or several that followed each other.
type edit struct {
	number uint64
	off    int64
	data   []byte
	since  time.Time
	lost   bool // Linux believes it clean, but it never reached the disk
}

func (e *edit) end() int64 { return e.off + int64(len(e.data)) }

// read fills p from the offset, and returns how much there was. A backing file
// that ends early reads as zeros.
func (c *content) read(p []byte, off int64) (int, error) {
	p = p[:max(0, min(int64(len(p)), c.size-off))]
	clear(p)
	if visible := min(int64(len(p)), c.visible()-off); visible > 0 && c.base != nil {
		if _, err := c.base.ReadAt(p[:visible], off); err != nil && err != io.EOF {
			return 0, err
		}
	}
	for i := range c.edits {
		e := &c.edits[i]
		from, to := max(off, e.off), min(off+int64(len(p)), e.end())
		if from < to {
			copy(p[from-off:to-off], e.data[from-e.off:])
		}
	}
	return len(p), nil
}

// visible is how much of the backing file no truncation has hidden.
func (c *content) visible() int64 {
	if len(c.cuts) == 0 {
		return c.durable
	}
	return min(c.durable, slices.Min(c.cuts))
}

// write stores a copy of the data.
func (c *content) write(off int64, data []byte, now time.Time) error {
	if slices.ContainsFunc(c.edits, func(e edit) bool { return e.lost }) {
		var err error
		if off, data, err = c.redirty(off, data); err != nil {
			return err
		}
	}
	c.dirty += int64(len(data))
	c.size = max(c.size, off+int64(len(data)))
	if n := len(c.edits); n > 0 {
		e := &c.edits[n-1]
		if e.number > c.sealed && !e.lost && e.end() == off && len(e.data)+len(data) <= runBytes {
			e.data = append(e.data, data...)
			return nil
		}
	}
	c.last++
	c.edits = append(c.edits, edit{number: c.last, off: off, data: slices.Clone(data), since: now})
	return nil
}

// redirty widens a write to whole pages: with one byte of a page, all of it
// becomes dirty, also what a failed fsync had lost.
func (c *content) redirty(off int64, data []byte) (int64, []byte, error) {
	end := off + int64(len(data))
	from := off / pageBytes * pageBytes
	to := max(end, min(c.size, (end+pageBytes-1)/pageBytes*pageBytes))
	pages := make([]byte, to-from)
	if _, err := c.read(pages, from); err != nil {
		return 0, nil, err
	}
	copy(pages[off-from:], data)
	var rest []edit
	for _, e := range c.edits {
		if !e.lost || e.end() <= from || to <= e.off {
			rest = append(rest, e)
			continue
		}
		if e.off < from {
			before := e
			before.data = e.data[:from-e.off]
			rest = append(rest, before)
		}
		if to < e.end() {
			after := e
			after.off, after.data = to, e.data[to-e.off:]
			rest = append(rest, after)
		}
	}
	c.edits = rest
	return from, pages, nil
}

// resize sets the length. What was written beyond it is gone for good, as Linux
// drops it from the page cache.
func (c *content) resize(size int64) {
	for i := range c.edits {
		e := &c.edits[i]
		if keep := max(0, size-e.off); keep < int64(len(e.data)) {
			if !e.lost {
				c.dirty -= int64(len(e.data)) - keep
			}
			e.data = e.data[:keep:keep]
		}
	}
	c.edits = slices.DeleteFunc(c.edits, func(e edit) bool { return len(e.data) == 0 })
	c.cuts = append(c.cuts, size)
	c.size = size
}

// cut makes the oldest resize durable.
func (c *content) cut() error {
	if c.base != nil {
		if err := c.base.Truncate(c.cuts[0]); err != nil {
			return err
		}
	}
	c.durable = c.cuts[0]
	c.cuts = c.cuts[1:]
	return nil
}

// seal returns the number of the newest edit, which nothing changes any more.
func (c *content) seal() uint64 {
	c.sealed = c.last
	return c.last
}

// grows tells whether edits up to the number lie beyond the durable length.
func (c *content) grows(upTo uint64) bool {
	return slices.ContainsFunc(c.edits, func(e edit) bool {
		return !e.lost && e.number <= upTo && e.end() > c.durable
	})
}

// flush makes edits up to the number durable, or promises it if there is no
// backing file, until that many bytes are written. It returns how many were, and
// whether some are left.
func (c *content) flush(upTo uint64, budget int64) (written int64, more bool, err error) {
	if c.base == nil {
		c.promise = max(c.promise, upTo)
		return 0, false, nil
	}
	rest := c.edits[:0]
	for i, e := range c.edits {
		if e.lost || e.number > upTo {
			rest = append(rest, e)
			continue
		}
		if err == nil && written < budget {
			if _, err = c.base.WriteAt(e.data, e.off); err == nil {
				written += int64(len(e.data))
				c.durable = max(c.durable, e.end())
				continue
			}
		}
		more = true
		rest = append(rest, c.edits[i])
	}
	clear(c.edits[len(rest):])
	c.edits = rest
	c.dirty -= written
	return written, more, err
}

// lose turns edits up to the number into what Linux leaves after a failed
// writeback: clean pages that were never written.
func (c *content) lose(upTo uint64) (bytes int64) {
	for i := range c.edits {
		e := &c.edits[i]
		if !e.lost && e.number <= upTo && e.number > c.promise {
			e.lost = true
			bytes += int64(len(e.data))
		}
	}
	c.dirty -= bytes
	return bytes
}

// attach gives the content its backing file, with what was promised in it.
func (c *content) attach(base *os.File) error {
	c.base = base
	if c.durable > 0 {
		if err := base.Truncate(c.durable); err != nil {
			return err
		}
	}
	for more := true; more; {
		var err error
		if _, more, err = c.flush(c.promise, flushBytes); err != nil {
			return err
		}
	}
	return nil
}

// oldest returns when the oldest edit that is not lost was made.
func (c *content) oldest() (since time.Time, ok bool) {
	for _, e := range c.edits {
		if !e.lost {
			return e.since, true
		}
	}
	return time.Time{}, false
}

// drop forgets everything.
func (c *content) drop() {
	if c.base != nil {
		_ = c.base.Close()
	}
	*c = content{}
}
