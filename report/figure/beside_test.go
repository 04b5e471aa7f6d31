package figure

import (
	"fmt"
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// steady is a run of so many operations, one each pause, that took as long as took.
func steady(count int, pause, took int64) *series.Series {
	h := &history.History{Ended: true}
	for i := range count {
		call := int64(i) * pause
		h.Ops = append(h.Ops, history.Op{F: "read", Call: call, Return: call + took, Outcome: history.OK, Invoked: 2 * i, Completed: 2*i + 1})
	}
	return series.Of(h, nil)
}

// The axes of two runs that are drawn beside each other are the same.
func TestBesideHasTheSameScales(t *testing.T) {
	tick := regexp.MustCompile(`^[0-9,.]+( (ns|µs|ms|s|min))?$`)
	short, long := steady(500, 1e6, 2e5), steady(300, 40e6, 30e6)
	for name, draw := range map[string]func(*series.Series, Options) *svg.Drawing{"latency": Latency, "throughput": Throughput} {
		ticks := func(s, beside *series.Series) string {
			var all []string
			for _, w := range texts(t, draw(s, Options{Beside: beside}).File()) {
				if tick.MatchString(w.text) {
					all = append(all, w.text)
				}
			}
			return fmt.Sprint(all)
		}
		if a, b := ticks(short, long), ticks(long, short); a != b {
			t.Errorf("%s: %s beside %s", name, a, b)
		}
		if ticks(short, nil) == ticks(short, long) {
			t.Errorf("%s: the other run changes nothing", name)
		}
	}
}

func TestBesideIsReadable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, o := drawRun(t), Options{Beside: drawRun(t), Width: rapid.SampledFrom([]float64{0, 360, 540}).Draw(t, "width")}
		for _, draw := range []func(*series.Series, Options) *svg.Drawing{Latency, Throughput, Histogram, Availability} {
			checkReadable(t, draw(s, o))
		}
	})
}
