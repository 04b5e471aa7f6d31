package process

import (
	"context"
	"path/filepath"

	"github.com/jepsen-lite/jepsen-lite/target"
)

var (
	_ target.Commander = (*Node)(nil)
	_ target.Storer    = (*Node)(nil)
)

// Command performs a command on the server.
func (n *Node) Command(ctx context.Context, args ...any) (any, error) {
	return target.Command(ctx, n.Addr(), args...)
}

// DataDir returns the folder of the server's data.
func (n *Node) DataDir() string { return filepath.Join(n.dir, "data") }
