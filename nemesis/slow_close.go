package nemesis

import "github.com/jepsen-lite/jepsen-lite/target/netfault"

func slowCloseKind() Kind {
	return Kind{
		Name: "slow-close", Healing: "no-slow-close", About: "lets the end of a connection arrive late",
		Parameters: []Parameter{
			linked(everyClient),
			{Name: "delay", About: "how late", Default: "1s", Type: aDuration()},
		},
		near: []string{"pause", "client-pause"}, whole: canHarmLinks, ofLinks: true, needsLoad: true,
		make: laying(func(a Args) netfault.Rule { return netfault.Rule{CloseDelay: a.duration("delay")} }),
	}
}
