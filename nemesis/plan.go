package nemesis

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Plan says which faults to inject and when: those items without a time of their
// own in turn, the rotation, and every other one on a track beside it.
type Plan struct {
	// Items come from [Parse]. None: the nemesis rests.
	Items []Item
	// Interval is the mean time between two faults of the rotation, from the healing
	// of one to the injection of the next; the actual times are spread evenly between
	// half and one and a half of it.
	Interval time.Duration
	// Duration is the longest a fault lasts whose item does not say so; the actual
	// times are spread evenly between a quarter of it and all of it. Zero: as long as
	// Interval, and for a track with a time between two injections as long as that.
	Duration time.Duration
}

// Validate returns what is wrong with the plan, or nil.
func (p Plan) Validate() error {
	for _, item := range p.Items {
		kind, err := Find(item.Fault)
		if err != nil {
			return err
		}
		if _, err := kind.ReadArgs(item.Arguments); err != nil {
			return fmt.Errorf("%s: %w", item.Fault, err)
		}
		if t := item.When; t.Every < 0 || item.For < 0 || t.At < 0 || t.Once && t.Every != 0 {
			return fmt.Errorf("%s: its times are negative, or two of them", item.Fault)
		}
	}
	switch {
	case p.Duration < 0:
		return errors.New("the duration of faults is negative")
	case len(p.Items) > 0 && p.Interval <= 0:
		return errors.New("the nemesis interval must be longer than 0s")
	}
	return nil
}

// Faults returns the names of the plan's faults, each once; where there are none
// but background noise, the names of that.
func (p Plan) Faults() []string {
	var faults, noise []string
	for _, item := range p.Items {
		names := &faults
		if kind, _ := Find(item.Fault); kind.Noise {
			names = &noise
		}
		if !slices.Contains(*names, item.Fault) {
			*names = append(*names, item.Fault)
		}
	}
	if len(faults) == 0 {
		return noise
	}
	return faults
}

// OnlyNoise tells whether the plan has items, and none of them is a fault.
func (p Plan) OnlyNoise() bool {
	return len(p.Items) > 0 && !slices.ContainsFunc(p.Items, func(i Item) bool {
		kind, _ := Find(i.Fault)
		return kind.IsFault()
	})
}

// Needs tells whether one of the plan's faults needs a target made with that.
func (p Plan) Needs(need Need) bool {
	return slices.ContainsFunc(p.Items, func(i Item) bool {
		kind, _ := Find(i.Fault)
		return kind.Needs == need
	})
}

// First is the earliest time at which a fault may be injected; zero if there is
// none.
func (p Plan) First() (first time.Duration) {
	for _, item := range p.Items {
		earliest := p.Interval / 2
		switch t := item.When; {
		case t.Once:
			earliest = t.At
		case t.Exactly:
			earliest = t.Every
		case t.Every > 0:
			earliest = t.Every / 2
		}
		if first == 0 || earliest < first {
			first = earliest
		}
	}
	return first
}
