package diskfault

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hanwen/go-fuse/v2/fuse"
	"golang.org/x/sys/unix"
)

const (
	// mountLimit bounds the wait for the kernel to answer a mount.
	mountLimit = 10 * time.Second
	// devFuse is the kernel's device.
	devFuse = "/dev/fuse"
	// maxWrite is the longest write that the kernel passes on whole.
	maxWrite = 1 << 20
	// capSysAdmin is the capability that mount(2) needs (capabilities(7)).
	capSysAdmin = 21
)

// Mount puts the file system on Config.Point and returns when it can be used. The
// caller must Unmount it.
func Mount(config Config) (*Disk, error) {
	config, err := config.checked()
	if err != nil {
		return nil, fmt.Errorf("mount a disk with faults: %w", err)
	}
	d, err := mount(config)
	if err != nil {
		return nil, fmt.Errorf("mount a disk with faults on %s: %w", config.Point, err)
	}
	return d, nil
}

func mount(config Config) (*Disk, error) {
	if err := canMount(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(config.Point)
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 {
		return nil, fmt.Errorf("%s is in it: give an empty folder", entries[0].Name())
	}
	v, err := newVolume(config)
	if err != nil {
		return nil, err
	}
	server, err := attach(newFileSystem(v), config.Point)
	if err != nil {
		return nil, errors.Join(err, v.shutdown())
	}
	d := newDisk(v)
	served := make(chan struct{})
	go func() { // ends when the kernel has let go of the mount
		defer close(served)
		server.Serve()
	}()
	d.unmount = sync.OnceValue(func() error { return d.shutdown(served) })
	if err := primePoll(config.Point); err != nil {
		return nil, errors.Join(err, d.Unmount())
	}
	return d, nil
}

// attach mounts a file system of this process and answers the kernel's first
// request: by mount(2) where that is allowed, else by fusermount3.
//
// Why no cache of the kernel's: it would hold what a power loss has taken. Names
// and attributes are asked for each time, and direct_io (see Open) passes every
// read and write on.
func attach(files fuse.RawFileSystem, point string) (*fuse.Server, error) {
	options := &fuse.MountOptions{
		FsName:             source(),
		Name:               fsSubtype,
		MaxWrite:           maxWrite,
		DisableXAttrs:      true,
		DisableReadDirPlus: true,
		Options:            []string{"default_permissions"},
		Logger:             log.New(io.Discard, "", 0),
	}
	if !hasCapability(capSysAdmin) {
		return fuse.NewServer(files, point, options)
	}
	device, err := mountDirectly(point)
	if err != nil {
		return nil, err
	}
	server, err := fuse.NewServer(files, fmt.Sprintf("/dev/fd/%d", device), options)
	if err != nil {
		_ = unix.Close(device)
		return nil, errors.Join(err, detachLazily(point))
	}
	return server, nil
}

// mountDirectly mounts by mount(2) (Linux, fs/fuse/inode.c, fuse_fs_parameters)
// and returns the open device.
//
// Why not by the library: its device would be inherited by the servers that this
// process starts, and then outlive it: they would wait for ever for a dead mount.
func mountDirectly(point string) (device int, err error) {
	device, err = unix.Open(devFuse, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, fmt.Errorf("open %s: %w", devFuse, err)
	}
	// allow_other: servers may run as another user.
	options := fmt.Sprintf("fd=%d,rootmode=%o,user_id=%d,group_id=%d,max_read=%d,default_permissions,allow_other",
		device, unix.S_IFDIR, os.Geteuid(), os.Getegid(), maxWrite)
	if err := unix.Mount(source(), point, fsType, unix.MS_NOSUID|unix.MS_NODEV, options); err != nil {
		_ = unix.Close(device)
		return 0, fmt.Errorf("mount: %w", err)
	}
	return device, nil
}

// primePoll makes the kernel learn that there is nothing to poll here.
//
// Why: the Go runtime polls files that it opens, without telling its scheduler
// that this takes time. If a program that opens files of its own mount has no
// other thread to run, nobody would answer. The library knows the name.
func primePoll(point string) error {
	fd, err := unix.Open(filepath.Join(point, ".go-fuse-epoll-hack"), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("use the mount: %w", err)
	}
	defer unix.Close(fd)
	_, err = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(mountLimit.Milliseconds()))
	if err != nil && err != unix.EINTR {
		return fmt.Errorf("use the mount: %w", err)
	}
	return nil
}

// hasCapability tells whether this process has the capability in effect.
func hasCapability(number int) bool {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(text)) {
		if mask, ok := strings.CutPrefix(line, "CapEff:"); ok {
			bits, err := strconv.ParseUint(strings.TrimSpace(mask), 16, 64)
			return err == nil && bits&(1<<number) != 0
		}
	}
	return false
}
