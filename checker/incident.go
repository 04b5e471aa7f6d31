package checker

import "github.com/jepsen-lite/jepsen-lite/history"

// Incident is a fault that took effect, or the healing of one.
type Incident struct {
	// TimeNS is when it was over, TookNS how long it took.
	TimeNS int64 `json:"time_ns"`
	TookNS int64 `json:"took_ns,omitempty"`
	// F is the name of the fault (kill) or of its healing (start).
	F string `json:"f"`
	// Where is a node or a client.
	Where string `json:"where,omitempty"`
	// Heals names the fault that this healed.
	Heals string `json:"heals,omitempty"`
}

// Incidents returns what the nemesis did, in order, as far as it took effect. An
// event says so in its value: {"effect":true}.
func Incidents(h *history.History) []Incident {
	var all []Incident
	for i := range h.Nemesis {
		e := &h.Nemesis[i]
		if took, _ := e.Value.Field("effect"); took != history.Bool(true) {
			continue
		}
		incident := Incident{TimeNS: e.Time, F: e.F}
		for _, place := range []string{"node", "client"} {
			if where, ok := e.Value.Field(place); ok {
				incident.Where, _ = where.Text()
			}
		}
		if took, ok := e.Value.Field("took_ns"); ok {
			incident.TookNS, _ = took.Int()
		}
		if heals, ok := e.Value.Field("heals"); ok {
			if incident.Heals, _ = heals.Text(); incident.Heals == "" {
				incident.Heals = heals.String() // a healing all the same
			}
		}
		all = append(all, incident)
	}
	return all
}

// Faults counts the faults that took effect, by name.
func Faults(h *history.History) map[string]int {
	counts := map[string]int{}
	for _, incident := range Incidents(h) {
		if incident.Heals == "" {
			counts[incident.F]++
		}
	}
	return counts
}
