package report

import (
	"io"

	"github.com/jepsen-lite/jepsen-lite/report/figure"
	"github.com/jepsen-lite/jepsen-lite/report/page"
	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// picture is a figure of the whole run: for the page, and as a file.
type picture struct {
	page.Figure
	file []byte
}

func (p *picture) save(w io.Writer) error {
	_, err := w.Write(p.file)
	return err
}

// pictures draws the figures of a run, in the order of the page.
func pictures(s *series.Series) []picture {
	var all []picture
	for _, p := range []struct {
		name, title, caption string
		draw                 func(*series.Series, figure.Options) *svg.Drawing
	}{
		{"latency", "Latency", "How long clients waited, by outcome; lines are quantiles of the operations that succeeded.", figure.Latency},
		{"throughput", "Throughput", "Operations that ended, a second, by outcome.", figure.Throughput},
		{"histogram", "Latency by operation", "How long the operations took that succeeded.", figure.Histogram},
		{"availability", "Availability under faults", "The share of operations that succeeded of those called during each fault, and how soon one did after its healing.", figure.Availability},
	} {
		if p.name == "availability" && len(s.Windows) == 0 {
			continue // it says nothing
		}
		all = append(all, picture{
			page.Figure{Name: p.name, Title: p.title, Caption: p.caption, Drawn: page.Draw(p.name, func(o figure.Options) *svg.Drawing { return p.draw(s, o) })},
			p.draw(s, figure.Options{}).File(),
		})
	}
	return all
}
