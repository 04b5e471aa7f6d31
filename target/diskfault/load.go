package diskfault

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// load reads the backing folder as the volume's new tree.
func (v *volume) load() error {
	v.used, v.dirty, v.journal = 0, 0, nil
	v.nodes = map[uint64]*inode{}
	files := map[uint64]*inode{} // by the number they have in the backing folder
	root, err := v.loadFolder(".", rootID, files)
	if err != nil {
		return fmt.Errorf("read %s: %w", v.config.Backing, err)
	}
	root.parent, root.links = root, 1
	v.root = root
	return nil
}

func (v *volume) loadFolder(at string, id uint64, files map[uint64]*inode) (*inode, error) {
	info, err := v.backing.Stat(at)
	if err != nil {
		return nil, err
	}
	folder := v.newInode(id, true)
	takeAttrs(folder, info)
	entries, err := fs.ReadDir(v.backing.FS(), at)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		child, err := v.loadEntry(path.Join(at, entry.Name()), entry, files)
		if err != nil {
			return nil, err
		}
		child.links++
		folder.children[entry.Name()] = child
		child.addHome(name{folder, entry.Name()})
		if child.folder {
			child.parent = folder
		}
	}
	return folder, nil
}

func (v *volume) loadEntry(at string, entry fs.DirEntry, files map[uint64]*inode) (*inode, error) {
	if entry.IsDir() {
		return v.loadFolder(at, v.newID(), files)
	}
	if !entry.Type().IsRegular() {
		return nil, fmt.Errorf("%s is neither a file nor a folder", at)
	}
	info, err := entry.Info()
	if err != nil {
		return nil, err
	}
	if known := files[inodeNumber(info)]; known != nil {
		return known, nil // another name of it
	}
	file, err := v.backing.OpenFile(at, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrPermission) {
		file, err = v.openForbidden(at, info.Mode())
	}
	if err != nil {
		return nil, err
	}
	n := v.newInode(v.newID(), false)
	takeAttrs(n, info)
	n.content = content{base: file, durable: info.Size(), size: info.Size()}
	v.used += info.Size()
	files[inodeNumber(info)] = n
	return n, nil
}

// openForbidden opens a file of ours whose permission forbids it: who may use it
// through the mount is the kernel's business.
func (v *volume) openForbidden(at string, mode fs.FileMode) (*os.File, error) {
	if err := v.backing.Chmod(at, 0o600); err != nil {
		return nil, err
	}
	file, err := v.backing.OpenFile(at, os.O_RDWR, 0)
	return file, errors.Join(err, v.backing.Chmod(at, mode))
}
