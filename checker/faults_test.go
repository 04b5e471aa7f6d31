package checker

import (
	"maps"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Only a fault that took effect counts: neither a try nor a healing.
func TestFaultsCountsWhatTookEffect(t *testing.T) {
	h := historyOf([]history.Event{
		event("kill", `{"node":"n1","effect":true}`),
		event("start", `{"node":"n1","heals":"kill","effect":true}`),
		event("kill", `{"node":"n2","effect":true}`),
		event("pause", `{"node":"n1","effect":false}`),
		event("pause", `{"node":"n1"}`),
		event("end", "null"),
	})
	if got, want := Faults(h), map[string]int{"kill": 2}; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A fault that nobody noticed at first counts once, and tells between whom it was.
func TestALateFaultCountsOnce(t *testing.T) {
	h := historyOf([]history.Event{
		event("partition", `{"links":"n1<->n2,n3","effect":false}`),
		event("partition", `{"links":"n1<->n2,n3","effect":true,"took_ns":5}`),
		event("rejoin", `{"links":"n1<->n2,n3","heals":"partition","effect":true}`),
	})
	if got, want := Faults(h), map[string]int{"partition": 1}; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, x := range Incidents(h) {
		if x.Where != "n1<->n2,n3" {
			t.Errorf("%s is at %q", x.F, x.Where)
		}
	}
}
