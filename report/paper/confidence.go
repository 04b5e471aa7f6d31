package paper

import (
	"math"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// unlikely is the chance of being wrong that the report accepts.
const unlikely = 0.05

// normal is the quantile of the standard normal distribution that leaves half of
// unlikely above it.
const normal = 1.959963984540054

// NoneIn returns the upper bound, at 95 %, of the chance of an event that none of n
// independent trials showed: the largest chance at which that happens once in
// twenty times. It is 1 for n = 0, and close to 3/n for large n, the rule of three
// (Hanley and Lippman-Hand 1983).
func NoneIn(n int) float64 {
	if n <= 0 {
		return 1
	}
	return 1 - math.Pow(unlikely, 1/float64(n))
}

// Wilson returns the interval, at 95 %, of the chance of an event that k of n
// independent trials showed (Wilson 1927). It is 0 to 1 for n = 0.
func Wilson(k, n int) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	p, trials := float64(k)/float64(n), float64(n)
	centre := p + normal*normal/(2*trials)
	reach := normal * math.Sqrt(p*(1-p)/trials+normal*normal/(4*trials*trials))
	scale := 1 + normal*normal/trials
	// Rounding must not leave the interval without the share itself.
	return max(0, min(p, (centre-reach)/scale)), min(1, max(p, (centre+reach)/scale))
}

// Chance is what n runs that decided something, of which k showed a violation, say
// about the chance that one run does.
type Chance struct {
	Violated int     `json:"violated"`
	Decided  int     `json:"decided"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
	// Method is none-in-n, wilson, or empty where nothing was decided.
	Method string `json:"method,omitempty"`
}

func chance(violated, decided int) Chance {
	c := Chance{Violated: violated, Decided: decided, High: 1}
	switch {
	case decided == 0:
	case violated == 0:
		c.High, c.Method = NoneIn(decided), "none-in-n"
	default:
		c.Low, c.High = Wilson(violated, decided)
		c.Method = "wilson"
	}
	return c
}

func (c Chance) String() string {
	switch {
	case c.Decided == 0:
		return "–"
	case c.Violated == 0:
		if bound := percent(c.High); strings.HasPrefix(bound, "<") {
			return bound
		}
		return "≤\u00a0" + percent(c.High)
	}
	bound := func(share float64) string { return strings.TrimSuffix(percent(share), "\u00a0%") }
	return percent(float64(c.Violated)/float64(c.Decided)) + "\u00a0[" + bound(c.Low) + ",\u00a0" + bound(c.High) + "]"
}

// percent shows a share, and never one that is not whole as whole. Its blanks do not
// break.
func percent(share float64) string { return unbroken(svg.Percent(share)) }
