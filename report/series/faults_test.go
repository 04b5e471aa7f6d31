package series

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
)

func TestFaultsArePairedWithHealings(t *testing.T) {
	at := func(time int64, f, where string) checker.Incident {
		return checker.Incident{TimeNS: time, F: f, Where: where}
	}
	heal := func(time int64, fault, where string) checker.Incident {
		return checker.Incident{TimeNS: time, F: "healing", Heals: fault, Where: where}
	}
	late := checker.Incident{TimeNS: 50, TookNS: 40, F: "latency", Where: "n1->n2,n3", Call: "latency(50ms)"}
	lateHealing := checker.Incident{TimeNS: 51, F: "no-latency", Heals: "latency", Where: "n1->n2,n3", Call: "latency(50ms)"}
	for _, c := range []struct {
		name      string
		incidents []checker.Incident
		cut       bool // the recording ends before the run
		want      string
	}{
		{name: "none"},
		{"healed", []checker.Incident{at(10, "kill", "n1"), heal(30, "kill", "n1")}, false, "kill n1 10-30"},
		{"two at once", []checker.Incident{at(10, "kill", "n1"), at(20, "pause", "n2"), heal(30, "kill", "n1"), heal(40, "pause", "n2")}, false,
			"kill n1 10-30, pause n2 20-40"},
		{"the same at two nodes", []checker.Incident{at(10, "kill", "n1"), at(20, "kill", "n2"), heal(30, "kill", "n1"), heal(40, "kill", "n2")}, false,
			"kill n1 10-30, kill n2 20-40"},
		{"healed one after the other", []checker.Incident{at(10, "kill", "n1,n3"), heal(30, "kill", "n1"), heal(40, "kill", "n3")}, false, "kill n1,n3 10-40"},
		{"a part runs again anyway", []checker.Incident{at(10, "kill", "n1,n3"), heal(30, "kill", "n1")}, false, "kill n1,n3 10-30"},
		{"a part, then cut off", []checker.Incident{at(10, "kill", "n1,n3"), heal(30, "kill", "n1")}, true, "kill n1,n3 10-100 unhealed"},
		{"killed again without a start", []checker.Incident{at(10, "kill", "n1"), at(50, "kill", "n1"), heal(60, "kill", "n1")}, false,
			"kill n1 10-50 unhealed, kill n1 50-60"},
		{"killed while it was paused", []checker.Incident{at(10, "pause", "n1"), at(20, "kill", "n2"), at(30, "kill", "n1"), heal(40, "kill", "n1"), at(60, "pause", "n1"), heal(70, "pause", "n1")}, false,
			"pause n1 10-30 unhealed, kill n2 20-100 unhealed, kill n1 30-40, pause n1 60-70"},
		{"never healed", []checker.Incident{at(10, "kill", "n1")}, false, "kill n1 10-100 unhealed"},
		{"nothing to heal", []checker.Incident{{TimeNS: 30, TookNS: 10, F: "restart", Where: "n1"}}, false, "restart n1 20-30 momentary"},
		{"unknown, nothing to heal", []checker.Incident{at(10, "tick", "")}, false, "tick  10-10 momentary"},
		{"unknown, healed", []checker.Incident{at(10, "smoke", ""), heal(20, "smoke", "")}, false, "smoke  10-20"},
		{"took effect late", []checker.Incident{at(20, "kill", "n1"), heal(30, "kill", "n1"), late, lateHealing}, false,
			"latency n1->n2,n3 10-51, kill n1 20-30"},
		{"healed elsewhere", []checker.Incident{at(10, "failing", "n1"), heal(20, "failing", "n2")}, false, "failing n1 10-20"},
		{"no faults", []checker.Incident{{TimeNS: 5, F: "bgsave", Noise: true}, {TimeNS: 6, F: "backup", Prepares: "rollback"}, heal(9, "exit", "n1")}, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := &history.History{Ended: !c.cut, Nemesis: []history.Event{{Time: 100}}}
			var got []string
			for _, f := range Of(h, c.incidents).Faults {
				text := fmt.Sprintf("%s %s %d-%d", f.Name, f.Where, f.From, f.To)
				if f.Momentary {
					text += " momentary"
				} else if !f.Healed {
					text += " unhealed"
				}
				got = append(got, text)
			}
			if text := strings.Join(got, ", "); text != c.want {
				t.Errorf("got  %s\nwant %s", text, c.want)
			}
		})
	}
}
