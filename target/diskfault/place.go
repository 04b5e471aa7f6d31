package diskfault

import (
	"os"
	"path/filepath"
)

// MountIn makes two folders in dir and mounts a disk as a Linux machine with ext4
// has it: data is where the server works, disk is what is durable. data must be
// empty if it is there already.
func MountIn(dir string) (*Disk, error) {
	c := Config{
		Backing: filepath.Join(dir, "disk"), Point: filepath.Join(dir, "data"),
		CommitAfter: Ext4Commit, WritebackAfter: DirtyExpire,
	}
	for _, folder := range []string{c.Backing, c.Point} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return nil, err
		}
	}
	return Mount(c)
}
