package paper

import (
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker/promise"
)

// expectation is a violation that the documentation of a configuration announces.
type expectation struct {
	when func(c Configuration, p Plan) bool
	says string
}

func (c Configuration) parameter(name string) string {
	for _, p := range c.all {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// hit reports whether any of the faults took effect.
func (p Plan) hit(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return p.Injected[name] > 0 })
}

// expectations are what may be lost by what Redis' documentation says of persistence,
// replication, eviction and locks (redis.io/docs, operate/oss_and_stack/management,
// develop/reference/eviction, develop/clients/patterns/distributed-locks).
func expectations() []expectation {
	return []expectation{
		{func(c Configuration, _ Plan) bool { return strings.Contains(c.About, "(incorrect") },
			"the workload's code is known to be incorrect, and the violation is what it is there to show."},
		{func(c Configuration, p Plan) bool {
			return c.parameter("persistence") == "none" && p.hit("kill", "restart", "powerloss", "loading")
		}, "without persistence nothing outlives the server's process; what a crash loses there was never promised to be kept."},
		{func(c Configuration, p Plan) bool {
			return c.parameter("persistence") != "aof-always" && p.hit("powerloss", "slow-fsync", "fsync-error")
		}, "the log is not synced before each answer, so that what was acknowledged since the last sync may go with the power."},
		{func(c Configuration, p Plan) bool {
			return strings.HasPrefix(c.Workload, "lock") && p.hit("client-pause", "pause", "clock-jump", "clock-drift")
		}, "a lock with a time to live ends while its holder stands still, or by a clock that errs; Redis' documentation of distributed locks asks for fencing tokens against that."},
		{func(_ Configuration, p Plan) bool {
			return p.hit("eviction", "rollback", "aof-truncate", "aof-corrupt")
		},
			"the fault itself takes acknowledged data away, and no server can give them back."},
		{func(c Configuration, p Plan) bool {
			topology := c.parameter("topology")
			return (topology == "replicated" || topology == "cluster") && p.hit("kill", "pause", "partition", "failover", "powerloss", "restart")
		}, "Redis replicates asynchronously, so that a failover may lose what the old primary had acknowledged."},
	}
}

// expected says which violations are no surprise. They are controls: a method that did
// not find them would find nothing.
func (c *composer) expected() {
	var items []Text
	done := map[string]bool{}
	for _, f := range c.study.Findings {
		key := f.Configuration + ", " + f.Plan
		if f.Standing != promise.Violated || done[key] {
			continue
		}
		done[key] = true
		items = append(items, text(strong(key+" "), "("+c.workload(f.Configuration)+"): ", c.expectation(f)))
	}
	if len(items) == 0 {
		return
	}
	c.section(2, "reading", "Reading the violations")
	c.say("Some violations are what the documentation of Redis announces for such a configuration, or what a workload is known for. Those are controls: ",
		"they show that the method finds what is there. That a violation has the cause named here is likely, and not proved.")
	c.list(items...)
}

func (c *composer) expectation(f Finding) string {
	configuration := c.study.Configurations[slices.IndexFunc(c.study.Configurations, func(x Configuration) bool { return x.Label == f.Configuration })]
	plan := c.study.Plans[slices.IndexFunc(c.study.Plans, func(x Plan) bool { return x.Label == f.Plan })]
	for _, e := range expectations() {
		if e.when(configuration, plan) {
			return e.says
		}
	}
	return "nothing in the configuration or the faults announces it; look here first."
}
