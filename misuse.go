package jepsenlite

import (
	"context"
	"fmt"
	"sync"

	"github.com/jepsen-lite/jepsen-lite/schedule"
)

// misuse is what is wrong with a spec and shows only while it is performed. Such
// a thing must not pass for an operation that was refused.
type misuse struct {
	end context.CancelFunc // nobody needs to search on; may be nil

	mu  sync.Mutex
	err error
}

// say takes the first thing that is wrong.
func (m *misuse) say(format string, args ...any) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err == nil {
		m.err = fmt.Errorf(format, args...)
	}
	if m.end != nil {
		m.end()
	}
	return m.err
}

// or returns what is wrong, else the error.
func (m *misuse) or(err error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	return err
}

// explain returns an error for whoever reads the test's output: of a panic, where
// it was.
func explain(err error) string {
	if p, ok := err.(*schedule.ClientPanic); ok {
		return fmt.Sprintf("%v\n%s", p, p.Stack)
	}
	return err.Error()
}
