package paper

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/checker/promise"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// composer makes a document of a study.
type composer struct {
	study           *Study
	doc             *Document
	tables, figures int
}

// Compose makes the report of a study with at least one run.
func Compose(s *Study) *Document {
	c := &composer{study: s, doc: &Document{Study: s}}
	c.doc.Title = c.title()
	c.doc.Subtitle = c.subtitle()
	c.doc.Abstract = c.abstract()
	c.system()
	c.method()
	c.results()
	c.threats()
	c.reproduction()
	c.doc.refer()
	return c.doc
}

// section opens a section; what follows goes into it.
func (c *composer) section(level int, id, title string) {
	c.doc.Sections = append(c.doc.Sections, Section{ID: id, Title: title, Level: level, Blocks: []Block{}})
}

func (c *composer) add(b Block) {
	s := &c.doc.Sections[len(c.doc.Sections)-1]
	s.Blocks = append(s.Blocks, b)
}

func (c *composer) say(parts ...any) { c.add(Block{Paragraph: text(parts...)}) }

func (c *composer) list(items ...Text) {
	if len(items) > 0 {
		c.add(Block{List: items})
	}
}

// table adds a table, unless it has no rows.
func (c *composer) table(caption Text, columns []Column, rows [][]Text) {
	if len(rows) == 0 {
		return
	}
	c.tables++
	c.add(Block{Table: &Table{Number: c.tables, Caption: caption, Columns: columns, Rows: rows}})
}

// all are the labels of all runs, counting those that count.
func (c *composer) all() (labels, counting []string) {
	for i := range c.study.Runs {
		r := &c.study.Runs[i]
		labels = append(labels, r.Label)
		if r.SameAs == "" {
			counting = append(counting, r.Label)
		}
	}
	return labels, counting
}

// distinct returns what the configurations have of something, each once.
func (c *composer) distinct(get func(Configuration) string) []string {
	var all []string
	for _, x := range c.study.Configurations {
		if v := get(x); v != "" && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

func (c *composer) systems() []string {
	return c.distinct(func(x Configuration) string { return proper(x.Redis) })
}

// proper writes the servers' names as their makers do.
func proper(servers string) string {
	return strings.NewReplacer("redis ", "Redis ", "valkey ", "Valkey ").Replace(servers)
}

func (c *composer) title() string {
	systems := "Redis"
	if s := c.systems(); len(s) > 0 {
		systems = listed(s)
	}
	return "Which promises held? Consistency of " + systems + " under faults"
}

func (c *composer) subtitle() string {
	first, last := c.study.Runs[0].Started, c.study.Runs[0].Started
	for _, r := range c.study.Runs {
		if r.Started.Before(first) {
			first = r.Started
		}
		if r.Started.After(last) {
			last = r.Started
		}
	}
	days := first.UTC().Format("2 January 2006")
	if until := last.UTC().Format("2 January 2006"); until != days {
		days += " to " + until
	}
	return fmt.Sprintf("%s, made on %s, judged by jepsen-lite %s", counted(len(c.study.Runs), "run", "runs"), days, listed(c.tools()))
}

func (c *composer) tools() []string {
	var all []string
	for _, r := range c.study.Runs {
		if !slices.Contains(all, r.Tool) && r.Tool != "" {
			all = append(all, r.Tool)
		}
	}
	return all
}

// sums are what the abstract counts.
type sums struct {
	operations int
	faults     map[string]int
	verdicts   map[checker.Verdict][]string
	standings  map[promise.Standing][]Finding
}

func (c *composer) sums() sums {
	s := sums{faults: map[string]int{}, verdicts: map[checker.Verdict][]string{}, standings: map[promise.Standing][]Finding{}}
	for i := range c.study.Runs {
		r := &c.study.Runs[i]
		s.operations += r.operations()
		for name, n := range r.Faults {
			s.faults[name] += n
		}
		s.verdicts[r.Verdict] = append(s.verdicts[r.Verdict], r.Label)
	}
	for _, f := range c.study.Findings {
		s.standings[f.Standing] = append(s.standings[f.Standing], f)
	}
	return s
}

func (c *composer) abstract() []Text {
	s := c.sums()
	labels, _ := c.all()
	faults := 0
	for _, n := range s.faults {
		faults += n
	}
	injected := "no fault took effect"
	if faults > 0 {
		injected = fmt.Sprintf("%s of %s took effect", counted(faults, "fault", "faults"), counted(len(s.faults), "kind", "kinds"))
	}
	first := text("We tested ", counted(len(c.study.Configurations), "configuration", "configurations"), " of ", listed(c.systems()), " in ",
		number(len(labels), labels), plural(len(labels), " run", " runs"), " with ", number(s.operations, labels), " operations, while ", injected,
		", and judged the recorded histories. ", c.verdictWords(s), c.simulated())
	return []Text{first, c.promiseWords(s)}
}

// simulated says how many runs say nothing about a real server.
func (c *composer) simulated() Text {
	var labels []string
	for _, r := range c.study.Runs {
		if r.info.Target == "sim" {
			labels = append(labels, r.Label)
		}
	}
	switch len(labels) {
	case 0:
		return nil
	case len(c.study.Runs):
		return text(" The servers were simulated: nothing is said about a real one.")
	}
	return text(" In ", number(len(labels), labels), " of them the servers were simulated, which says nothing about a real one.")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func (c *composer) verdictWords(s sums) Text {
	if len(c.study.Runs) == 1 {
		switch c.study.Runs[0].Verdict {
		case checker.Invalid:
			return text("The run shows a violation.")
		case checker.Valid:
			return text("The run shows no violation.")
		}
		return text("The run proves nothing.")
	}
	return text("Of the runs, ", some(
		share{len(s.verdicts[checker.Invalid]), "shows a violation", "show a violation", s.verdicts[checker.Invalid]},
		share{len(s.verdicts[checker.Valid]), "shows none", "show none", s.verdicts[checker.Valid]},
		share{len(s.verdicts[checker.Unknown]), "proves nothing", "prove nothing", s.verdicts[checker.Unknown]},
	), ".")
}

// promiseWords sums up the central table.
func (c *composer) promiseWords(s sums) Text {
	held, violated, open := s.standings[promise.Held], s.standings[promise.Violated], s.standings[promise.NotDecided]
	t := text(fmt.Sprintf("A finding is a promise in one configuration under one fault plan. Of %s, ", counted(len(c.study.Findings), "finding", "findings")), some(
		share{n: len(violated), one: "is violated", many: "are violated"},
		share{n: len(held), one: "is without a violation", many: "are without a violation"},
		share{n: len(open), one: "is not decided", many: "are not decided"},
	), ".")
	if broken := c.broken(violated); broken != nil {
		t = append(t, text(" Violated ", plural(len(broken), "was ", "were "), strings.Join(broken, "; "), ".")...)
	}
	if len(held) > 0 {
		low, high := held[0].Chance.High, held[0].Chance.High
		for _, f := range held {
			low, high = min(low, f.Chance.High), max(high, f.Chance.High)
		}
		bound := "at most " + percent(high)
		if percent(low) != percent(high) {
			bound = "between " + percent(low) + " and " + percent(high) + ", by the number of runs"
		}
		t = append(t, text(" Where there was none, the upper bound (95 %) of the chance that a run of the same kind shows a violation is ", bound,
			", if runs are independent; it bounds what such runs show, not what the system can do.")...)
	}
	return t
}

// share is a number of several, and what is true of them.
type share struct {
	n         int
	one, many string
	runs      []string
}

// some joins those that there are any of: 3 are violated and 1 is not decided.
func some(shares ...share) (t Text) {
	shares = slices.DeleteFunc(shares, func(s share) bool { return s.n == 0 })
	for i, s := range shares {
		switch {
		case i == 0:
		case i == len(shares)-1:
			t = append(t, text(" and ")...)
		default:
			t = append(t, text(", ")...)
		}
		if s.runs == nil {
			t = append(t, text(s.n)...)
		} else {
			t = append(t, number(s.n, s.runs))
		}
		t = append(t, text(" "+plural(s.n, s.one, s.many))...)
	}
	return t
}

func count2(n int, is, are string) string { return svg.Count(n) + " " + plural(n, is, are) }

// broken names each violated promise once, with its configurations.
func (c *composer) broken(violated []Finding) []string {
	var names []string
	where := map[string][]string{}
	for _, f := range violated {
		if where[f.Promise] == nil {
			names = append(names, f.Promise)
		}
		if in := f.Configuration + " " + c.workload(f.Configuration); !slices.Contains(where[f.Promise], in) {
			where[f.Promise] = append(where[f.Promise], in)
		}
	}
	for i, name := range names {
		names[i] = name + " (" + listed(where[name]) + ")"
	}
	return names
}
