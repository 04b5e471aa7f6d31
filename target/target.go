package target

import "context"

// Target is a system under test. Its methods are not safe for concurrent use;
// those of its nodes are.
type Target interface {
	// Start brings up every node and returns when all of them are ready.
	Start(ctx context.Context) error
	// Nodes returns the servers, always the same ones in the same order.
	Nodes() []Node
	// Close ends every server and waits until it is gone. It keeps the servers'
	// files. Closing twice does nothing.
	Close() error
}

// Node is one server.
type Node interface {
	// Name is short and stable: n1, n2, …
	Name() string
	// Addr is the host:port that clients connect to. It stays the same over
	// restarts.
	Addr() string
	// Start starts the server on its old data and returns when it is ready. It
	// reports false if the server was already running.
	Start(ctx context.Context) (started bool, err error)
	// Running tells whether the server's process exists, paused or not.
	Running() bool
}

// Killer is a node that can lose its process without warning.
type Killer interface {
	// Kill ends the server with SIGKILL and waits until it is gone. It reports
	// false if the server was not running.
	Kill(ctx context.Context) (killed bool, err error)
}

// Pauser is a node that can be frozen.
type Pauser interface {
	// Pause stops the server's execution and waits until it stands still. It
	// reports false if the server was not running or already paused.
	Pause(ctx context.Context) (paused bool, err error)
	// Resume lets a paused server go on. It reports false if it was not paused.
	Resume(ctx context.Context) (resumed bool, err error)
}

// Stopper is a node that can be asked to shut down properly.
type Stopper interface {
	// Stop asks the server to save what its configuration says and exit, and
	// waits until it is gone. It reports false if the server was not running.
	Stop(ctx context.Context) (stopped bool, err error)
}

// Pider is a node whose server is a process on this machine.
type Pider interface {
	// PID returns the process id, or 0 while the server is down.
	PID() int
}
