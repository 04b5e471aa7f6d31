//go:build !linux

package diskfault

import "os"

// diskSync is fsync.
func diskSync(file *os.File, _ bool) error { return file.Sync() }
