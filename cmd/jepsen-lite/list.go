package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/workloads"
	"github.com/jepsen-lite/jepsen-lite/workloads/recipes"
)

// item is a line of a list; section one table of the tool.
type item struct {
	Name   string   `json:"name"`
	About  string   `json:"about"`
	Checks []string `json:"checks,omitempty"`
	// Parameters are what a plan may say about a fault, Noise whether it is none.
	Parameters []parameter `json:"parameters,omitempty"`
	Noise      bool        `json:"noise,omitempty"`

	shown string // in place of the name
}

type parameter struct {
	Name    string `json:"name"`
	About   string `json:"about"`
	Type    string `json:"type"`
	Default string `json:"default,omitempty"` // none: it must be given
}

type section struct {
	name  string
	items []item
}

func newList(s streams) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List workloads, recipes, faults, places, links, steps, presets, models and checks",
		Example: "  jepsen-lite list\n  jepsen-lite list --json\n  jepsen-lite list | grep lock",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return listJSON(s.out)
			}
			return listText(s.out)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return cmd
}

func sections() []section {
	d := harness.Defaults()
	options := workloads.Options{TTL: d.TTL, Hold: d.Hold, Stock: d.Stock}
	var w, r, f, st, m, c []item
	for _, x := range workloads.All() {
		w = append(w, item{Name: x.Name, About: x.About, Checks: x.Checks(options)})
	}
	for _, x := range recipes.All() {
		r = append(r, item{Name: x.Name, About: x.About, Checks: x.Checks(options)})
	}
	for _, x := range schedule.Verbs() {
		st = append(st, item{Name: x.Form, About: x.About})
	}
	for _, x := range nemesis.Kinds() {
		about := x.About
		if x.Noise {
			about += " (no fault: background noise)"
		}
		var parameters []parameter
		for _, p := range x.Parameters {
			parameters = append(parameters, parameter{p.Name, p.About, p.Type.Name, p.Default})
		}
		f = append(f, item{Name: x.Name, About: about, Parameters: parameters, Noise: x.Noise, shown: x.Signature()})
	}
	for _, x := range model.Kinds() {
		m = append(m, item{Name: withParameter(x.Name, x.Parameter), About: x.About})
	}
	for _, x := range checker.Table() {
		name := withParameter(x.Name, x.Parameter)
		if x.Optional {
			name = fmt.Sprintf("%s[(%s)]", x.Name, x.Parameter)
		}
		c = append(c, item{Name: name, About: x.About})
	}
	return []section{{"workloads", w}, {"recipes", r}, {"faults", f}, {"places", table(nemesis.Places())}, {"links", table(nemesis.Layouts(), nemesis.Ends())}, {"steps", st}, {"persistence", table(target.Presets())}, {"models", m}, {"checks", c}}
}

// table makes items of tables of names and what they are.
func table(tables ...[][2]string) (items []item) {
	for _, row := range slices.Concat(tables...) {
		items = append(items, item{Name: row[0], About: row[1]})
	}
	return items
}

func withParameter(name, parameter string) string {
	if parameter == "" {
		return name
	}
	return name + "(" + parameter + ")"
}

func listText(w io.Writer) error {
	for i, section := range sections() {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, section.name)
		for _, x := range section.items {
			fmt.Fprintf(w, "  %-30s %s\n", cmp.Or(x.shown, x.Name), x.About)
		}
	}
	return nil
}

func listJSON(w io.Writer) error {
	all := map[string][]item{}
	for _, section := range sections() {
		all[section.name] = section.items
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(all)
}
