package nemesis

import (
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"time"
)

// Track is what the nemesis does one thing after the other, beside its other
// tracks.
type Track struct {
	// Items are those of the rotation, or one with a time of its own.
	Items              []Item
	interval, duration time.Duration
}

// Step is one fault of a track.
type Step struct {
	Wait time.Duration // before the injection
	Item int           // of the track's items
	Last time.Duration // from injection to healing
}

// Tracks returns the plan's tracks: the rotation first, if there is one, then the
// others in the plan's order.
func (p Plan) Tracks() []Track {
	rotation := Track{interval: p.Interval, duration: p.Duration}
	if p.Duration == 0 {
		rotation.duration = p.Interval
	}
	var others []Track
	for _, item := range p.Items {
		if !item.When.Track() {
			rotation.Items = append(rotation.Items, item)
			continue
		}
		track := Track{Items: []Item{item}, interval: item.When.Every, duration: p.Duration}
		if p.Duration == 0 {
			track.duration = track.interval
		}
		if track.duration == 0 {
			track.duration = p.Interval
		}
		others = append(others, track)
	}
	if rotation.Items != nil {
		return append([]Track{rotation}, others...)
	}
	return others
}

// Steps returns a function that gives the track's steps, one after another: now is
// the time since the run began, and more is false if there is no step any more. Of
// the rotation, each round has every item once, in an order of its own. The same
// generator state gives the same steps.
func (t Track) Steps(rng *rand.Rand) func(now time.Duration) (step Step, more bool) {
	if t.Items[0].When.Once {
		return t.once(rng)
	}
	var round []int
	return func(now time.Duration) (Step, bool) {
		if len(round) == 0 {
			round = rng.Perm(len(t.Items))
		}
		item := round[0]
		round = round[1:]
		wait := spread(rng, t.interval/2, t.interval*3/2)
		if t.Items[item].When.Exactly {
			wait = t.interval - now%t.interval
		}
		return Step{wait, item, t.last(rng, item)}, true
	}
}

func (t Track) once(rng *rand.Rand) func(time.Duration) (Step, bool) {
	done := false
	return func(now time.Duration) (Step, bool) {
		if done {
			return Step{}, false
		}
		done = true
		return Step{max(t.Items[0].When.At-now, 0), 0, t.last(rng, 0)}, true
	}
}

// last is how long a fault lasts.
func (t Track) last(rng *rand.Rand, item int) time.Duration {
	spreadOut := spread(rng, t.duration/4, t.duration)
	if own := t.Items[item].For; own > 0 {
		return own
	}
	return spreadOut
}

func spread(rng *rand.Rand, low, high time.Duration) time.Duration {
	return low + time.Duration(rng.Int64N(int64(high-low)+1))
}

// stream returns the generator of a track that is not the rotation: the item's
// text decides, so that one track more does not change another, and of equal ones
// the number.
func stream(seed uint64, item Item, number int) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(item.String() + "#" + strconv.Itoa(number)))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}
