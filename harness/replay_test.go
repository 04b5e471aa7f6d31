package harness

import (
	"math/rand/v2"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/workloads"
	"github.com/jepsen-lite/jepsen-lite/workloads/recipes"
)

// What a workload's generator makes is known, in whichever lane.
func TestEveryOperationOfAWorkloadIsKnown(t *testing.T) {
	for _, w := range append(workloads.All(), recipes.All()...) {
		options := DefaultExplore().Plan.Workload.Options
		s := &schedule.Schedule{Workload: schedule.Workload{Name: w.Name, Options: options}}
		for number := range 8 {
			lane := workloads.Lane{Number: number, Of: 8, Keys: workloads.NewKeys(2, 0), Rand: rand.New(rand.NewPCG(7, uint64(number)))}
			var ops []schedule.Op
			instance := w.New(options)
			for _, op := range instance.Plan(lane, 300) {
				ops = append(ops, schedule.Op{F: op.F, Key: op.Key, Value: op.Value})
			}
			s.Clients = append(s.Clients, ops)
		}
		if err := knows(w, s); err != nil {
			t.Error(err)
		}
	}
}
