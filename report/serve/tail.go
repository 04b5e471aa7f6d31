package serve

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
)

const (
	// lookEvery is how often a tail looks for more.
	lookEvery = 400 * time.Millisecond
	// maxLineBytes bounds a line of a history that is counted; a longer one is
	// passed over.
	maxLineBytes = 8 << 20
)

// tail follows a run while it goes on. It is used by one goroutine.
type tail struct {
	folder *os.Root
	now    func() time.Time

	file    *os.File
	rest    []byte // of a line that is not whole yet
	passing bool   // the line that goes on is too long
	tally   *tally
	id      runID
	store   *store
}

// moment is how a run stands.
type moment struct {
	Run   *digest
	Phase string // as the run's log has it
	Tally *tally
	// Silent is for how long the run has said nothing.
	Silent time.Duration
	// Over: nothing more will come, but perhaps of somebody who judges it.
	Over bool
}

func (t *tail) close() {
	if t.file != nil {
		t.file.Close()
	}
	t.folder.Close()
}

// look reads what has come since. It is an error if there is no such run any more.
func (t *tail) look(ctx context.Context) (moment, error) {
	// The state first: what a run recorded before its end is there once it has one.
	d, err := t.store.digestOf(t.id)
	if err != nil {
		return moment{}, err
	}
	if err := t.read(ctx); err != nil && !errors.Is(err, fs.ErrNotExist) { // it begins with the first operation
		return moment{}, err
	}
	m := moment{Run: d, Phase: phase(t.folder), Tally: t.tally, Silent: max(0, t.now().Sub(lastSign(t.folder)))}
	m.Over = d.State == Judged || d.State == CutOff || d.State == Unreadable ||
		d.State == Unjudged && m.Silent > judgingTime
	return m, nil
}

// judgingTime is how long after a run's end its verdict may be waited for.
const judgingTime = 10 * time.Minute

// read counts the lines that were added to the history.
func (t *tail) read(ctx context.Context) (err error) {
	if t.file == nil {
		if t.file, _, err = openRegular(t.folder, harness.HistoryFile); err != nil {
			t.file = nil
			return err
		}
	}
	chunk := make([]byte, 256<<10)
	for ctx.Err() == nil {
		n, err := t.file.Read(chunk)
		t.add(chunk[:n])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// add takes text that follows what was added before.
func (t *tail) add(text []byte) {
	for {
		end := bytes.IndexByte(text, '\n')
		if end < 0 {
			break
		}
		switch {
		case t.passing:
			t.passing = false
		case len(t.rest) > 0:
			t.tally.line(append(t.rest, text[:end]...))
		default:
			t.tally.line(text[:end])
		}
		t.rest, text = t.rest[:0], text[end+1:]
	}
	if t.passing {
		return
	}
	t.rest = append(t.rest, text...)
	if len(t.rest) > maxLineBytes {
		t.rest, t.passing = nil, true
		t.tally.Unread++
	}
}

// phase is what a run's log said last of where the run is: see [harness.Status].
func phase(folder *os.Root) string {
	f, info, err := openRegular(folder, harness.LogFile)
	if err != nil {
		return ""
	}
	defer f.Close()
	text := make([]byte, 4<<10)
	n, err := f.ReadAt(text, max(0, info.Size()-int64(len(text))))
	if err != nil && !errors.Is(err, io.EOF) {
		return ""
	}
	last := ""
	for line := range strings.Lines(string(text[:n])) {
		_, said, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch said {
		case "starting", "running", "healing", "final reads", "stopping", "judging":
			last = said
		}
	}
	return last
}
