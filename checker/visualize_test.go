package checker

import (
	"bytes"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

func TestVisualize(t *testing.T) {
	m, err := model.Parse("fifo-queue")
	if err != nil {
		t.Fatal(err)
	}
	small := sketch.MustParse(`
0  |-enqueue 41 → 41-|
1                     |-dequeue → 41-|
2                           |-enqueue 42-?`)
	large := modeltest.Large(1, modeltest.Load{Model: "fifo-queue"}, 3000, 5)
	for _, test := range []struct {
		name       string
		ops        []history.Op
		result     Result
		drawn, err string
		shows      string
	}{
		{"a small one whole", small, Result{}, "all 3 operations", "", "dequeue → 41"},
		{"of a large one what is wrong", large, Result{Anomalies: []Anomaly{{Ops: []int{large[5].Invoked, large[7].Invoked}}}},
			"the 2 operations of the violations, alone", "", "queue"},
		{"a large one without a violation", large, Result{}, "", "too many to draw", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var page bytes.Buffer
			drawn, err := Visualize(&page, m, &history.History{Ops: test.ops}, test.result)
			if drawn != test.drawn || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Fatalf("got %q, %v", drawn, err)
			}
			if !strings.Contains(page.String(), test.shows) {
				t.Errorf("the page does not show %q", test.shows)
			}
		})
	}
}
