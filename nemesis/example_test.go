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
	// unknown fault "explode": did you mean pause? (there are kill, pause, restart, client-pause, partition, latency, bandwidth, reset, half-open, slow-close, refuse, rollback, loading, eviction, clock-jump, clock-drift, powerloss, slow-fsync, fsync-error, disk-full, read-only, aof-truncate, aof-corrupt, failover, move-slots, scale-out, rename, bgsave, bgrewriteaof, config, or none)
}

func ExampleKind_Signature() {
	for _, name := range []string{"kill", "config", "eviction", "client-pause"} {
		k, _ := nemesis.Find(name)
		fmt.Println(k.Signature(), k.IsFault())
	}
	// Output:
	// kill(place=one) true
	// config(name, value, place=one) false
	// eviction(size=used, policy=allkeys-lru, place=one) true
	// client-pause true
}

func ExampleParse() {
	items, err := nemesis.Parse("kill( primary ) every 60s, pause, config(save, \"60 1\") once at 1m30s for 3s")
	fmt.Println(err)
	for _, item := range items {
		fmt.Println(item)
	}
	_, err = nemesis.Parse("kill(primray) every 5s")
	fmt.Println(err)
	// Output:
	// <nil>
	// kill(primary) every 1m
	// pause
	// config(save, "60 1") once at 1m30s for 3s
	// column 6: "primray" does not fit kill: place expects one, all, primary, replica, replicas, sentinels, majority, minority, or a node's name, as n1 (did you mean primary?)
}

// The same seed gives the same faults at the same times.
func ExampleTrack_Steps() {
	items, _ := nemesis.Parse("kill,pause")
	plan := nemesis.Plan{Items: items, Interval: 4 * time.Second, Duration: 2 * time.Second}
	rotation := plan.Tracks()[0]
	next := rotation.Steps(rand.New(rand.NewPCG(4, 2)))
	for range 4 {
		step, _ := next(0)
		fmt.Printf("after %v: %v for %v\n", step.Wait.Round(time.Millisecond), rotation.Items[step.Item], step.Last.Round(time.Millisecond))
	}
	// Output:
	// after 3.548s: kill for 535ms
	// after 3.014s: pause for 906ms
	// after 4.781s: kill for 1.332s
	// after 2.225s: pause for 1.236s
}

func ExamplePlan_Validate() {
	fmt.Println(nemesis.Plan{Items: []nemesis.Item{{Fault: "kill"}}}.Validate())
	// Output: the nemesis interval must be longer than 0s
}
