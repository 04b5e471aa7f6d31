package nemesis

import "github.com/jepsen-lite/jepsen-lite/target/netfault"

// What becomes of what a partition holds back.
const (
	cutOff  = "cut"
	dropped = "drop"
)

func partitionKind() Kind {
	return Kind{
		Name: "partition", Healing: "rejoin", About: "lets nothing pass between servers, or clients and servers",
		Parameters: []Parameter{
			linked(halves),
			{Name: "mode", About: "cut: what was held back arrives when it heals; drop: it is lost and connections are reset", Default: cutOff, Type: oneOf(cutOff, dropped)},
		},
		near: []string{"pause", "client-pause"}, whole: canHarmLinks, ofLinks: true, needsLoad: true,
		make: laying(func(a Args) netfault.Rule {
			drop := a.text("mode") == dropped
			return netfault.Rule{Cut: !drop, Drop: drop}
		}),
	}
}
