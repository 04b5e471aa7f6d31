package schedule

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// comparisons is how many schedules a test of fidelity compares:
// JEPSEN_LITE_FIDELITY, or a few.
func comparisons(t *testing.T) int {
	text := os.Getenv("JEPSEN_LITE_FIDELITY")
	if text == "" {
		return 3
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// timeless is a history without its times, and with the members of sets in order.
func timeless(events []history.Event) []string {
	var lines []string
	for _, e := range events {
		value := ""
		if members, isList := e.Value.Elements(); isList && e.F == "read" {
			slices.SortFunc(members, history.Value.Compare)
			e.Value = history.List(members...)
		}
		if !e.Value.IsAbsent() {
			value = e.Value.String()
		}
		lines = append(lines, fmt.Sprintf("%v %v %s %s %s %s", e.Process, e.Type, e.F, e.Key, value, e.Error))
	}
	return lines
}

// A schedule that was drawn on the simulator has the same history, final reads
// included, on a real server.
func TestBothWorldsGiveTheSameHistory(t *testing.T) {
	processtest.Require(t)
	for _, persistence := range []string{target.None, "rdb:900/1000000", target.AOFAlways, target.AOFEverysec, target.AOFNo, "mixed:900/1000000"} {
		t.Run(persistence, func(t *testing.T) {
			world := Process("", t.TempDir())
			defer world.Close()
			for _, w := range workloads.All() {
				compareWorlds(t, world, w, persistence, comparisons(t))
			}
		})
	}
}

func compareWorlds(t *testing.T, world World, w workloads.Workload, persistence string, count int) {
	plan := Plan{
		Workload: Workload{w.Name, workloads.Options{TTL: 10 * time.Minute, Hold: time.Millisecond, Stock: 3}},
		Target:   Target{Persistence: persistence}, Keys: 2, MaxFaults: 4,
		Faults: []string{"kill", "pause", "restart", "timeout", "bgsave", "bgrewriteaof"}, Workers: 1,
	}
	search, err := Explorer{Plan: plan.withDefaults(), Workload: w, NewWorld: func() (World, error) { return Simulated(), nil }}.newSearch()
	if err != nil {
		t.Fatal(err)
	}
	defer search.close()
	real := &Executor{World: world, Workload: w}
	for number := range int64(count) {
		a := search.try(search.executors[0], number, search.generator)
		if a.err != nil {
			t.Fatal(a.err)
		}
		e, err := real.Execute(a.schedule)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := timeless(e.Events), timeless(a.execution.Events); !slices.Equal(got, want) {
			t.Fatalf("%s, schedule %d: the histories differ\nreal:\n%s\nsimulated:\n%s\nschedule:\n%s", w.Name, number,
				strings.Join(got, "\n"), strings.Join(want, "\n"), a.schedule.Encode())
		}
		if len(e.Skipped) > 0 || e.Verdict != a.execution.Verdict {
			t.Fatalf("%s, schedule %d: skipped %v; %s here, %s there\n%s", w.Name, number, e.Skipped, e.Verdict, a.execution.Verdict, a.schedule.Encode())
		}
	}
}
