//go:build !linux

package process

import "syscall"

// dieWithParent does nothing: only Linux tells a child of its parent's death.
// The guard is what is left.
func dieWithParent(*syscall.SysProcAttr) {}
