//go:build !linux

package diskfault

import "errors"

var errNotLinux = errors.New("mount a disk with faults: only Linux can: run on Linux, or use faults that need no disk of ours (kill, pause)")

// Mount returns an error: only Linux can.
func Mount(Config) (*Disk, error) { return nil, errNotLinux }

// Available returns an error: only Linux can.
func Available() error { return errNotLinux }

// Leftovers returns none: only Linux can mount.
func Leftovers() ([]Leftover, error) { return nil, nil }

// Clean does nothing: only Linux can mount.
func Clean() ([]Leftover, error) { return nil, nil }
