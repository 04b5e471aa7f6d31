package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

// print writes the diagnosis in lines of at most 80 columns.
func (d diagnosis) print(w io.Writer) {
	user := "not as root"
	if d.Root {
		user = "as root"
	}
	row := func(name, text string) {
		fmt.Fprintf(w, "%-11s%s\n", name, strings.TrimLeft(wrap(text, strings.Repeat(" ", 11)), " "))
	}
	row("system", d.System+", "+user)
	for _, p := range slices.Concat(d.Backends, d.Needs) {
		if p.Works {
			row(p.Name, p.About)
		} else {
			row(p.Name, "not here: "+p.About)
		}
	}
	for _, l := range d.Leftovers {
		what := "left by a run that was killed: doctor --clean removes it"
		if d.Removed {
			what = "removed"
		}
		row("leftover", l.Kind+" "+l.Name+": "+what)
	}
	fmt.Fprintln(w)
	newFaultTable(d.Machine).print(w)
}

// faultTable shows a row for each fault and a column for each backend. A cell has a
// letter for each topology in which the fault works, a dash for each in which it
// does not, and the numbers of the notes that say why.
type faultTable struct {
	faults, backends []string
	cells            map[[2]string]*cell
	notes            []string
}

type cell struct {
	letters string
	notes   []int
}

// letterOf stands for a topology: standalone, replicated, cluster, and h of sharded.
func letterOf(kind string) string {
	if kind == topology.Sharded {
		return "h"
	}
	return kind[:1]
}

func newFaultTable(m harness.Machine) *faultTable {
	t := &faultTable{cells: map[[2]string]*cell{}}
	for _, p := range m.Table {
		if !slices.Contains(t.faults, p.Fault) {
			t.faults = append(t.faults, p.Fault)
		}
		if !slices.Contains(t.backends, p.Backend) {
			t.backends = append(t.backends, p.Backend)
		}
		at := [2]string{p.Fault, p.Backend}
		if t.cells[at] == nil {
			t.cells[at] = &cell{}
		}
		t.cells[at].add(p, t.note)
	}
	return t
}

func (c *cell) add(p harness.Prospect, note func(string) int) {
	if p.Works {
		c.letters += letterOf(p.Topology)
		return
	}
	c.letters += "-"
	if number := note(p.Reason); !slices.Contains(c.notes, number) {
		c.notes = append(c.notes, number)
	}
}

func (c *cell) String() string {
	text := c.letters
	for i, number := range c.notes {
		mark := ","
		if i == 0 {
			mark = " "
		}
		text += fmt.Sprint(mark, number)
	}
	return text
}

// note returns the number of a reason, from 1.
func (t *faultTable) note(reason string) int {
	if at := slices.Index(t.notes, reason); at >= 0 {
		return at + 1
	}
	t.notes = append(t.notes, reason)
	return len(t.notes)
}

func (t *faultTable) print(w io.Writer) {
	line := func(first string, cells []string) {
		text := fmt.Sprintf("%-15s", first)
		for _, cell := range cells {
			text += fmt.Sprintf("%-15s", cell)
		}
		fmt.Fprintln(w, strings.TrimRight(text, " "))
	}
	line("fault", t.backends)
	for _, fault := range t.faults {
		var cells []string
		for _, backend := range t.backends {
			cells = append(cells, t.cells[[2]string{fault, backend}].String())
		}
		line(fault, cells)
	}
	fmt.Fprintln(w, "\nIt works in s standalone, r replicated, c cluster, h sharded; where not, see:")
	for i, note := range t.notes {
		note, _, _ = strings.Cut(note, "\n") // a server's log follows; --json has it
		fmt.Fprintf(w, "%3d  %s\n", i+1, strings.TrimLeft(wrap(note, "     "), " "))
	}
}
