package workloads

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Recorder takes the events of operations. A *history.Recorder and a
// *history.Tape are recorders.
type Recorder interface {
	Invoke(p history.Process, f, key string, v history.Value, final bool) error
	Complete(p history.Process, t history.Type, f, key string, v history.Value, reason string) error
}

// Worker is a client at work: it performs operations one after another, by one
// process until an outcome is unknown, then by the next, with a connection of its
// own. It is used by one goroutine.
type Worker struct {
	recorder Recorder
	connect  func() (Env, Client)
	stride   history.Process

	process history.Process
	env     Env
	client  Client
}

// NewWorker returns a worker whose processes are first, first+stride, and so on.
// connect makes the environment and the client of each.
func NewWorker(recorder Recorder, first, stride history.Process, connect func() (Env, Client)) *Worker {
	w := &Worker{recorder: recorder, connect: connect, stride: stride, process: first}
	w.env, w.client = connect()
	return w
}

// Process is the present process.
func (w *Worker) Process() history.Process { return w.process }

// Perform does one operation and records it. The error is the recorder's.
func (w *Worker) Perform(op Op) (history.Type, history.Value, error) {
	if err := w.recorder.Invoke(w.process, op.F, op.Key, op.Value, op.Final); err != nil {
		return 0, history.Value{}, err
	}
	w.env.Conn.Begin()
	// Why no context of the run's: an operation ends by its own timeouts, or it
	// would be cut off with an unknown outcome whenever the run ends.
	result, failure := w.client.Do(context.Background(), op)
	outcome, reason := w.env.Conn.Outcome(failure)
	if failure != nil {
		result = Saw(failure)
	}
	err := w.recorder.Complete(w.process, outcome, op.F, op.Key, result, reason)
	if outcome == history.Info {
		w.retire()
	}
	return outcome, result, err
}

// retire goes on as a new process.
func (w *Worker) retire() {
	w.Close()
	w.process += w.stride
	w.env, w.client = w.connect()
}

// Close ends the present process: its helpers, and its connections.
func (w *Worker) Close() {
	if w.env.End != nil {
		w.env.End()
	}
	w.env.Close()
}
