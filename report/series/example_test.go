package series_test

import (
	"fmt"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

// A server is killed from the first second to the third. One client asks meanwhile,
// another one after that.
func ExampleOf() {
	second := int64(time.Second)
	h := &history.History{Ended: true, Ops: []history.Op{
		{F: "read", Call: 2 * second, Return: 2*second + 1000, Outcome: history.Fail, Invoked: 0, Completed: 1},
		{F: "read", Call: 4 * second, Return: 4*second + 5000, Outcome: history.OK, Invoked: 2, Completed: 3},
	}}
	s := series.Of(h, []checker.Incident{
		{TimeNS: second, F: "kill", Where: "n1"},
		{TimeNS: 3 * second, F: "start", Where: "n1", Heals: "kill"},
	})
	for _, w := range s.Windows {
		fmt.Println(w.Fault.Name, w.Total(), w.Share(), time.Duration(w.FirstSuccess))
	}
	// Output: kill 1 0 1.000005s
}
