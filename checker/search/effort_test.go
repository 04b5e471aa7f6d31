package search_test

import (
	"math/rand/v2"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/checker/search"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// spent is what a search may take: what it leaves out shows in nothing else.
type spent struct {
	configurations, steps int64
	peak                  int
	kilobytes             int64
}

func (s *spent) add(of search.Statistics) {
	s.configurations += of.Configurations
	s.steps += of.Steps
	s.peak = max(s.peak, of.Peak)
	s.kilobytes = max(s.kilobytes, of.Bytes>>10)
}

// within wants that no more was spent than when this was written, and that what is
// spent is counted. Raise a number only for a reason; lower them all after a
// large step forward.
func (s spent) within(t *testing.T, most spent) {
	t.Helper()
	if s.configurations > most.configurations || s.steps > most.steps || s.peak > most.peak || 4*s.kilobytes > 5*most.kilobytes {
		t.Errorf("the search took %+v, expected at most %+v", s, most)
	}
	if 4*s.configurations < 3*most.configurations || 4*s.steps < 3*most.steps || 4*s.peak < 3*most.peak || 4*s.kilobytes < 3*most.kilobytes {
		t.Errorf("the search took only %+v, expected about %+v", s, most)
	}
}

// Small histories, always the same.
func TestTheSearchLeavesOutWhatItCan(t *testing.T) {
	most := map[string]spent{
		"bounded-counter(2)":   {10593, 13385, 12, 70},
		"cas-register":         {2290, 4510, 6, 4},
		"counter":              {18365, 30506, 7, 463},
		"fenced-mutex":         {7593, 7773, 7, 20},
		"fifo-queue":           {40652, 87384, 180, 1712},
		"lease(4ms)":           {21766, 38129, 59, 42},
		"mutex":                {3184, 5408, 25, 5},
		"reentrant-lease(4ms)": {9230, 18109, 22, 35},
		"register":             {1682, 3501, 4, 2},
		"set":                  {2240, 4879, 3, 2},
		"unordered-queue":      {7446, 11644, 2, 26},
	}
	for _, s := range scenarios() {
		t.Run(s.model, func(t *testing.T) {
			t.Parallel()
			m, err := model.Parse(s.model)
			if err != nil {
				t.Fatal(err)
			}
			var took spent
			for seed := range uint64(400) {
				ops := draw(rand.New(rand.NewPCG(seed, 6)), s, m, 16)
				took.add(search.Check(t.Context(), m, ops, search.Options{}).Statistics)
			}
			took.within(t, most[s.model])
		})
	}
}

// Large ones, as simulated and with an impossible result.
func TestTheSearchOfLargeHistoriesLeavesOutWhatItCan(t *testing.T) {
	most := map[string]spent{
		"CounterRead":      {390514, 94527, 245, 544},
		"CounterUnit":      {23496, 2961, 29, 22},
		"LockBlind":        {466, 720, 2, 5},
		"LockNameless":     {164, 27, 1, 8},
		"LockReusedOwner":  {664, 1037, 1, 11},
		"RegisterRepeated": {48012, 1409, 32, 19},
	}
	for _, l := range loads() {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			var took spent
			for seed := range uint64(3) {
				h := l.draw(seed, 500, 4)
				m, ops := mustPrepare(l.Model, h)
				took.add(search.Check(t.Context(), m, ops, search.Options{}).Statistics)
				if l.spoil != nil {
					l.spoil(h[len(h)/2:])
					m, ops = mustPrepare(l.Model, h)
					took.add(search.Check(t.Context(), m, ops, search.Options{}).Statistics)
				}
			}
			took.within(t, most[l.name])
		})
	}
}
