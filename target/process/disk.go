package process

import (
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
)

// Disk returns the disk under the server's data. It is nil before the first start,
// and where [Node.NoDisk] says why.
func (n *Node) Disk() *diskfault.Disk {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.disk
}

// NoDisk returns why the disk under the server's data cannot be harmed, or nil.
func (n *Node) NoDisk() error {
	if !n.config.Disk {
		return fmt.Errorf("the disk of %s cannot be harmed: its target was made without", n.name)
	}
	return nil
}

// mount puts a disk under the data, if there is to be one. It wants n.mu held.
func (n *Node) mount() (err error) {
	if n.config.Disk && n.disk == nil {
		n.disk, err = diskfault.MountIn(n.dir)
	}
	return err
}

// unmount makes what is on the disk durable and takes the disk away. The server
// must be gone.
func (n *Node) unmount() error {
	disk := n.Disk()
	if disk == nil {
		return nil
	}
	disk.Heal()
	if err := disk.Unmount(); err != nil {
		return fmt.Errorf("close %s: %w", n.name, err)
	}
	return nil
}
