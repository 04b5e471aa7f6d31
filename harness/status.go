package harness

import (
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Status is how a run stands, for people who wait.
type Status struct {
	// Phase is one of starting, running, healing, final reads, stopping and
	// judging.
	Phase   string
	Elapsed time.Duration // since the run began, in the run's time
	Limit   time.Duration // of the phase running
	// Simulated: the server is, and time passes as fast as can be.
	Simulated bool
	Counts    history.Counts
	// PerSecond is the rate of completed operations over the last second or so.
	PerSecond float64
	// Faults is how many took effect; Doing what the nemesis does now.
	Faults int
	Doing  string
}

// watchEvery is how often watchers are called.
const watchEvery = 200 * time.Millisecond

// watch calls the watcher from a goroutine, until the function it returns is
// called.
func (r *run) watch(watcher func(Status)) (stop func()) {
	if watcher == nil {
		return func() {}
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(watchEvery)
		defer ticker.Stop()
		var rate meter
		for {
			s := r.status()
			s.PerSecond = rate.measure(s.Elapsed, s.Counts.OK+s.Counts.Fail+s.Counts.Info)
			watcher(s)
			select {
			case <-quit:
				return
			case <-ticker.C:
			}
		}
	}()
	return func() { close(quit); <-done }
}

func (r *run) enter(phase string) {
	r.phase.Store(&phase)
	_ = r.log(phase) // a help for reading, not evidence
}

func (r *run) status() Status {
	s := Status{
		Elapsed: r.world.Now(), Limit: r.config.TimeLimit, Counts: r.recorder.Counts(),
		Simulated: r.info.Target == simTarget,
	}
	if phase := r.phase.Load(); phase != nil {
		s.Phase = *phase
	}
	// The nemesis exists from the phase running on, which is stored after it.
	if s.Phase != "" && s.Phase != "starting" && r.nemesis != nil {
		s.Faults, s.Doing = r.nemesis.Effects(), r.nemesis.Doing()
	}
	return s
}

// meter measures a rate over the last few calls.
type meter struct {
	times  []time.Duration
	counts []int64
}

func (m *meter) measure(now time.Duration, count int64) float64 {
	m.times, m.counts = append(m.times, now), append(m.counts, count)
	if n := len(m.times) - 6; n > 0 {
		m.times, m.counts = m.times[n:], m.counts[n:]
	}
	span := now - m.times[0]
	if span <= 0 {
		return 0
	}
	return float64(count-m.counts[0]) / span.Seconds()
}
