package target

// Storer is a node whose data are files on this machine.
type Storer interface {
	// DataDir returns the folder that the server keeps its data in, and nothing
	// else. While the server is down nobody else writes there. Empty: it is not
	// within reach.
	DataDir() string
}
