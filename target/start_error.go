package target

import (
	"errors"
	"fmt"
	"strings"
)

// ErrClosed says that a target was closed, and its nodes cannot be started again.
var ErrClosed = errors.New("the target is closed")

// StartError tells why a server did not become ready. The server is gone.
type StartError struct {
	Node string
	Err  error
	// LogTail is what the server last wrote in this attempt, at most ten lines.
	LogTail []string
	// Dir is where to look further: the node's folder.
	Dir string
}

// Error returns one message of several lines, the last lines of the log in it.
func (e *StartError) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "start %s: %v\n", e.Node, e.Err)
	for _, line := range e.LogTail {
		fmt.Fprintf(&text, "    %s\n", line)
	}
	fmt.Fprintf(&text, "look into %s (redis.conf, redis.log, output.log)", e.Dir)
	return text.String()
}

// Unwrap returns the cause.
func (e *StartError) Unwrap() error { return e.Err }
