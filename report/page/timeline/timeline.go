package timeline

import (
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/runfolder"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

// Timeline is a history made ready to be packed. It is used by one goroutine.
type Timeline struct {
	ops   []history.Op
	keep  []bool
	kept  Kept
	lanes lanes
	texts *texts
	head  head
}

// Options say what to pack besides the history.
type Options struct {
	// Clients is how many clients worked at a time; 0: not known.
	Clients int
	// Anomalies are held whole, whatever else is thinned.
	Anomalies []Anomaly
	Logs      []runfolder.Log
	// MaxOps is how many operations to hold; 0: [MaxOps].
	MaxOps int
}

// Anomaly is one to jump to.
type Anomaly struct {
	Title string `json:"title"`
	Key   string `json:"key"`
	// Ops are the indexes of the invocations that prove it.
	Ops []int `json:"ops"`
}

// head is what the page knows besides the columns. Times are nanoseconds since the
// run began.
type head struct {
	End        int64     `json:"end"`
	Columns    []int     `json:"columns"` // their lengths
	Lanes      []string  `json:"lanes"`
	Operations []string  `json:"operations"`
	Keys       []string  `json:"keys"`
	Texts      []string  `json:"texts"`
	Shortened  int       `json:"shortened"` // texts that are cut
	Left       int       `json:"left"`      // texts there was no room for
	Anomalies  []Anomaly `json:"anomalies"`
	Faults     []fault   `json:"faults"`
	Width      int64     `json:"width"` // of a slice
	// Slices are ok, fail and info of each slice of the run, of all operations.
	Slices [][3]int        `json:"slices"`
	Held   int             `json:"held"`
	Logs   []runfolder.Log `json:"logs"`
}

type fault struct {
	Name   string `json:"name"`
	Where  string `json:"where"`
	Call   string `json:"call,omitempty"`
	From   int64  `json:"from"`
	To     int64  `json:"to"`
	Healed bool   `json:"healed"`
}

// New chooses what to hold of a history, and lays its processes in lanes.
func New(h *history.History, s *series.Series, o Options) *Timeline {
	limit := o.MaxOps
	if limit == 0 {
		limit = MaxOps
	}
	var near []int
	for _, a := range o.Anomalies {
		near = append(near, a.Ops...)
	}
	t := &Timeline{ops: h.Ops, lanes: lay(h.Ops, o.Clients), texts: newTexts()}
	t.keep, t.kept = choose(h.Ops, near, limit)
	t.head = head{
		End: s.End, Width: s.Width, Lanes: t.lanes.names, Held: t.kept.Held,
		Anomalies: list(o.Anomalies), Faults: []fault{}, Slices: [][3]int{}, Logs: list(o.Logs),
	}
	for _, f := range s.Faults {
		t.head.Faults = append(t.head.Faults, fault{f.Name, f.Where, f.Call, f.From, f.To, f.Healed})
	}
	for _, one := range s.Slices {
		t.head.Slices = append(t.head.Slices, [3]int{one.OK, one.Fail, one.Info})
	}
	return t
}

// list makes an empty list of none: the page goes through lists without asking.
func list[T any](of []T) []T {
	if of == nil {
		return []T{}
	}
	return of
}

// Kept says what the timeline holds.
func (t *Timeline) Kept() Kept { return t.kept }
