package nemesis

import "github.com/jepsen-lite/jepsen-lite/target/netfault"

func halfOpenKind() Kind {
	return Kind{
		Name: "half-open", Healing: "hang-up", About: "ends connections on one side; the other one, from where the arrow comes, hears nothing of it",
		Parameters: []Parameter{linked(everyClient + oneWay + "all")},
		near:       []string{"pause", "client-pause"}, whole: canHarmLinks, ofLinks: true, needsLoad: true,
		make: laying(func(Args) netfault.Rule { return netfault.Rule{HalfOpen: true} }),
	}
}
