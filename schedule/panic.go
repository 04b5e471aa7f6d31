package schedule

import (
	"fmt"
	"runtime/debug"
)

// ClientPanic is the error of a schedule in which a client's code panicked, or
// ended its goroutine.
type ClientPanic struct {
	// Client is its number; the number after the last client is the one that reads
	// everything in the end.
	Client int
	// Value is what it panicked with; nil: it called runtime.Goexit, as FailNow of
	// a test does.
	Value any
	// Stack is where it was.
	Stack string
}

func (e *ClientPanic) Error() string {
	if e.Value == nil {
		return fmt.Sprintf("client c%d ended its goroutine, as t.FailNow does: return an error instead", e.Client)
	}
	return fmt.Sprintf("client c%d panicked: %v", e.Client, e.Value)
}

// catch is deferred by whoever performs a lane's operations.
func (l *lane) catch() {
	p := recover()
	if l.machine.broken == nil && (p != nil || !l.returned && !l.abandoned) {
		l.machine.broken = &ClientPanic{l.number, p, string(debug.Stack())}
	}
}
