package nemesis

import "github.com/jepsen-lite/jepsen-lite/target/netfault"

func refuseKind() Kind {
	return Kind{
		Name: "refuse", Healing: "accept", About: "refuses new connections; those that there are stay",
		Parameters: []Parameter{linked(everyClient)},
		near:       []string{"kill", "client-pause"}, whole: canHarmLinks, ofLinks: true, needsLoad: true,
		make: laying(func(Args) netfault.Rule { return netfault.Rule{Refuse: true} }),
	}
}
