package history

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

// maxPendingBytes bounds what waits for the disk; beyond it recording waits.
const maxPendingBytes = 4 << 20

// Journal appends lines to a file from a goroutine of its own.
//
// Each line goes to the operating system as soon as the one before it has: at a
// low rate at once, at a high rate many lines in one write. What a SIGKILL can
// cut off is therefore a tail of the history, milliseconds at most. A history
// without its tail is still a true one: an operation missing from it was
// invoked after everything in it had completed.
type Journal struct {
	file *os.File
	done chan struct{}

	mu      sync.Mutex
	ready   sync.Cond // there is something to write, or the end
	room    sync.Cond // pending has been taken
	pending []byte
	closing bool
	err     error
}

// Create makes a new journal at path; it fails if the file exists.
func Create(path string) (*Journal, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, fmt.Errorf("create history: %w", err)
	}
	return newJournal(file), nil
}

func newJournal(file *os.File) *Journal {
	j := &Journal{file: file, done: make(chan struct{})}
	j.ready.L, j.room.L = &j.mu, &j.mu
	go j.write()
	return j
}

// lock waits until a line may be appended to pending. On success the caller
// holds the lock and must call unlock.
func (j *Journal) lock() error {
	j.mu.Lock()
	for len(j.pending) > maxPendingBytes && j.err == nil && !j.closing {
		j.room.Wait()
	}
	err := j.err
	if err == nil && j.closing {
		err = errors.New("write history: the journal is closed")
	}
	if err != nil {
		j.mu.Unlock()
	}
	return err
}

func (j *Journal) unlock() {
	j.mu.Unlock()
	j.ready.Signal()
}

// write is the goroutine that owns the file.
func (j *Journal) write() {
	defer close(j.done)
	var batch []byte
	for {
		j.mu.Lock()
		for len(j.pending) == 0 && !j.closing {
			j.ready.Wait()
		}
		if len(j.pending) == 0 {
			j.mu.Unlock()
			return
		}
		batch, j.pending = j.pending, batch[:0]
		j.room.Broadcast()
		j.mu.Unlock()
		if _, err := j.file.Write(batch); err != nil {
			j.fail(err)
			return
		}
	}
}

func (j *Journal) fail(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.err = fmt.Errorf("write history: %w", err)
	j.room.Broadcast()
}

// Err returns the error that stopped the journal, if one did. What was recorded
// before it may or may not be in the file.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

// Close writes out what is pending, syncs the file to disk and closes it. It
// returns the first error of the journal's life. Closing twice does nothing.
func (j *Journal) Close() error {
	j.mu.Lock()
	again := j.closing
	j.closing = true
	j.mu.Unlock()
	j.ready.Signal()
	j.room.Broadcast()
	<-j.done
	if again {
		return j.Err()
	}
	if err := j.file.Sync(); err != nil && j.Err() == nil && !errors.Is(err, os.ErrInvalid) {
		j.fail(err)
	}
	if err := j.file.Close(); err != nil && j.Err() == nil {
		j.fail(err)
	}
	return j.Err()
}
