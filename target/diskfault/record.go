package diskfault

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// A record is a change that is not durable yet, other than of a file's bytes.
type record struct {
	kind   kind
	number uint64
	since  time.Time
	node   *inode // what is changed
	at     name   // add, remove: the name; rename: the new one
	from   name   // rename
	upTo   uint64 // flush
}

type kind int

const (
	add    kind = iota // the node has that name
	remove             // the name is no longer there
	rename             // the node has that name instead of the other one
	resize             // the file's oldest cut
	flush              // the file's edits up to a number
	attrs              // permission, owner, time
)

// core tells whether a file's data cannot be read right without the record, so
// that fdatasync waits for it.
func (r record) core() bool { return r.kind == add || r.kind == resize || r.kind == flush }

// apply makes a record durable. In a folder that is not durable itself it waits
// for the folder.
func (v *volume) apply(r record) error {
	if folder := r.at.folder; folder != nil && !folder.settled() {
		folder.waiting = append(folder.waiting, r)
		return nil
	}
	var err error
	switch r.kind {
	case add:
		err = v.applyAdd(r)
	case remove:
		err = v.applyRemove(r.at, r.node)
	case rename:
		err = v.applyRename(r)
	case resize:
		err = r.node.content.cut()
	case flush:
		err = v.flushAll(r.node, r.upTo)
	case attrs:
		err = v.applyAttrs(r.node)
	}
	if err != nil {
		return fmt.Errorf("make a change durable: %w", err)
	}
	r.node.pending--
	if r.core() {
		r.node.core--
	}
	v.release(r.node)
	return nil
}

// applyAdd gives the node a durable name.
func (v *volume) applyAdd(r record) error {
	if replaced := r.at.folder.kept[r.at.base]; replaced != nil && replaced != r.node {
		if err := v.applyRemove(r.at, replaced); err != nil {
			return err
		}
	}
	to := r.at.path()
	switch {
	case r.at.folder.kept[r.at.base] == r.node:
		return nil
	case len(r.node.homes) > 0 && r.node.folder: // a folder is in one place
		old := r.node.homes[0]
		if err := v.backing.Rename(old.path(), to); err != nil {
			return err
		}
		r.node.forgetHome(old)
		r.node.addHome(r.at)
		return nil
	case len(r.node.homes) > 0:
		if err := v.backing.Link(r.node.home(), to); err != nil {
			return err
		}
		r.node.addHome(r.at)
		return nil
	case r.node.folder:
		return v.settleFolder(r.node, r.at)
	default:
		return v.settleFile(r.node, r.at)
	}
}

// settleFolder makes a folder in the backing folder, with the names in it that
// were waiting for that.
func (v *volume) settleFolder(n *inode, at name) error {
	if err := v.backing.Mkdir(at.path(), 0o700); err != nil {
		return err
	}
	n.addHome(at)
	if err := v.applyAttrs(n); err != nil {
		return err
	}
	waiting := n.waiting
	n.waiting = nil
	for _, r := range waiting {
		if err := v.apply(r); err != nil {
			return err
		}
	}
	return nil
}

// settleFile makes a file in the backing folder, with what was synced of it.
func (v *volume) settleFile(n *inode, at name) error {
	file, err := v.backing.OpenFile(at.path(), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	n.addHome(at)
	old := n.content.base
	switch {
	case old == nil:
		err = n.content.attach(file)
	default: // it had a name, lost it, and has one again
		if _, err = io.Copy(file, io.NewSectionReader(old, 0, n.content.durable)); err == nil {
			n.content.base = file
			err = old.Close()
		}
	}
	return errors.Join(err, v.applyAttrs(n))
}

// applyRemove removes a durable name, if it is still the node's.
func (v *volume) applyRemove(at name, n *inode) error {
	if at.folder.kept[at.base] != n {
		return nil
	}
	if err := v.backing.RemoveAll(at.path()); err != nil {
		return err
	}
	n.leaveHome(at)
	return nil
}

func (v *volume) applyRename(r record) error {
	if replaced := r.at.folder.kept[r.at.base]; replaced != nil && replaced != r.node {
		if replaced.folder {
			if err := v.backing.Remove(r.at.path()); err != nil {
				return err
			}
		}
		replaced.leaveHome(r.at)
	}
	if r.from.folder.kept[r.from.base] != r.node {
		return nil // a folder that is durable elsewhere already
	}
	if err := v.backing.Rename(r.from.path(), r.at.path()); err != nil {
		return err
	}
	r.node.forgetHome(r.from)
	r.node.addHome(r.at)
	return nil
}

// applyAttrs copies the attributes to the backing folder. An inode without a
// durable name gets them with its first one.
func (v *volume) applyAttrs(n *inode) error {
	if !n.settled() {
		return nil
	}
	at := n.home()
	var err error
	if os.Geteuid() == 0 {
		err = v.backing.Chown(at, int(n.uid), int(n.gid)) // takes away setuid
	}
	return errors.Join(err, v.backing.Chmod(at, n.fileMode()), v.backing.Chtimes(at, time.Time{}, n.mtime))
}

// flushAll makes a file's edits up to the number durable, in one step.
func (v *volume) flushAll(n *inode, upTo uint64) error {
	for {
		_, more, err := v.flushSome(n, upTo)
		if err != nil || !more {
			return err
		}
	}
}

// flushSome makes some of a file's edits up to the number durable.
func (v *volume) flushSome(n *inode, upTo uint64) (written int64, more bool, err error) {
	before := n.content.dirty
	written, more, err = n.content.flush(upTo, flushBytes)
	v.dirty += n.content.dirty - before
	v.stats.BytesSynced += written
	return written, more, err
}
