package nemesis

import (
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// event is something that the nemesis has done.
type event struct {
	Effect
	kind     Kind
	call     string // empty: the kind's name says all
	heals    string
	prepares string
	took     time.Duration
	err      error
}

// value returns the event's value, as the package comment describes it.
func (e event) value() history.Value {
	fields := map[string]any{"effect": e.Took, "took_ns": int64(e.took)}
	for name, figure := range e.Figures {
		fields[name] = figure
	}
	one, several := "node", "nodes"
	switch {
	case e.kind.ofClients:
		one, several = "client", "clients"
	case e.kind.ofLinks:
		one, several = "links", "links"
	}
	switch len(e.Where) {
	case 0:
	case 1:
		fields[one] = e.Where[0]
	default:
		fields[several] = e.Where
	}
	for name, text := range map[string]string{"call": e.call, "heals": e.heals, "prepares": e.prepares} {
		if text != "" {
			fields[name] = text
		}
	}
	if e.kind.Noise {
		fields["noise"] = true
	}
	if e.err != nil {
		fields["error"] = e.err.Error()
	}
	v, _ := history.JSON(fields) // booleans, numbers and strings always encode
	return v
}
