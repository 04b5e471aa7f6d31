package harness

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// helpers are what the present client of a lane does besides.
type helpers struct {
	crew  crew
	stops []context.CancelFunc
}

// spawn starts a helper of the lane's present client.
func (l *lane) spawn(body func(context.Context, workloads.Env)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	env := l.environment()
	l.spawned++
	env.Rand = l.run.config.rand(helperStream + uint64(l.number)<<20 + uint64(l.spawned))
	if l.helpers.crew == nil {
		l.helpers.crew = l.run.world.crew()
	}
	l.helpers.stops = append(l.helpers.stops, cancel)
	l.helpers.crew.Go(func() {
		defer env.Close()
		body(ctx, env)
	})
	return cancel
}

// endHelpers stops the client's helpers, and waits for them.
func (l *lane) endHelpers() {
	for _, stop := range l.helpers.stops {
		stop()
	}
	if l.helpers.crew != nil {
		l.helpers.crew.Wait()
	}
	l.helpers = helpers{}
}
