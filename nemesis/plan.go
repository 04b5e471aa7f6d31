package nemesis

import (
	"errors"
	"math/rand/v2"
	"time"
)

// Plan says which faults to inject and when.
type Plan struct {
	// Faults are names from [Kinds]. Each round injects every one once, in an
	// order of its own. None: the nemesis rests.
	Faults []string
	// Interval is the mean time between two faults, from the healing of one to
	// the injection of the next; the actual times are spread evenly between half
	// and one and a half of it.
	Interval time.Duration
	// Duration is the longest a fault lasts; the actual times are spread evenly
	// between a quarter of it and all of it. Zero: as long as Interval.
	Duration time.Duration
}

// Step is one fault of a plan.
type Step struct {
	Wait  time.Duration // before the injection
	Fault string
	Last  time.Duration // from injection to healing
}

// Validate returns what is wrong with the plan, or nil.
func (p Plan) Validate() error {
	for _, name := range p.Faults {
		if _, err := Find(name); err != nil {
			return err
		}
	}
	switch {
	case p.Duration < 0:
		return errors.New("the duration of faults is negative")
	case len(p.Faults) > 0 && p.Interval <= 0:
		return errors.New("the nemesis interval must be longer than 0s")
	}
	return nil
}

// Steps returns a function that gives the plan's steps, one after another
// without end. The same generator state gives the same steps.
func (p Plan) Steps(rng *rand.Rand) func() Step {
	longest := p.Duration
	if longest == 0 {
		longest = p.Interval
	}
	var round []string
	return func() Step {
		if len(round) == 0 {
			for _, i := range rng.Perm(len(p.Faults)) {
				round = append(round, p.Faults[i])
			}
		}
		step := Step{
			Wait:  spread(rng, p.Interval/2, p.Interval*3/2),
			Fault: round[0],
			Last:  spread(rng, longest/4, longest),
		}
		round = round[1:]
		return step
	}
}

func spread(rng *rand.Rand, low, high time.Duration) time.Duration {
	return low + time.Duration(rng.Int64N(int64(high-low)+1))
}
