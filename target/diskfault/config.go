package diskfault

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// What a Linux machine with ext4 does by itself, for [Config].
const (
	// Ext4Commit is ext4's commit interval (ext4(5), commit=).
	Ext4Commit = 5 * time.Second
	// DirtyExpire is the age at which Linux writes data back
	// (vm.dirty_expire_centisecs, Documentation/admin-guide/sysctl/vm.rst).
	DirtyExpire = 30 * time.Second
)

// defaultDirtyBytes is what Config.MaxDirtyBytes means by zero.
const defaultDirtyBytes = 512 << 20

// Config says what to mount and what is durable when.
type Config struct {
	// Backing is a folder of regular files and folders: the durable state. Nothing
	// else may change it while it is mounted.
	Backing string
	// Point is an empty folder outside Backing, on which the file system appears.
	Point string
	// Strict keeps only what POSIX promises: a name is durable once its folder was
	// synced. False: as ext4 with data=ordered, where names become durable in the
	// order in which they changed. The package's documentation says it precisely.
	Strict bool
	// CommitAfter is the age at which changes of names become durable by
	// themselves, as with Ext4Commit. Zero: never.
	CommitAfter time.Duration
	// WritebackAfter is the age at which written data become durable by
	// themselves, as with DirtyExpire. Zero: never.
	WritebackAfter time.Duration
	// MaxDirtyBytes bounds the data that are held in memory to become durable: a
	// write beyond it first makes everything durable, as Linux writes back when
	// too much is dirty, and Stats.ForcedBytes counts it. Zero: 512 MiB.
	MaxDirtyBytes int64
	// SkipDiskSync leaves out the fsync of the disk under Backing. A power loss
	// of ours is the same without it; the time that an fsync takes is not.
	SkipDiskSync bool
}

// checked returns the configuration with real paths and defaults filled in.
func (c Config) checked() (Config, error) {
	if c.Backing == "" || c.Point == "" {
		return c, errors.New("set Config.Backing and Config.Point")
	}
	if c.CommitAfter < 0 || c.WritebackAfter < 0 || c.MaxDirtyBytes < 0 {
		return c, errors.New("a time or size of the configuration is negative")
	}
	for _, path := range []*string{&c.Backing, &c.Point} {
		real, err := realFolder(*path)
		if err != nil {
			return c, err
		}
		*path = real
	}
	if within(c.Backing, c.Point) || within(c.Point, c.Backing) {
		return c, fmt.Errorf("%s and %s: one lies within the other", c.Backing, c.Point)
	}
	if c.MaxDirtyBytes == 0 {
		c.MaxDirtyBytes = defaultDirtyBytes
	}
	return c, nil
}

func realFolder(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder", path)
	}
	return path, err
}

// within tells whether the path is the folder or lies in it.
func within(folder, path string) bool {
	rest, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rest)
}
