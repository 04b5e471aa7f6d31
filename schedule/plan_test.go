package schedule

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestImpossiblePlans(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Plan)
		want   string
	}{
		{"too many clients", func(p *Plan) { p.Clients = 65 }, "there are 65 clients: expected 1 to 64"},
		{"fewer operations than none", func(p *Plan) { p.Ops = -1 }, "each client has -1 operations"},
		{"too many keys", func(p *Plan) { p.Keys = 101 }, "there are 101 keys"},
		{"too many faults", func(p *Plan) { p.MaxFaults = 101 }, "there are up to 101 faults"},
		{"fewer schedules than none", func(p *Plan) { p.Schedules = -1 }, "how many schedules"},
		{"fewer workers than none", func(p *Plan) { p.Workers = -1 }, "must not be negative"},
		{"a time limit before it began", func(p *Plan) { p.TimeLimit = -1 }, "must not be negative"},
		{"an unknown strategy", func(p *Plan) { p.Strategy = "luck" }, `unknown strategy "luck"`},
		{"an unknown fault", func(p *Plan) { p.Faults = []string{"kil"} }, "did you mean kill?"},
		{"a fault of replicas", func(p *Plan) { p.Faults = []string{"failover"} }, "fault failover: there are no replicas"},
		{"a tick that goes back", func(p *Plan) { p.Ticks = []time.Duration{-time.Second} }, "a tick of -1s"},
		{"an unknown check", func(p *Plan) { p.Checks = []string{"quue"} }, `unknown check "quue"`},
		{"too many replicas", func(p *Plan) { p.Target.Replicas = 6 }, "there are 6 replicas"},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan := Plan{Workload: Workload{Name: "counter"}, Target: Target{Persistence: "none"}}
			test.change(&plan)
			_, err := explorer(t, plan).Explore(t.Context())
			var impossible *PlanError
			if !errors.As(err, &impossible) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// worldFrom counts the worlds that are open.
type worldFrom struct {
	World
	open *int
}

func (w worldFrom) Reset(Target) error { return errors.New("no memory") }

func (w worldFrom) Close() error {
	*w.open--
	return w.World.Close()
}

func TestAWorldThatIsBrokenIsClosed(t *testing.T) {
	x := explorer(t, Plan{Workload: Workload{Name: "counter"}, Target: Target{Persistence: "none"}, Workers: 2})
	open := 0
	x.NewWorld = func() (World, error) {
		open++
		return worldFrom{Simulated(), &open}, nil
	}
	if _, err := x.Explore(t.Context()); err == nil || err.Error() != "no memory" || open != 0 {
		t.Errorf("%v, %d worlds are still open", err, open)
	}
}
