package diskfault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// unmountLimit bounds the wait for the kernel to let go of a mount.
const unmountLimit = 10 * time.Second

// shutdown makes everything durable and removes the mount, and ends what newDisk
// and mount have started.
func (d *Disk) shutdown(served <-chan struct{}) error {
	close(d.stop)
	d.aging.Wait()
	err := d.volume.shutdown()
	number := connection(d.point)
	err = errors.Join(err, detach(d.point))
	abort(number)
	timer := time.NewTimer(unmountLimit)
	defer timer.Stop()
	select {
	case <-served:
	case <-timer.C:
		err = errors.Join(err, errors.New("files in it are still open: end the programs that hold them"))
	}
	if err != nil {
		return fmt.Errorf("unmount %s: %w", d.point, err)
	}
	return nil
}

// detach removes a mount of ours, whether or not files in it are open. Those fail
// from then on.
func detach(point string) error {
	if !hasCapability(capSysAdmin) {
		return detachLazily(point)
	}
	if unix.Unmount(point, 0) == nil {
		return nil
	}
	// For FUSE, MNT_FORCE ends the connection, so that open files fail, even if
	// the mount stays (Linux, fs/fuse/inode.c, fuse_umount_begin).
	_ = unix.Unmount(point, unix.MNT_FORCE)
	return detachLazily(point)
}

// detachLazily removes a mount from the tree at once; the kernel ends it when its
// last file is closed.
func detachLazily(point string) error {
	if hasCapability(capSysAdmin) {
		err := unix.Unmount(point, unix.MNT_DETACH|unix.UMOUNT_NOFOLLOW)
		if errors.Is(err, unix.EINVAL) {
			return nil // not mounted any more
		}
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), unmountLimit)
	defer cancel()
	output, err := exec.CommandContext(ctx, fusermount, "-u", "-z", point).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", fusermount, err, strings.TrimSpace(string(output)))
	}
	return nil
}

// connection returns the number under which the kernel lists a mount's connection
// (Linux, Documentation/filesystems/fuse.rst), or "".
func connection(point string) string {
	var info unix.Stat_t
	if err := unix.Stat(filepath.Dir(point), &info); err != nil {
		return ""
	}
	parent := info.Dev
	if err := unix.Stat(point, &info); err != nil || info.Dev == parent {
		return ""
	}
	return fmt.Sprint(unix.Minor(info.Dev))
}

// abort ends a connection of the kernel's, if files in it are still open. Where
// that cannot be done they are served until they are closed, with errors.
func abort(number string) {
	if number != "" {
		_ = os.WriteFile(filepath.Join("/sys/fs/fuse/connections", number, "abort"), []byte("1"), 0)
	}
}
