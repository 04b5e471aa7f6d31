package target

import "context"

// Local is how a server is reached that listens on this machine and keeps its
// files here. A node that embeds it is a [Commander] and a [Storer].
type Local struct {
	addr func() string
	dir  string
}

var (
	_ Commander = Local{}
	_ Storer    = Local{}
)

// Locally returns how a server is reached that listens where addr says, and keeps
// its data, and nothing else, in the folder dir.
func Locally(addr func() string, dir string) Local { return Local{addr, dir} }

// Command performs a command on the server.
func (l Local) Command(ctx context.Context, args ...any) (any, error) {
	return Command(ctx, l.addr(), args...)
}

// DataDir returns the folder of the server's data.
func (l Local) DataDir() string { return l.dir }
