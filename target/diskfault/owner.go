package diskfault

import (
	"strings"

	"github.com/jepsen-lite/jepsen-lite/target/owner"
)

// fsType and fsSubtype are how mountinfo(5) shows our mounts' type.
const (
	fsSubtype = "jepsen-lite"
	fsType    = "fuse." + fsSubtype
)

// source is what our mounts have in place of a device: it names this process, so
// that others can tell whose they are.
func source() string { return fsSubtype + ":" + owner.Self() }

// ownerOf returns the process that a source names, as package owner has it.
func ownerOf(source string) (name string, ours bool) {
	return strings.CutPrefix(source, fsSubtype+":")
}
