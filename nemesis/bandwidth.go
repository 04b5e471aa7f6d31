package nemesis

import "github.com/jepsen-lite/jepsen-lite/target/netfault"

func bandwidthKind() Kind {
	return Kind{
		Name: "bandwidth", Healing: "full-bandwidth", About: "lets only so many bytes a second pass on each link",
		Parameters: []Parameter{
			linked(everyClient),
			{Name: "limit", About: "bytes a second", Default: "4kb", Type: aSize()},
		},
		near: []string{"pause", "client-pause"}, whole: canHarmLinks, ofLinks: true, needsLoad: true,
		make: laying(func(a Args) netfault.Rule {
			return netfault.Rule{BytesPerSecond: a.size("limit")}
		}),
	}
}
