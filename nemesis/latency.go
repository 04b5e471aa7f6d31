package nemesis

import "github.com/jepsen-lite/jepsen-lite/target/netfault"

func latencyKind() Kind {
	return Kind{
		Name: "latency", Healing: "no-latency", About: "delays all that is sent",
		Parameters: []Parameter{
			linked(everyClient),
			{Name: "delay", About: "how long, in each direction", Default: "50ms", Type: aDuration()},
			{Name: "jitter", About: "how much more or less, at random", Default: "0s", Type: aDuration().or("0s")},
		},
		near: []string{"pause", "client-pause"}, whole: canHarmLinks, ofLinks: true, needsLoad: true,
		make: laying(func(a Args) netfault.Rule {
			return netfault.Rule{Latency: a.duration("delay"), Jitter: a.shift("jitter")}
		}),
	}
}
