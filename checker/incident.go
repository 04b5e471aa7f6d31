package checker

import (
	"strings"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Incident is something that the nemesis did and that took effect: a fault, the
// healing of one, what prepared one, or background noise.
type Incident struct {
	// TimeNS is when it was over, TookNS how long it took.
	TimeNS int64 `json:"time_ns"`
	TookNS int64 `json:"took_ns,omitempty"`
	// F is the name of the fault (kill) or of its healing (start).
	F string `json:"f"`
	// Where is a node or a client, or several with commas between them, or the links
	// between such: n1<->n2,n3, or several of these: n1<->n3; n2<->n4.
	Where string `json:"where,omitempty"`
	// Call is the fault as the plan calls it, kill(primary), where that says more
	// than F.
	Call string `json:"call,omitempty"`
	// Heals names the fault that this healed, Prepares one that it prepared.
	Heals    string `json:"heals,omitempty"`
	Prepares string `json:"prepares,omitempty"`
	// Noise: it is no fault, and part of none.
	Noise bool `json:"noise,omitempty"`
}

// isFault tells a fault from what comes before and after one, and from noise.
func (i Incident) isFault() bool { return i.Heals == "" && i.Prepares == "" && !i.Noise }

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
		for _, place := range []string{"node", "client", "nodes", "clients", "links"} {
			if where, ok := e.Value.Field(place); ok {
				incident.Where = joined(where)
			}
		}
		if call, ok := e.Value.Field("call"); ok {
			incident.Call, _ = call.Text()
		}
		if noise, ok := e.Value.Field("noise"); ok {
			incident.Noise = noise == history.Bool(true)
		}
		if took, ok := e.Value.Field("took_ns"); ok {
			incident.TookNS, _ = took.Int()
		}
		incident.Heals, incident.Prepares = named(e.Value, "heals"), named(e.Value, "prepares")
		all = append(all, incident)
	}
	return all
}

// joined is a text, or the texts of a list with commas between them.
func joined(v history.Value) string {
	if elements, ok := v.Elements(); ok {
		var texts []string
		for _, e := range elements {
			texts = append(texts, joined(e))
		}
		return strings.Join(texts, ",")
	}
	text, _ := v.Text()
	return text
}

// named returns a field that names a fault. What is there and no text names one
// all the same.
func named(v history.Value, field string) string {
	name, ok := v.Field(field)
	if !ok {
		return ""
	}
	if text, _ := name.Text(); text != "" {
		return text
	}
	return name.String()
}

// Faults counts the faults that took effect, by name.
func Faults(h *history.History) map[string]int {
	counts := map[string]int{}
	for _, incident := range Incidents(h) {
		if incident.isFault() {
			counts[incident.F]++
		}
	}
	return counts
}
