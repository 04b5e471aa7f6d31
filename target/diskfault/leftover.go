package diskfault

// Leftover is a mount of ours whose owner has ended, so that everything in it
// fails with ENOTCONN.
type Leftover struct {
	// Point is where it is mounted.
	Point string
	// Owner is the process that had mounted it, as package owner names it.
	Owner string
}
