package main

import (
	"fmt"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/schedule"
)

// command explores a plan of the catalogue from the command line.
func command(p schedule.Plan) string {
	standard := harness.DefaultExplore().Plan
	words := []string{"jepsen-lite explore --workload", p.Workload.Name}
	flag := func(name string, differs bool, value any) {
		if differs {
			words = append(words, "--"+name, fmt.Sprint(value))
		}
	}
	faults := "none"
	if len(p.Faults) > 0 {
		faults = strings.Join(p.Faults, ",")
	}
	flag("persistence", p.Target.Persistence != standard.Target.Persistence, p.Target.Persistence)
	flag("replicas", p.Target.Replicas != 0, p.Target.Replicas)
	flag("faults", true, faults)
	flag("max-faults", p.MaxFaults != 0, p.MaxFaults)
	for _, tick := range p.Ticks {
		flag("tick", true, tick)
	}
	flag("seed", true, p.Seed)
	return strings.Join(words, " ")
}
