package page

import (
	"fmt"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// addRun shows how the run was made.
func (v *view) addRun(c *Content) {
	info := c.Run.Info
	v.Tiles = tiles(c)
	v.Parameters = parameters(info)
	v.Info = indented(info)
	if c.Run.Results != nil {
		for _, finding := range c.Run.Results.Findings {
			v.Findings = append(v.Findings, sentence(finding))
		}
	}
}

// tiles are the few figures that matter at a glance.
func tiles(c *Content) []fact {
	info := c.Run.Info
	all := []fact{{Name: "Server", Value: info.Redis, Note: info.Config.Topology + ", " + or(info.Config.Persistence, "persistence as it is")}}
	if c.Series != nil {
		n := c.Series.Counts
		all = append(all, fact{Name: "Operations", Value: svg.Count(n.Total()), Note: fmt.Sprintf("%s ok, %s fail, %s info", svg.Count(n.OK), svg.Count(n.Fail), svg.Count(n.Info))})
	}
	if r := c.Run.Results; r != nil {
		total, names := 0, []string{}
		for _, name := range sortedKeys(r.Faults) {
			total += r.Faults[name]
			names = append(names, fmt.Sprintf("%s %d", name, r.Faults[name]))
		}
		all = append(all, fact{Name: "Faults", Value: svg.Count(total), Note: or(strings.Join(names, ", "), "none took effect")})
	}
	lasted := fact{Name: "Clients worked", Value: svg.Duration(float64(info.Config.TimeLimit)), Note: fmt.Sprintf("%d clients", info.Config.Concurrency)}
	if info.Stepped {
		lasted = fact{Name: "Made by", Value: "a schedule", Note: fmt.Sprintf("%d clients", info.Config.Concurrency)}
	}
	return append(all, lasted,
		fact{Name: "Started", Value: info.Started.UTC().Format("2 Jan 2006"), Note: info.Started.UTC().Format("15:04:05 UTC")},
		fact{Name: "Seed", Value: fmt.Sprint(info.Config.Seed)})
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// parameters are those a reader asks for; run.json has all.
func parameters(info harness.Info) []fact {
	c := info.Config
	rate := "as many operations as they can"
	if c.Rate > 0 {
		rate = svg.Amount(c.Rate) + " operations a second, all together"
	}
	all := []fact{
		{Name: "workload", Value: c.Workload},
		{Name: "target", Value: or(info.Target, c.Target) + ", " + c.Topology},
		{Name: "server", Value: info.Redis},
		{Name: "persistence", Value: or(c.Persistence, "as it is")},
		{Name: "faults", Value: or(strings.Join(c.Nemesis, ", "), "none")},
		{Name: "clients", Value: fmt.Sprintf("%d, %s", c.Concurrency, rate)},
		{Name: "keys", Value: fmt.Sprintf("%d at a time, a fresh one after %d operations", c.Keys, c.OpsPerKey)},
		{Name: "time limit", Value: c.TimeLimit.String()},
		{Name: "waits for an answer", Value: c.OpTimeout.String()},
		{Name: "judged by", Value: strings.Join(info.Checks, ", ")},
		{Name: "started", Value: info.Started.UTC().Format(time.RFC3339)},
		{Name: "ended", Value: ended(info)},
		{Name: "made with", Value: "jepsen-lite " + info.Tool + ", " + info.Go},
	}
	if c.OpsPerKey == 0 {
		all[6].Value = fmt.Sprint(c.Keys)
	}
	return all
}

func ended(info harness.Info) string {
	text := "not yet, or it was cut off"
	if !info.Ended.IsZero() {
		text = info.Ended.UTC().Format(time.RFC3339)
	}
	if info.CutShort {
		text += ", cut short by hand"
	}
	if info.Error != "" {
		text += ": " + info.Error
	}
	return text
}
