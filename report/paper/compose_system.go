package paper

import (
	"slices"
	"strings"
)

// system says what was tested.
func (c *composer) system() {
	s := c.study
	labels, _ := c.all()
	c.section(1, "system", "System under test")
	c.say("The system under test is ", strong(listed(c.systems())), ", reached by clients written in Go with go-redis. ",
		counted(len(s.Configurations), "configuration was", "configurations were"), " tested: each is a workload on servers that were set up in one way. ", "Configurations are named C1, C2, …, fault plans F1, F2, … and runs R1, R2, …; "+
			"every figure below was counted in runs that are named beside it, or in all there are (", of(spans(labels), labels), ").")
	var rows [][]Text
	for _, x := range s.Configurations {
		rows = append(rows, []Text{
			text(x.Label), text(strong(x.Workload), about(x.About)), text(proper(x.Redis), " (", backend(x.Target), ")"), differing(x.Parameters),
			text(of(spans(x.Runs), x.Runs)),
		})
	}
	c.table(text("Configurations. Parameters are named as the flags of ", code("jepsen-lite run"), "; those that are the same everywhere stand in the next table."),
		[]Column{{"", 4, false}, {"Workload", 26, false}, {"Servers", 16, false}, {"Parameters", 30, false}, {"Runs", 14, false}}, rows)
	c.table(text("Parameters that are the same in all configurations."),
		[]Column{{"Parameter", 20, false}, {"Value", 14, false}, {"Parameter", 20, false}, {"Value", 14, false}}, columned(s.common()))
	c.say("The clients and the judging were jepsen-lite ", listed(c.tools()), ", built with ", listed(c.compilers()),
		". The configuration and the log of each server are in ", code("servers/"), " of each run folder.")
}

func (c *composer) compilers() []string {
	var all []string
	for _, r := range c.study.Runs {
		if !slices.Contains(all, r.Go) && r.Go != "" {
			all = append(all, r.Go)
		}
	}
	return all
}

func about(text string) string {
	if text == "" {
		return ""
	}
	return ": " + text
}

// backend says what a target's servers are.
func backend(target string) string {
	switch target {
	case "process":
		return "processes of this machine"
	case "docker":
		return "containers"
	case "sim":
		return "simulated"
	case "":
		return "unknown"
	}
	return "servers that ran already"
}

func differing(parameters []Parameter) Text {
	if len(parameters) == 0 {
		return text("–")
	}
	var t Text
	for i, p := range parameters {
		if i > 0 {
			t = append(t, text(", ")...)
		}
		t = append(t, code(p.Name+"="+strings.TrimSpace(p.Value)))
	}
	return t
}

// columned puts parameters into two columns of names and values.
func columned(all []Parameter) (rows [][]Text) {
	half := (len(all) + 1) / 2
	for i := range half {
		row := []Text{text(code(all[i].Name)), text(code(all[i].Value)), nil, nil}
		if j := half + i; j < len(all) {
			row[2], row[3] = text(code(all[j].Name)), text(code(all[j].Value))
		}
		rows = append(rows, row)
	}
	return rows
}
