package diskfault

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/jepsen-lite/jepsen-lite/target/scratch"
)

// fusermount is the program that mounts for those who are not root.
const fusermount = "fusermount3"

// Available returns nil if a disk can be mounted here, which it tries, or why not
// and the next thing to try.
func Available() error {
	if err := tryMount(); err != nil {
		return fmt.Errorf("disk faults are not available: %w", err)
	}
	return nil
}

// canMount returns what is known to be missing, without trying.
func canMount() error {
	file, err := os.OpenFile(devFuse, os.O_RDWR, 0)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%w: load the kernel's module (modprobe fuse), or give the container the device (docker run --device /dev/fuse --cap-add SYS_ADMIN)", err)
	case errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENXIO):
		return fmt.Errorf("%w: this kernel has no FUSE: try modprobe fuse", err)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("%w: become a member of the group that owns it, or run as root", err)
	case err != nil:
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if hasCapability(capSysAdmin) {
		return nil
	}
	if _, err := exec.LookPath(fusermount); err != nil {
		return fmt.Errorf("%w: install the package fuse3 (scripts/ensure-fuse.sh), or run as root; in a container, with --cap-add SYS_ADMIN", err)
	}
	return nil
}

// tryMount mounts a disk and unmounts it again.
func tryMount() error {
	if err := canMount(); err != nil {
		return err
	}
	dir, err := scratch.Make("")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	config := Config{Backing: filepath.Join(dir, "backing"), Point: filepath.Join(dir, "point")}
	if err := errors.Join(os.Mkdir(config.Backing, 0o700), os.Mkdir(config.Point, 0o700)); err != nil {
		return err
	}
	d, err := Mount(config)
	if err != nil {
		return fmt.Errorf("%w: a container's security profile may forbid it (docker run --security-opt apparmor=unconfined)", err)
	}
	return d.Unmount()
}
