package harness

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// ToolVersion is the version of jepsen-lite.
const ToolVersion = "0.1.0"

// run is a run under way.
type run struct {
	config   Config
	folder   string
	info     Info
	workload workloads.Workload
	instance workloads.Instance

	world    world
	recorder *history.Recorder
	keys     *workloads.Keys
	lanes    []*lane
	nemesis  *nemesis.Nemesis
	phase    atomic.Pointer[string]

	mu    sync.Mutex
	notes []string
}

// Run makes one run and judges it. When ctx ends, the run heals, saves and
// judges what there is. watch, if not nil, is called a few times a second from
// one goroutine, until Run returns.
//
// A *[UsageError] means that the config asks for something impossible; any other
// error that the target or the harness could not do its part. In that case the
// results are those of what was recorded until then, never valid, or nil if that is
// nothing.
func Run(ctx context.Context, c Config, watch func(Status)) (*Results, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if c.Seed == 0 {
		c.Seed = chooseSeed()
	}
	r, err := prepare(ctx, c)
	if err != nil {
		return nil, err
	}
	stopWatching := r.watch(watch)
	var failure error
	r.world.within(func() { failure = r.drive(ctx) })
	failure = r.finish(ctx.Err() != nil, failure)
	r.enter("judging")
	// Judging is bounded by itself and has no part in the run's context: after
	// Ctrl-C, what there is must still be judged.
	results, err := Judge(context.Background(), r.folder, JudgeOptions{})
	stopWatching()
	if err != nil && failure == nil {
		failure = err
	}
	if failure != nil && results != nil {
		results.unfinished(failure.Error()) // run.json may not have taken it
	}
	if failure != nil && r.recorder.Counts() == (history.Counts{}) {
		return nil, failure
	}
	return results, failure
}

// chooseSeed returns a seed short enough to be typed.
func chooseSeed() uint64 { return uint64(time.Now().UnixNano())%1_000_000_007 + 1 }

// prepare makes the run folder and everything that does not need a server.
func prepare(ctx context.Context, c Config) (*run, error) {
	w, err := FindWorkload(c.Workload)
	if err != nil {
		return nil, &UsageError{err}
	}
	left := sweep(ctx)
	on, err := openLiveStage(ctx, c)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, errStopped
	case err != nil:
		return nil, err
	}
	if on.backend == simTarget {
		c.Target = simTarget // the run is repeated there, whatever is installed by then
	}
	if on.external != nil {
		// From here on, nobody knows the passwords.
		c.Target, c.Topology, c.Password, c.SentinelPassword = on.shown, on.topology, "", ""
	}
	started := time.Now()
	folder, err := makeFolder(c, started)
	if err != nil {
		return nil, err
	}
	r := &run{
		config: c, folder: folder, workload: w, instance: w.New(c.options()), keys: workloads.NewKeys(c.Keys, c.OpsPerKey),
	}
	r.info = Info{
		Version: formatVersion, Config: c, Command: c.Command(), Checks: w.Checks(c.options()),
		Started: started.UTC(), Target: on.backend, Redis: on.redis, Tool: ToolVersion, Go: runtime.Version(),
	}
	if on.external != nil {
		r.info.KeyPrefix = on.external.Prefix()
	}
	if err := writeJSON(filepath.Join(folder, InfoFile), r.info); err != nil {
		return nil, err
	}
	if on.note != "" {
		r.note(on.note)
	}
	left.log(folder)
	return r, r.open(on)
}

// open makes the world and the history.
func (r *run) open(on *stage) (err error) {
	if r.world, err = on.live(r.config, r.folder); err != nil {
		return err
	}
	r.info.Started = time.Now().UTC() // where the world's clock began
	journal, err := history.Create(filepath.Join(r.folder, HistoryFile))
	if err != nil {
		_, closeErr := r.world.close()
		return errors.Join(err, closeErr)
	}
	r.recorder = history.NewRecorder(journal, r.world.stamp)
	return nil
}

var errStopped = errors.New("stopped before the first operation")

// drive is the run: start the target, let clients and nemesis work until the
// time is up, heal, read everything a last time.
func (r *run) drive(ctx context.Context) error {
	plan, err := r.config.plan()
	if err != nil {
		return &UsageError{err}
	}
	r.enter("starting")
	if err := r.world.servers().Start(ctx); ctx.Err() != nil {
		return errStopped
	} else if err != nil {
		return err
	}
	stopSampling := r.sample()
	defer stopSampling()

	for i := range r.config.Concurrency {
		r.lanes = append(r.lanes, r.newLane(i))
	}
	defer r.closeLanes()
	if err := r.prepareNemesis(plan); err != nil {
		return &UsageError{err}
	}
	if err := r.nemesis.Begin(); err != nil {
		return err
	}

	r.enter("running")
	if err := r.work(ctx); err != nil {
		return err
	}
	r.enter("healing")
	if err := r.recover(); err != nil {
		return err
	}
	r.enter("final reads")
	if err := r.readFinally(); err != nil {
		return err
	}
	return r.recorder.Note(history.End, history.Value{})
}

func (r *run) prepareNemesis(plan nemesis.Plan) (err error) {
	clients := make(gates, len(r.lanes))
	for i, l := range r.lanes {
		clients[i] = l.gate
	}
	env := nemesis.Env{
		Target: r.world.servers(), Clients: clients, Clock: r.world, Crew: func() nemesis.Crew { return r.world.crew() },
		Rand: r.config.rand(nemesisStream), Seed: r.config.Seed,
	}
	r.nemesis, err = nemesis.New(plan, env, r.recorder)
	return err
}

// work lets clients and nemesis loose until the time is up, ctx ends, or one of
// them cannot go on. It returns with every fault healed.
func (r *run) work(ctx context.Context) error {
	ctx, cancel := target.WithTimeout(ctx, r.world, r.config.TimeLimit)
	defer cancel()
	errs := make([]error, len(r.lanes)+1)
	crew := r.world.crew()
	crew.Go(func() {
		defer cancel()
		errs[0] = r.nemesis.Run(ctx)
	})
	for i, l := range r.lanes {
		crew.Go(func() {
			defer cancel() // it ends by itself only when it cannot go on
			errs[i+1] = l.work(ctx)
		})
	}
	crew.Wait()
	return firstError(errs)
}

// finish stops the servers and closes the files, and writes down how it ended.
// It returns the failure, with what else went wrong here.
func (r *run) finish(cutShort bool, failure error) error {
	r.enter("stopping")
	note, err := r.world.close()
	if note != "" {
		r.note(note)
	}
	failure = errors.Join(failure, err, r.recorder.Close())
	r.info.Ended, r.info.CutShort, r.info.Notes = time.Now().UTC(), cutShort, r.notes
	if failure != nil {
		r.info.Error = failure.Error()
	}
	return errors.Join(failure, writeJSON(filepath.Join(r.folder, InfoFile), r.info))
}

func (r *run) closeLanes() {
	for _, l := range r.lanes {
		l.worker.Close()
	}
}

// note keeps something for the summary.
func (r *run) note(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notes = append(r.notes, text)
	_ = r.log(text) // the summary has it as well
}

// log appends a line to the run's log.
func (r *run) log(text string) error { return appendLog(r.folder, text) }
