package docker

import "github.com/jepsen-lite/jepsen-lite/target/diskfault"

// Disk returns the disk under the server's data. It is nil before the first start,
// and where [Node.NoDisk] says why.
func (n *Node) Disk() *diskfault.Disk { return n.under.Disk() }

// NoDisk returns why the disk under the server's data cannot be harmed, or nil.
func (n *Node) NoDisk() error { return n.under.NoDisk() }
