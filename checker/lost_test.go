package checker

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
)

func TestLostFindsAllThatAResultCounts(t *testing.T) {
	for _, test := range []struct {
		check, add, drawing string
	}{
		{"durability", "add", "1  %s|-read → []-|\n"},
		{"delivery", "enqueue", "1  %s|-dequeue → null-|\n"},
		{"at-least-once", "enqueue", "0  |-enqueue 99-|\n1  %s|-dequeue → 99-|\n2  %[1]s                |-dequeue → null-|\n"},
	} {
		t.Run(test.check, func(t *testing.T) {
			drawing := ""
			for i := range maxAnomalies + 5 {
				drawing += fmt.Sprintf("%d  |-%s %d-|\n", 10+i, test.add, i)
			}
			ops := sketch.MustParse(drawing + fmt.Sprintf(test.drawing, "                          "))
			lost, err := Lost(test.check, &history.History{Ops: ops})
			if err != nil || len(lost) != maxAnomalies+5 {
				t.Fatalf("got %v, %v", lost, err)
			}
			r := judge(t, test.check, ops)
			if n := r.Statistics["lost"]; n != len(lost) || len(r.Anomalies) != maxAnomalies {
				t.Errorf("the result counts %v and lists %d", n, len(r.Anomalies))
			}
		})
	}
	if _, err := Lost("stats", &history.History{}); err == nil {
		t.Error("stats finds what was lost")
	}
}

// Of many anomalies the first of each type is listed.
func TestResultsListEachType(t *testing.T) {
	var many []Anomaly
	for i := range 100 {
		many = append(many, Anomaly{Type: "lost", Ops: []int{i}})
	}
	many = append(many, Anomaly{Type: "duplicate", Ops: []int{100}})
	r := found(many, nil)
	if n := len(r.Anomalies); n != maxAnomalies || r.Anomalies[n-1].Type != "duplicate" || r.Anomalies[n-2].Ops[0] != maxAnomalies-2 {
		t.Errorf("got %v", r.Anomalies)
	}
	if few := many[98:]; !slices.EqualFunc(found(few, nil).Anomalies, few, func(a, b Anomaly) bool { return a.Type == b.Type }) {
		t.Error("few are not all listed")
	}
}
