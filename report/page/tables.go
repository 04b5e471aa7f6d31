package page

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

type faultView struct{ Name, Where, Began, Lasted, Share, Gap, First string }

// addFaults shows what each fault did to those who called meanwhile.
func (v *view) addFaults(c *Content) {
	if c.Series == nil {
		return
	}
	for _, w := range c.Series.Windows {
		f := faultView{
			Name: w.Fault.Name, Where: w.Fault.Where, Began: fmt.Sprintf("%.3f s", float64(w.Fault.From)/1e9),
			Lasted: svg.Duration(float64(w.Fault.To - w.Fault.From)),
			Share:  fmt.Sprintf("%s of %s", svg.Percent(w.Share()), svg.Count(w.Total())),
			Gap:    svg.Duration(float64(w.LongestGap)), First: "never",
		}
		if w.Fault.Call != "" {
			f.Name = w.Fault.Call
		}
		switch {
		case w.Fault.From == w.Fault.To:
			f.Lasted = "a moment"
		case !w.Fault.Healed:
			f.Lasted += ", never healed"
		}
		if w.Total() == 0 {
			f.Share = "none called"
		}
		if w.FirstSuccess >= 0 {
			f.First = svg.Duration(float64(w.FirstSuccess))
		}
		v.Faults = append(v.Faults, f)
	}
}

type checkView struct {
	Name                 string
	Verdict              checker.Verdict
	Reason, Engine, Took string
}

type operationView struct {
	Name, OK, Fail, Info, P50, P95, P99, Max, Errors string
}

func (v *view) addChecks(c *Content) {
	if c.Run.Results == nil {
		return
	}
	for _, check := range c.Run.Results.Checks {
		if check.Name == "stats" {
			v.addOperations(check)
			continue // it judges nothing
		}
		shown := checkView{Name: check.Name, Verdict: check.Verdict, Reason: check.Reason, Engine: check.Engine, Took: svg.Duration(float64(check.DurationNS))}
		if shown.Reason == "" && len(check.Anomalies) > 0 {
			shown.Reason = counted(len(check.Anomalies), "violation") + " listed"
			if len(check.Anomalies) == 1 {
				shown.Reason = "one violation listed"
			}
		}
		v.Checks = append(v.Checks, shown)
	}
}

// operationStats are the statistics of an operation, as the check stats leaves them.
type operationStats struct {
	OK      int `json:"ok"`
	Fail    int `json:"fail"`
	Info    int `json:"info"`
	Latency struct {
		P50 float64 `json:"p50_ns"`
		P95 float64 `json:"p95_ns"`
		P99 float64 `json:"p99_ns"`
		Max float64 `json:"max_ns"`
	} `json:"latency"`
	Errors map[string]int `json:"errors"`
}

func (v *view) addOperations(stats checker.Result) {
	text, err := json.Marshal(stats.Statistics)
	if err != nil {
		return
	}
	var byName map[string]operationStats
	if json.Unmarshal(text, &byName) != nil {
		return // statistics of another version: the figures say the same
	}
	for _, name := range sortedKeys(byName) {
		s := byName[name]
		shown := operationView{Name: name, OK: svg.Count(s.OK), Fail: svg.Count(s.Fail), Info: svg.Count(s.Info), P50: "–", P95: "–", P99: "–", Max: "–"}
		if l := s.Latency; s.OK > 0 {
			shown.P50, shown.P95, shown.P99, shown.Max = svg.Duration(l.P50), svg.Duration(l.P95), svg.Duration(l.P99), svg.Duration(l.Max)
		}
		var errors []string
		for _, e := range sortedKeys(s.Errors) {
			errors = append(errors, e+" "+svg.Count(s.Errors[e]))
		}
		shown.Errors = strings.Join(errors, ", ")
		v.Operations = append(v.Operations, shown)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
