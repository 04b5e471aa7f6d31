package svg

import "math"

// Tick is a labelled value of an axis.
type Tick struct {
	Value float64
	Label string
}

// TimeTicks returns up to so many round times, and one more, from 0 to an end in
// nanoseconds: in round parts of a second or seconds, and of more than two minutes
// in minutes and hours.
func TimeTicks(end float64, most int) (ticks []Tick) {
	const minute, hour = 60e9, 3600e9
	if end < 2*minute {
		for _, v := range (Linear{Max: end}).Ticks(most) {
			ticks = append(ticks, Tick{v, Duration(v)})
		}
		return ticks
	}
	step := RoundUp(end/float64(max(1, most))/hour) * hour
	for _, s := range []float64{minute / 2, minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 6 * hour, 12 * hour, 24 * hour} {
		if end/s <= float64(most) {
			step = s
			break
		}
	}
	for i := 0.0; i*step <= end; i++ {
		ticks = append(ticks, Tick{i * step, minutes(i * step)})
	}
	return ticks
}

// minutes writes a time in minutes or hours: 0 min, 1 min 30 s, 2 h.
func minutes(ns float64) string {
	seconds := math.Round(ns / 1e9)
	switch {
	case seconds == 0:
		return "0 min"
	case seconds < 60:
		return digits(seconds) + " s"
	case seconds < 3600:
		return joined(seconds, 60, "min", "s")
	}
	return joined(math.Round(seconds/60), 60, "h", "min")
}
