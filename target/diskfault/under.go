package diskfault

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// Under is the disk under the data of one server, if there is to be one. Its methods
// are safe for concurrent use.
type Under struct {
	node, dir string
	isWanted  bool

	mu   sync.Mutex
	disk *Disk
}

// NewUnder returns what Mount mounts: a disk as a Linux machine with ext4 has it, on
// dir/data, with its durable state in dir/disk. If it is not wanted, Mount mounts
// nothing.
func NewUnder(node, dir string, isWanted bool) *Under {
	return &Under{node: node, dir: dir, isWanted: isWanted}
}

// Disk is nil before Mount, and where NoDisk says why.
func (u *Under) Disk() *Disk {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.disk
}

// NoDisk returns why the disk cannot be harmed, or nil.
func (u *Under) NoDisk() error {
	if !u.isWanted {
		return fmt.Errorf("the disk of %s cannot be harmed: its target was made without", u.node)
	}
	return nil
}

// Mount puts the disk there, once. dir/data must be empty if it is there already.
func (u *Under) Mount() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.isWanted || u.disk != nil {
		return nil
	}
	c := Config{
		Backing: filepath.Join(u.dir, "disk"), Point: filepath.Join(u.dir, "data"),
		CommitAfter: Ext4Commit, WritebackAfter: DirtyExpire,
	}
	for _, folder := range []string{c.Backing, c.Point} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	disk, err := Mount(c)
	u.disk = disk
	return err
}

// Unmount makes what is on the disk durable and takes it away. The server must be
// gone.
func (u *Under) Unmount() error {
	disk := u.Disk()
	if disk == nil {
		return nil
	}
	disk.Heal()
	if err := disk.Unmount(); err != nil {
		return fmt.Errorf("close %s: %w", u.node, err)
	}
	return nil
}
