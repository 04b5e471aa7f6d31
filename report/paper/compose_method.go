package paper

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// method says how it was tested and judged.
func (c *composer) method() {
	c.section(1, "method", "Method")
	c.section(2, "workloads", "Workloads and recording")
	c.say("Each client is a logical process with one operation at a time: it records the invocation, calls the server, and records the completion as ",
		strong("ok"), " (it took effect), ", strong("fail"), " (it certainly did not) or ", strong("info"),
		" (nobody knows: it may have taken effect, may do so later, or never). After an info the client goes on as a new process, and never sends a request again by itself. ",
		"An error is counted as fail only if the request provably never left, or the server provably refused it before any effect; ",
		"everything else is info. Histories are written to disk as they happen, and judged from there.")
	c.say("Operations are drawn from a generator with the run's seed; values and tokens are unique, so that what is read names what was written. ",
		"After the last fault has been healed and the system is whole again, final reads are made where the workload has them.")
	c.faultModel()
	c.timing()
	c.judging()
	c.statistics()
}

func (c *composer) faultModel() {
	c.section(2, "faults", "Fault model")
	var rows [][]Text
	names := map[string]bool{}
	for _, p := range c.study.Plans {
		interval, longest := took(int64(p.Interval)), took(int64(p.Longest))
		switch {
		case p.timed:
			interval, longest = "–", "–"
		case p.Longest == 0:
			longest = "interval"
		}
		var injected []string
		for _, name := range slices.Sorted(maps.Keys(p.Injected)) {
			names[name] = true
			injected = append(injected, fmt.Sprintf("%s %s", name, svg.Count(p.Injected[name])))
		}
		if injected == nil {
			injected = []string{"none"}
		}
		rows = append(rows, []Text{text(p.Label), text(code(p.Text)), text(interval), text(longest),
			text(of(strings.Join(injected, ", "), p.Runs)), text(of(spans(p.Runs), p.Runs))})
	}
	c.say("A nemesis injects faults by a plan and heals each of them. A fault that changed nothing (a kill of a server that is down) is recorded, and does not count. ",
		"A run in which none of the faults asked for took effect proves nothing.")
	c.table(text("Fault plans, in the plan language of jepsen-lite. Faults without times of their own come in turn, the interval apart, and last a quarter of the longest duration to all of it."),
		[]Column{{"", 4, false}, {"Plan", 34, false}, {"Interval", 10, true}, {"Longest", 12, true}, {"Took effect", 24, false}, {"Runs", 14, false}}, rows)
	var items []Text
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if kind, err := nemesis.Find(name); err == nil {
			items = append(items, text(strong(name), " "+kind.About+"."))
		}
	}
	c.list(items...)
}

func (c *composer) timing() {
	c.section(2, "timing", "Time and chance")
	s := c.study
	simulated, real := 0, 0
	for _, r := range s.Runs {
		if r.info.Target == "sim" {
			simulated++
		} else {
			real++
		}
	}
	parts := []any{plural(len(s.Runs), "The run", "All runs together") + " lasted " + took(int64(s.load())) + ". ",
		"Times are nanoseconds of one monotonic clock since the run began, taken by the process that is also all clients, so that they can be compared with each other. "}
	if simulated > 0 {
		parts = append(parts, fmt.Sprintf("In %s the servers were simulated in virtual time: the same seed gives the same history, byte for byte. ",
			counted(simulated, "run", "runs")))
	}
	if real > 0 {
		parts = append(parts, "On real servers the seed decides what clients call, what values they write, and when and where faults come; ",
			"how the operating system interleaves it all is not decided by the seed. ")
	}
	parts = append(parts, "Seeds stand in the list of runs.")
	c.say(parts...)
}

// judging says what the checks that were used can conclude, and what not.
func (c *composer) judging() {
	c.section(2, "checks", "What the checks conclude")
	used := map[string]bool{}
	engines := map[string]bool{}
	for _, r := range c.study.Runs {
		for _, x := range r.checks {
			used[base(x.Name)] = true
			if base(x.Name) == "linearizable" {
				for _, e := range strings.Split(x.Engine, "+") {
					engines[e] = true
				}
			}
		}
	}
	if used["linearizable"] {
		c.say(strong("Linearizability"), " ", cite("herlihy1990"), " asks for an order of all operations that the object's sequential specification allows, ",
			"in which each takes effect at one moment between its call and its return. It is local, so each key is judged by itself. ",
			"An operation of unknown outcome may take effect at any time after its call, or never: that can excuse more than is true, and accuse nobody. ",
			"It is the strongest of the promises that are usual for single objects: it implies sequential consistency ", cite("lamport1979"),
			" and the session guarantees ", cite("terry1994"), ".")
		c.engines(engines)
		c.say("A violation comes with operations that prove it, as few as could be found: by the monitors' reasons, else by leaving out what is not needed ", cite("zeller2002"), ". ",
			"A verdict of no violation is exact for the recorded history, and says nothing about histories that were not recorded. ",
			"Deciding it is NP-complete in general ", cite("gibbons1997"), ": where a bound of time or memory is reached the promise is not decided.")
	}
	c.list(checkItems(used)...)
}

func (c *composer) engines(engines map[string]bool) {
	var ways []Text
	if engines["monitor"] {
		ways = append(ways, text("by exact monitors that use the uniqueness of values, in time that grows as n log n: zones of blocks for registers and locks after ",
			cite("gibbons1997"), ", and conditions on pairs and layers for queues and sets, related to ", cite("henzinger2013"), ", ", cite("bouajjani2015"), ", ",
			cite("emmi2018"), " and ", cite("lee2025"), ", extended to unknown outcomes"))
	}
	if engines["search"] {
		ways = append(ways, text("by a search through calls and returns after ", cite("wing1993"), " and ", cite("lowe2017"), ", with pruning that loses nothing"))
	}
	if engines["porcupine"] {
		ways = append(ways, text("by porcupine, an implementation of ", cite("horn2015")))
	}
	if len(ways) == 0 {
		return
	}
	parts := []any{"Keys were judged "}
	for i, way := range ways {
		switch {
		case i == 0:
		case i == len(ways)-1:
			parts = append(parts, ", and ")
		default:
			parts = append(parts, ", ")
		}
		parts = append(parts, way)
	}
	if !engines["porcupine"] {
		parts = append(parts, ". Where it is feasible, a key's answer is confirmed by porcupine, an independent implementation of ", cite("horn2015"))
	}
	c.say(append(parts, ".")...)
}

// checkItems says of each other check what it can and cannot conclude.
func checkItems(used map[string]bool) (items []Text) {
	for _, x := range [][2]string{
		{"delivery", "counts what a drained queue delivered. Elements that a dequeue of unknown outcome may have taken are excused, so it can miss losses beside faults; where a queue was not seen empty at the end, losses are not decided."},
		{"at-least-once", "counts the elements that no finished piece of work delivered, and excuses none with a dequeue of unknown outcome."},
		{"durability", "compares the last read of a set with what had been acknowledged. It sees what is lost for good, and not what was missing for a while."},
		{"exclusion", "goes by what holders were told: two who both believed to hold the lock at one moment. It does not see whether both acted on it."},
		{"expiry", "goes by refusals that name the holder: nobody is seen holding a lock after its time to live."},
		{"fencing", "asks that the numbers of grants grow, and that the protected resource never accepts an older one."},
		{"freshness", "finds reads of values that had been overwritten before the read began: a regular register, which is less than linearizability."},
		{"evidence", "judges the run, not the system: a run with few successful operations, or without the faults that it was asked for, decides nothing, whatever its other checks say."},
	} {
		if used[x[0]] {
			items = append(items, text(strong(x[0]), " "+x[1]))
		}
	}
	return items
}

func (c *composer) statistics() {
	c.section(2, "statistics", "Confidence")
	c.say("A run is one trial: it shows a violation of a promise, or it shows none, or it decides nothing and is left out. For a promise that none of ",
		"n runs violated, the upper bound of the chance p that a run does is, at 95 %, 1 − 0.05^(1/n), the exact form of the rule of three ", cite("hanley1983"),
		"; where k of n did, the interval of p is Wilson's ", cite("wilson1927"), ". Both take runs with different seeds as independent trials of one chance. ",
		"Runs with the very same history are counted once. A bound of 5 % takes 59 runs without a violation, one of 1 % takes 299.")
}
