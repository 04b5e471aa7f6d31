package schedule

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/held"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/scratch"
)

// Process returns a world with a real server on this machine: the binary, or what
// [process.Find] finds if that is empty. Its files are in the folder, which must
// exist.
func Process(binary, folder string) World {
	return &processWorld{binary: binary, folder: folder}
}

// Scratch makes a folder for servers that nobody looks at afterwards: in memory,
// where there is a file system for that, as a process that is killed leaves its
// files there just as well, and no fsync has to wait for a disk. TMPDIR says
// otherwise.
func Scratch() (folder string, err error) {
	if os.Getenv("TMPDIR") != "" {
		return scratch.Make("")
	}
	return scratch.Make(scratch.Memory, "")
}

// processWorld reuses one server for all schedules of a persistence.
type processWorld struct {
	binary, folder string
	servers        int // so far

	persistence target.Persistence
	target      *process.Target
	node        *process.Node
	admin       *held.TCP // to look after the server
	links       []*held.TCP
	paused      bool
	killed      string // by which fault
	base        time.Time
}

// limit bounds everything that a world waits for.
const limit = time.Minute

func (w *processWorld) Name() string { return "process" }

func (w *processWorld) Now() time.Duration { return time.Since(w.base) }

func (w *processWorld) Beat() {}

func (w *processWorld) Pass(d time.Duration) error {
	// Why longer: Redis counts whole milliseconds, and a key expires once its time is
	// over, not when it is (Redis 7.0, db.c, keyIsExpired).
	time.Sleep(d + time.Millisecond)
	return nil
}

func (w *processWorld) Can(v Verb) error {
	switch v {
	case Fsync, SlowFsync, FastFsync, PowerLoss:
		return errors.New("only a simulated disk can do that: use --target sim")
	case Replicate, Failover, Partition, Heal:
		return errors.New("only simulated servers replicate step by step: use --target sim")
	}
	return nil
}

func (w *processWorld) Reset(t Target) error {
	p, err := target.ParsePersistence(t.Persistence)
	if err != nil {
		return err
	}
	if t.Replicas > 0 {
		return &PlanError{errors.New("only simulated servers have replicas here: use --target sim")}
	}
	if w.target == nil || p.String() != w.persistence.String() {
		err = w.launch(p)
	} else {
		err = w.Heal()
	}
	if err == nil {
		err = w.empty()
	}
	w.base = time.Now()
	return err
}

// launch starts a server with that persistence, in a folder of its own.
func (w *processWorld) launch(p target.Persistence) error {
	if err := w.Close(); err != nil {
		return err
	}
	w.servers++
	dir := filepath.Join(w.folder, fmt.Sprintf("s%d", w.servers))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	t, err := process.New(process.Config{Server: w.binary, Dir: dir, Persistence: p})
	if err != nil {
		return err
	}
	w.persistence, w.target, w.node, w.paused = p, t, t.Nodes()[0].(*process.Node), false
	return w.start()
}

// start starts the server and connects to look after it.
func (w *processWorld) start() error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if _, err := w.node.Start(ctx); err != nil {
		return err
	}
	var err error
	w.admin, err = held.Connect(ctx, w.node.Addr())
	return err
}

// empty makes the server as new: no data, in memory as on disk, no scripts and no
// functions.
//
// Why SAVE: a snapshot from before would come back after a kill. With an
// append-only file, the file says what happened since, and a snapshot is not read.
func (w *processWorld) empty() error {
	// What a client began in the background must not end in the next schedule.
	for _, field := range []string{"rdb_bgsave_in_progress", "aof_rewrite_scheduled", "aof_rewrite_in_progress"} {
		if err := w.await(field); err != nil {
			return err
		}
	}
	commands := [][]string{{"FLUSHALL", "SYNC"}, {"SCRIPT", "FLUSH", "SYNC"}, {"FUNCTION", "FLUSH", "SYNC"}}
	if !w.persistence.Appends() {
		commands = append(commands, []string{"SAVE"})
	}
	for _, args := range commands {
		if err := w.command(args...); err != nil {
			return err
		}
	}
	return nil
}

// command performs a command that must succeed.
func (w *processWorld) command(args ...string) error {
	reply := w.admin.Execute(args...)
	if reply == nil {
		return fmt.Errorf("%v: the server does not answer, see %s", args, w.folder)
	}
	if reply[0] == '-' {
		return fmt.Errorf("%v: %s", args, showReply(reply))
	}
	return nil
}

func (w *processWorld) Dial(_ bool, hook held.Hook) (*held.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	link, err := held.Connect(ctx, w.node.Addr())
	if err != nil {
		return nil, err
	}
	w.links = append(w.links, link)
	return held.New(link, hook), nil
}

func (w *processWorld) Frozen(bool) bool { return w.paused }

func (w *processWorld) Stands(*held.Conn) bool { return w.paused }

func (w *processWorld) Node(*held.Conn) string { return nodeName(0) }

// down forgets the connections of a server that has ended.
func (w *processWorld) down(by string) {
	for _, link := range w.links {
		link.End()
	}
	_ = w.admin.Close()
	w.links, w.paused, w.killed = nil, false, by
}

func (w *processWorld) Do(step Step) (Effect, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	e := Effect{Node: "n1"}
	running := w.node.Running()
	switch {
	case step.Verb == Start && running:
		e.Why = "the server runs"
		return e, nil
	case step.Verb == Start:
		e.Took, e.Heals = true, w.killed
		return e, w.start()
	case !running:
		e.Why = "the server is down"
		return e, nil
	}
	return w.doRunning(ctx, step, e)
}

// doRunning does what needs a server that runs.
func (w *processWorld) doRunning(ctx context.Context, step Step, e Effect) (_ Effect, err error) {
	e.Took = true
	switch step.Verb {
	case Kill:
		if err := w.settle(); err != nil {
			return e, err
		}
		e.Took, err = w.node.Kill(ctx)
		w.down("kill")
		return e, err
	case Pause:
		e.Why = "the server is paused already"
		e.Took, err = w.node.Pause(ctx)
		w.paused = true
		return e, err
	case Resume:
		e.Why, e.Heals = "the server is not paused", "pause"
		e.Took, err = w.node.Resume(ctx)
		w.paused = false
		return e, err
	}
	if w.paused {
		e.Took, e.Why = false, "the server is paused"
		return e, nil
	}
	switch step.Verb {
	case Restart:
		if _, err := w.node.Stop(ctx); err != nil {
			return e, err
		}
		w.down("restart")
		return e, w.start()
	case BGSave:
		return e, w.background("BGSAVE", "rdb_bgsave_in_progress")
	case BGRewriteAOF:
		if !w.persistence.Appends() {
			e.Took, e.Why = false, "there is no append-only file"
			return e, nil
		}
		return e, w.background("BGREWRITEAOF", "aof_rewrite_in_progress")
	}
	return e, ErrCannot
}

// background starts what a server does in the background, and waits for its end.
func (w *processWorld) background(name, field string) error {
	if err := w.command(name); err != nil {
		return err
	}
	return w.await(field)
}

// settle waits until the server holds no write back behind an fsync under way,
// which the disk would decide. A paused one is left alone.
func (w *processWorld) settle() error {
	if w.paused || !w.persistence.SyncsEachSecond() {
		return nil
	}
	return w.await("aof_buffer_length")
}

// await waits until a figure of INFO persistence is 0, or is not there.
func (w *processWorld) await(field string) error {
	began := time.Now()
	for {
		info := w.admin.Execute("INFO", "persistence")
		switch {
		case info == nil:
			return fmt.Errorf("wait for %s: the server does not answer, see %s", field, w.folder)
		case !bytes.Contains(info, []byte(field+":")), bytes.Contains(info, []byte(field+":0\r")):
			return nil
		case time.Since(began) > limit:
			return fmt.Errorf("wait for %s: not over after %v", field, limit)
		}
		time.Sleep(time.Millisecond)
	}
}

func (w *processWorld) Heal() error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if w.paused {
		if _, err := w.node.Resume(ctx); err != nil {
			return err
		}
		w.paused = false
	}
	// Links of a schedule that is over are closed by their connections.
	w.links = slices.DeleteFunc(w.links, func(l *held.TCP) bool { return !l.Alive() })
	if w.node.Running() {
		return nil
	}
	return w.start()
}

func (w *processWorld) Close() error {
	if w.target == nil {
		return nil
	}
	if w.admin != nil {
		_ = w.admin.Close()
	}
	err := w.target.Close()
	w.target = nil
	return err
}
