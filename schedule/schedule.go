package schedule

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// Schedule is an explicit interleaving of clients and faults.
type Schedule struct {
	Workload Workload
	Target   Target
	// Checks judge its history; nil: those of the workload.
	Checks []string
	// Clients are the operations of each client, in their order.
	Clients [][]Op
	// Steps is the word. A step that is impossible when its turn comes is skipped,
	// so that every part of a schedule is a schedule too.
	Steps []Step
	// Seed is what found the schedule; zero: nobody knows.
	Seed uint64
}

// Workload names a workload, with its parameters.
type Workload struct {
	Name string
	workloads.Options
}

// Target configures the target.
type Target struct {
	// Persistence is a preset's name.
	Persistence string
	// Replicas is how many servers follow the primary.
	Replicas int
}

// Op is an operation of a client.
type Op struct {
	F     string
	Key   string
	Value history.Value
}

func (o Op) String() string {
	words := []string{o.F}
	if o.Key != "" {
		words = append(words, o.Key)
	}
	if !o.Value.IsAbsent() && !o.Value.IsNull() {
		words = append(words, o.Value.String())
	}
	return strings.Join(words, " ")
}

// Limits of what a schedule may ask for.
const (
	maxClients = 64
	maxSteps   = 100_000
	maxTick    = 24 * time.Hour
)

// Validate returns what is wrong with the schedule, or nil. find looks up
// workloads.
func (s *Schedule) Validate(find Finder) error {
	w, err := find(s.Workload.Name)
	if err != nil {
		return err
	}
	if _, err := target.ParsePersistence(s.Target.Persistence); err != nil {
		return err
	}
	if _, err := s.checks(w); err != nil {
		return err
	}
	switch {
	case len(s.Clients) == 0:
		return errors.New("there are no clients")
	case len(s.Clients) > maxClients:
		return fmt.Errorf("there are %d clients: expected %d at most", len(s.Clients), maxClients)
	case len(s.Steps) > maxSteps:
		return fmt.Errorf("there are %d steps: expected %d at most", len(s.Steps), maxSteps)
	case s.Workload.Stock < 0:
		return fmt.Errorf("the stock is %d: expected none below 0", s.Workload.Stock)
	case s.Workload.TTL < 0 || s.Workload.Hold < 0:
		return errors.New("a time to live, or to hold, must not be negative")
	case s.Target.Replicas < 0 || s.Target.Replicas > 5:
		return fmt.Errorf("there are %d replicas: expected 0 to 5", s.Target.Replicas)
	}
	for i, step := range s.Steps {
		if err := s.validateStep(step); err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, step, err)
		}
	}
	return nil
}

func (s *Schedule) validateStep(step Step) error {
	switch step.Verb.takes() {
	case onClient:
		if step.Client >= len(s.Clients) {
			return fmt.Errorf("there is no client c%d: they are %s", step.Client, span("c", 0, len(s.Clients)-1))
		}
	case onServer:
		if n, ok := parseNumbered(step.Node, "n"); step.Node != "" && (!ok || n < 1 || n > s.Target.Replicas+1) {
			return fmt.Errorf("there is no node %s: they are %s", step.Node, span("n", 1, s.Target.Replicas+1))
		}
	case onTime:
		if step.For > maxTick {
			return fmt.Errorf("expected %v at most", maxTick)
		}
	}
	return nil
}

func span(letter string, from, to int) string {
	if from == to {
		return letter + strconv.Itoa(from) + " alone"
	}
	return fmt.Sprintf("%s%d to %s%d", letter, from, letter, to)
}

// Finder looks up a workload by its name.
type Finder func(name string) (workloads.Workload, error)

// checks returns the checks that judge the schedule's history.
func (s *Schedule) checks(w workloads.Workload) ([]checker.Check, error) {
	names := s.Checks
	if names == nil {
		names = w.Checks(s.Workload.Options)
	}
	var checks []checker.Check
	for _, name := range names {
		if name == "stats" {
			continue // it judges nothing
		}
		c, err := checker.Parse(name)
		if err != nil {
			return nil, err
		}
		checks = append(checks, c)
	}
	if len(checks) == 0 {
		return nil, errors.New("no check judges the schedule")
	}
	return checks, nil
}

// Operations is how many operations the clients have.
func (s *Schedule) Operations() int {
	n := 0
	for _, ops := range s.Clients {
		n += len(ops)
	}
	return n
}
