package nemesis_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jepsen-lite/jepsen-lite/nemesis"
)

func ExampleFind() {
	k, err := nemesis.Find("kill")
	fmt.Printf("%s, then %s: %s %v\n", k.Name, k.Healing, k.About, err)
	_, err = nemesis.Find("explode")
	fmt.Println(err)
	// Output:
	// kill, then start: ends a server with SIGKILL; it starts again on its data <nil>
	// unknown fault "explode": expected some of kill, pause, restart, client-pause, or none
}

func ExampleKinds() {
	for _, k := range nemesis.Kinds() {
		fmt.Printf("%-12s %s\n", k.Name, k.About)
	}
	// Output:
	// kill         ends a server with SIGKILL; it starts again on its data
	// pause        freezes a server with SIGSTOP
	// restart      stops a server properly and starts it again at once
	// client-pause freezes one client between two of its commands, as a long garbage collection does
}

// The same seed gives the same faults at the same times.
func ExamplePlan_Steps() {
	plan := nemesis.Plan{Faults: []string{"kill", "pause"}, Interval: 4 * time.Second, Duration: 2 * time.Second}
	next := plan.Steps(rand.New(rand.NewPCG(4, 2)))
	for range 4 {
		step := next()
		fmt.Printf("after %v: %s for %v\n", step.Wait.Round(time.Millisecond), step.Fault, step.Last.Round(time.Millisecond))
	}
	// Output:
	// after 3.548s: kill for 535ms
	// after 3.014s: pause for 906ms
	// after 4.781s: kill for 1.332s
	// after 2.225s: pause for 1.236s
}

func ExamplePlan_Validate() {
	fmt.Println(nemesis.Plan{Faults: []string{"kill"}}.Validate())
	// Output: the nemesis interval must be longer than 0s
}
