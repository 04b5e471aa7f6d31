package docker

import (
	"fmt"
	"os"

	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
)

// Disk returns the disk under the server's data. It is nil before the first start,
// and where [Node.NoDisk] says why.
func (n *Node) Disk() *diskfault.Disk { return n.under.Disk() }

// NoDisk returns why the disk under the server's data cannot be harmed, or nil.
func (n *Node) NoDisk() error { return n.under.NoDisk() }

// checkDisk returns an error unless the server is known to have its data on the node's
// disk, if there is one.
//
// Why: an engine that does not see this machine's mounts, as one in a mount namespace
// of its own, gives the container the plain folder below. Faults would harm a disk
// that nobody writes to, and a run would prove nothing.
func (n *Node) checkDisk(l *life) error {
	if n.under.Disk() == nil {
		return nil
	}
	const advice = "leave the disk's faults out, or use --target process"
	if l.pid == 0 {
		return fmt.Errorf("whether its data lie on the disk that faults harm cannot be told, as the engine's processes are not on this machine: %s", advice)
	}
	mounts, err := os.ReadFile(fmt.Sprintf("/proc/%d/mountinfo", l.pid))
	if err != nil {
		return fmt.Errorf("look for its disk: %w", err)
	}
	sees, err := diskfault.IsMounted(string(mounts), n.inside("data"))
	if err != nil {
		return fmt.Errorf("look for its disk: %w", err)
	}
	if !sees {
		return fmt.Errorf("its data do not lie on the disk that faults harm, as the engine does not see what is mounted on this machine: %s", advice)
	}
	return nil
}
