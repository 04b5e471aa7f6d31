package paper

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// traits are what decides which threats there are.
type traits struct {
	simulated, processes, containers, external, stepped bool
	faults                                              map[string]bool
	shortest, longest                                   time.Duration
	same                                                int
}

func (c *composer) traits() traits {
	t := traits{faults: map[string]bool{}}
	for _, r := range c.study.Runs {
		switch r.info.Target {
		case "sim":
			t.simulated = true
		case "process":
			t.processes = true
		case "docker":
			t.containers = true
		default:
			t.external = true
		}
		t.stepped = t.stepped || r.Stepped
		for name := range r.Faults {
			t.faults[name] = true
		}
		d := time.Duration(r.DurationNS)
		if t.shortest == 0 || d > 0 && d < t.shortest {
			t.shortest = d
		}
		t.longest = max(t.longest, d)
		if r.SameAs != "" {
			t.same++
		}
	}
	return t
}

func (t traits) any(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return t.faults[name] })
}

// threats says what may make the results wrong, or less general than they look.
func (c *composer) threats() {
	t := c.traits()
	c.section(1, "threats", "Threats to validity")
	c.list(slices.Concat(internal(t), external(t, c.study), conclusion(t))...)
}

// internal threats: what is measured may not be what happened.
func internal(t traits) []Text {
	items := []Text{
		text(strong("Recording. "), "A call is recorded before its request leaves, and a return after its reply has arrived, so recorded intervals contain the true ones. ",
			"That can hide a violation, and cannot make one up. Recording costs time of the clients, which lowers their rate, and their chance to meet."),
		text(strong("Unknown outcomes. "), "Faults make many outcomes unknown, and each of them can excuse something that did go wrong. Promises about acknowledged operations are judged by those alone."),
	}
	if t.any("kill") {
		items = append(items, text(strong("Page cache. "), "SIGKILL ends a process and not its machine: what was written and not yet synced stays in the kernel's page cache. ",
			"That nothing was lost to kill does therefore not show that writes were on the disk; only a loss of power asks that."))
	}
	if t.any("powerloss", "fsync-error", "slow-fsync", "aof-truncate") {
		items = append(items, text(strong("Disk. "), "The disk that harms data is a file system in user space, which drops or keeps what was not synced as a whole. ",
			"Real disks and their caches can do worse: reorder, tear and lie about what they synced."))
	}
	if t.any("clock-jump", "clock-drift") {
		items = append(items, text(strong("Clocks. "), "The servers' wall clocks were changed through a library in front of the C library; what asks the kernel in other ways has seen the true time."))
	} else {
		items = append(items, text(strong("Clocks. "), "All clients and servers shared one clock. Promises that lean on clocks (expiry, leases) were not tried against clocks that differ."))
	}
	return items
}

// external threats: it may be otherwise elsewhere.
func external(t traits, s *Study) []Text {
	items := []Text{text(strong("Duration. "), lasted(t),
		"It cannot show what needs longer: large data, slow leaks, long garbage collections, rewrites of big files, keys that expire after hours.")}
	if t.processes || t.containers {
		items = append(items, text(strong("One machine. "), "Servers and clients ran on one machine and spoke over the loopback interface: they share processors, disk and clock, ",
			"messages arrive within microseconds and in order, and machines never fail one by one. Network faults are made by proxies between them, not by a network."))
	}
	if t.simulated {
		items = append(items, text(strong("Simulator. "), "Simulated servers are a model of Redis 7.0, in virtual time. What they show is about the clients' code and that model: ",
			"that a promise held there is no evidence about a real server, and a violation should be shown on one."))
	}
	if t.external {
		items = append(items, text(strong("Servers of others. "), "Servers that ran already were harmed only from the clients' side; how they were set up is not known beyond what they told."))
	}
	if t.stepped {
		items = append(items, text(strong("Schedules. "), "Runs that follow a schedule are chosen interleavings, drawn uniformly or by priorities ", cite("burckhardt2010"),
			"; they are no sample of what happens in operation, so that their bounds mean little."))
	} else {
		items = append(items, text(strong("Interleavings. "), "Which interleavings occur is left to the operating system and to chance. ",
			"Unlike a randomized scheduler ", cite("burckhardt2010"), ", such runs give no lower bound of the chance to find a defect of given depth."))
	}
	return append(items, text(strong("Workload. "), "Few keys, small values, one kind of object a run, and the configurations and plans of the tables above: nothing is concluded beyond these. ",
		fmt.Sprintf("Of %s of configuration and plan that could be made of them, ", counted(len(s.Configurations)*len(s.Plans), "pair", "pairs")),
		count2(pairCount(s), "was", "were"), " tried."))
}

// lasted says how long runs were.
func lasted(t traits) string {
	shortest, longest := took(int64(t.shortest)), took(int64(t.longest))
	if shortest == longest {
		return "A run lasted " + longest + ". "
	}
	return "A run lasted " + shortest + " to " + longest + ". "
}

func pairCount(s *Study) (n int) {
	s.pairs(func(_, _ string, _ []*Run) { n++ })
	return n
}

// conclusion threats: the statistics may not hold.
func conclusion(t traits) []Text {
	items := []Text{
		text(strong("Independence. "), "Bounds take the runs of a configuration as independent trials with one chance. Runs that were made one after the other on one machine share its load and its caches, ",
			"and a violation that needs a rare state of the machine is rarer than the bound suggests, or comes in clusters."),
		text(strong("Many promises. "), "Each bound holds at 95 % by itself. Over all rows of a table together, one in twenty may be wrong."),
		text(strong("Checkers. "), "A defect of a checker would make wrong verdicts. Monitors and search are held against each other and against porcupine in tests, on random histories and on histories of known verdict; that is evidence, no proof."),
	}
	if t.same > 0 {
		items = append(items, text(strong("Repeated histories. "), counted(t.same, "run has", "runs have"), " the very same history as another and ", plural(t.same, "was", "were"), " left out of all counts."))
	}
	return items
}

// reproduction says how to do it again.
func (c *composer) reproduction() {
	c.section(1, "reproduction", "How to reproduce")
	c.say("Each command makes the first run of its line; the others differ in the seed and in where they are stored. ",
		"On real servers a repetition meets the same calls and faults, and other interleavings. ",
		code("jepsen-lite check RUN"), " judges a stored run again, from its history alone.")
	c.study.pairs(func(configuration, plan string, runs []*Run) {
		var commands []string
		labels := []string{}
		for _, r := range runs {
			labels = append(labels, r.Label)
			if len(commands) == 0 || r.Stepped {
				commands = append(commands, r.Command)
			}
		}
		c.say(strong(configuration+", "+plan), " (", of(spans(labels), labels), "):")
		c.add(Block{Commands: commands})
	})
	c.section(2, "runs", "Runs")
	var rows [][]Text
	for i := range c.study.Runs {
		r := &c.study.Runs[i]
		one := []string{r.Label}
		verdict := text(Span{Kind: Mark, Text: string(r.Verdict)})
		sum := r.SHA256
		if sum == "" {
			sum = "–"
		}
		if r.Schedule != "" {
			sum += " schedule.json " + r.Schedule
		}
		rows = append(rows, []Text{text(r.Label), text(r.Configuration, " ", r.Plan), text(code(fmt.Sprint(r.Seed))), verdict, text(number(r.operations(), one)),
			text(of(took(r.DurationNS), one)), text(code(sum))})
	}
	c.table(text("Runs, with the SHA-256 of ", code("history.jsonl"), "."), []Column{{"", 6, false}, {"Of", 10, false}, {"Seed", 7, false}, {"Verdict", 11, false},
		{"Operations", 13, true}, {"Time", 8, true}, {"SHA-256", 80, false}}, rows)
	c.foldersAndProblems()
}

// foldersAndProblems names the folders, what was found missing in them, and what was
// no run.
func (c *composer) foldersAndProblems() {
	var items []Text
	for _, r := range c.study.Runs {
		t := text(strong(r.Label), " ", code(r.Folder))
		if len(r.Problems) > 0 {
			t = append(t, text(". "+strings.Join(r.Problems, " "))...)
		}
		if r.Error != "" {
			t = append(t, text(". It could not do its part: "+r.Error)...)
		}
		items = append(items, t)
	}
	c.section(2, "folders", "Run folders")
	c.list(items...)
	var skipped []Text
	for _, s := range c.study.Skipped {
		skipped = append(skipped, text(code(s.Path), ": "+s.Reason))
	}
	if len(skipped) > 0 {
		c.section(2, "skipped", "What was left out")
		c.say("These could not be read as runs:")
		c.list(skipped...)
	}
}
