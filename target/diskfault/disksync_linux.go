package diskfault

import (
	"os"

	"golang.org/x/sys/unix"
)

// diskSync is fsync, or fdatasync.
func diskSync(file *os.File, dataOnly bool) error {
	if !dataOnly {
		return file.Sync()
	}
	conn, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var syncErr error
	if err := conn.Control(func(fd uintptr) { syncErr = unix.Fdatasync(int(fd)) }); err != nil {
		return err
	}
	return syncErr
}
