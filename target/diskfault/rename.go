package diskfault

import "syscall"

// rename moves a name, over another one unless noReplace.
func (v *volume) rename(fromFolder uint64, from string, toFolder uint64, to string, noReplace bool) syscall.Errno {
	v.mu.Lock()
	defer v.mu.Unlock()
	source, n, errno := v.child(fromFolder, from)
	if errno != 0 {
		return errno
	}
	target, errno := v.folderToChange(toFolder, to)
	if errno != 0 {
		return errno
	}
	replaced := target.children[to]
	if errno := mayReplace(n, target, replaced, noReplace); errno != 0 || replaced == n {
		return errno
	}
	v.noteRename(n, name{source, from}, name{target, to}, replaced)
	delete(source.children, from)
	target.children[to] = n
	if n.folder {
		n.parent = target
	}
	touch(source, target)
	if replaced != nil {
		replaced.links--
		v.release(replaced)
	}
	return 0
}

// mayReplace checks what rename(2) says of the two inodes.
func mayReplace(n, target, replaced *inode, noReplace bool) syscall.Errno {
	for above := target; n.folder; above = above.parent {
		if above == n {
			return syscall.EINVAL
		}
		if above.id == rootID {
			break
		}
	}
	switch {
	case target.links == 0:
		return syscall.ENOENT
	case replaced == nil:
		return 0
	case noReplace:
		return syscall.EEXIST
	case n.folder && !replaced.folder:
		return syscall.ENOTDIR
	case !n.folder && replaced.folder:
		return syscall.EISDIR
	case n.folder && len(replaced.children) > 0:
		return syscall.ENOTEMPTY
	}
	return 0
}

// noteRename adds a rename to the journal: as one change, or in strict mode, if
// it concerns two folders, as one change of each.
func (v *volume) noteRename(n *inode, from, to name, replaced *inode) {
	if v.config.Strict && from.folder != to.folder {
		v.note(record{kind: add, node: n, at: to})
		v.note(record{kind: remove, node: n, at: from})
		return
	}
	if replaced != nil {
		v.writeBack(n)
	}
	v.note(record{kind: rename, node: n, at: to, from: from})
}

// writeBack lets what a file holds now become durable with the next commit.
//
// Why: ext4 (auto_da_alloc, ext4(5)) starts to write the data of a file that
// replaces another by rename, or that is closed after it was truncated to
// nothing, and with data=ordered the commit waits for them: so that programs
// which forget the fsync do not find an empty file.
func (v *volume) writeBack(n *inode) {
	if !v.config.Strict && !n.folder && n.content.dirty > 0 {
		v.note(record{kind: flush, node: n, upTo: n.content.seal()})
	}
}
