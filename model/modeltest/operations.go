package modeltest

// operations returns the names of what the histories of a model do. A name that
// stands there twice is drawn as often.
func operations(kind string) []string {
	switch kind {
	case "register":
		return []string{"read", "write"}
	case "cas-register":
		return []string{"read", "write", "cas"}
	case "counter":
		return []string{"read", "add", "add-and-get"}
	case "bounded-counter":
		return []string{"read", "take", "put"}
	case "lease":
		return []string{"acquire", "release", "renew"}
	case "mutex", "owner-mutex", "reentrant-lease", "reentrant-mutex", "fenced-mutex", "reentrant-fenced-mutex":
		return []string{"acquire", "release"}
	case "fifo-queue", "unordered-queue":
		return []string{"enqueue", "dequeue"}
	case "set":
		return []string{"read", "add"}
	case "log":
		return []string{"read", "append"}
	case "kv":
		return []string{"get", "get", "put", "append", "append"}
	case "multi-register":
		return []string{"txn"}
	}
	panic("no operations for the model " + kind)
}
