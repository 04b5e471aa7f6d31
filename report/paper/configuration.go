package paper

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/nemesis"
)

// identity returns the keys by which runs are of one configuration, and of one fault
// plan: all their parameters but the seed and the place where they were stored.
func identity(info harness.Info) (configuration, plan string) {
	c := info.Config
	plan = fmt.Sprint(planText(c), "\x00", c.Interval, "\x00", c.Duration)
	c.Seed, c.Store, c.Nemesis, c.Interval, c.Duration = 0, "", nil, 0, 0
	text, err := json.Marshal(c)
	if err != nil { // nothing in it can fail
		text = fmt.Append(nil, c)
	}
	return fmt.Sprint(string(text), "\x00", info.Target, "\x00", info.Redis, "\x00", info.Stepped), plan
}

func planText(c harness.Config) string {
	if len(c.Nemesis) == 0 {
		return "none"
	}
	return strings.Join(c.Nemesis, ", ")
}

// settings returns all parameters of a run that make its configuration, by name.
func settings(info harness.Info) []Parameter {
	c := info.Config
	c.Seed, c.Store, c.Nemesis, c.Interval, c.Duration = 0, "", nil, 0, 0
	text, err := json.Marshal(c)
	fields := map[string]any{}
	if err != nil || json.Unmarshal(text, &fields) != nil {
		return nil
	}
	for _, name := range []string{"seed", "store", "nemesis", "nemesis_interval_ns", "nemesis_duration_ns", "workload", "target"} {
		delete(fields, name)
	}
	var all []Parameter
	for name, value := range fields {
		if value == nil || value == "" {
			continue
		}
		all = append(all, setting(name, value))
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all
}

// setting names a parameter as the command's flag does.
func setting(name string, value any) Parameter {
	text := fmt.Sprint(value)
	if number, ok := value.(float64); ok {
		text = fmt.Sprintf("%.0f", number)
		if short, isTime := strings.CutSuffix(name, "_ns"); isTime {
			name, text = short, time.Duration(number).String()
		}
	} else if _, ok := value.(map[string]any); ok {
		nested, _ := json.Marshal(value)
		text = string(nested)
	}
	return Parameter{strings.ReplaceAll(name, "_", "-"), text}
}

// label names runs, configurations and plans, and links them. The order of runs is
// that of workloads, configurations and plans by first run, and seeds.
func (s *Study) label() {
	slices.SortStableFunc(s.Runs, func(a, b Run) int { return a.Started.Compare(b.Started) })
	firsts := map[string]int{}
	for i := range s.Runs {
		for _, key := range []string{s.Runs[i].configuration, s.Runs[i].configuration + s.Runs[i].plan} {
			if _, ok := firsts[key]; !ok {
				firsts[key] = i
			}
		}
	}
	slices.SortStableFunc(s.Runs, func(a, b Run) int {
		if d := strings.Compare(a.Workload, b.Workload); d != 0 {
			return d
		}
		if d := firsts[a.configuration] - firsts[b.configuration]; d != 0 {
			return d
		}
		return firsts[a.configuration+a.plan] - firsts[b.configuration+b.plan]
	})
	histories := map[string]string{}
	for i := range s.Runs {
		r := &s.Runs[i]
		r.Label = fmt.Sprint("R", i+1)
		if same := histories[r.SHA256]; r.SHA256 != "" && same != "" {
			r.SameAs = same
		} else {
			histories[r.SHA256] = r.Label
		}
		s.configure(r)
	}
	s.distinguish()
}

// configure puts a run to its configuration and its plan.
func (s *Study) configure(r *Run) {
	at := slices.IndexFunc(s.Configurations, func(c Configuration) bool {
		return s.run(c.Runs[0]).configuration == r.configuration
	})
	if at < 0 {
		at = len(s.Configurations)
		c := Configuration{Label: fmt.Sprint("C", at+1), Workload: r.Workload, Target: r.info.Target, Redis: r.info.Redis, all: settings(r.info)}
		if w, err := harness.FindWorkload(r.Workload); err == nil {
			c.About = w.About
		}
		s.Configurations = append(s.Configurations, c)
	}
	r.Configuration = s.Configurations[at].Label
	s.Configurations[at].Runs = append(s.Configurations[at].Runs, r.Label)

	at = slices.IndexFunc(s.Plans, func(p Plan) bool { return s.run(p.Runs[0]).plan == r.plan })
	if at < 0 {
		at = len(s.Plans)
		s.Plans = append(s.Plans, planned(fmt.Sprint("F", at+1), r.info.Config))
	}
	r.Plan = s.Plans[at].Label
	s.Plans[at].Runs = append(s.Plans[at].Runs, r.Label)
	for name, n := range r.Faults {
		s.Plans[at].Injected[name] += n
	}
}

// planned describes the plan of a run.
func planned(label string, c harness.Config) Plan {
	p := Plan{Label: label, Text: planText(c), Interval: c.Interval, Longest: c.Duration, Injected: map[string]int{}, timed: true}
	items, err := nemesis.Parse(p.Text)
	if err != nil || len(items) == 0 {
		p.faults = []string{shorten(p.Text, 40)}
		return p
	}
	for _, item := range items {
		if !item.When.Track() {
			p.timed = false
		}
		if !slices.Contains(p.faults, item.Fault) {
			p.faults = append(p.faults, item.Fault)
		}
	}
	return p
}

// distinguish keeps as a configuration's Parameters those in which they differ.
func (s *Study) distinguish() {
	common := s.common()
	for i := range s.Configurations {
		c := &s.Configurations[i]
		c.Parameters = slices.DeleteFunc(slices.Clone(c.all), func(p Parameter) bool { return slices.Contains(common, p) })
	}
}

// common returns the parameters that are the same in all configurations.
func (s *Study) common() []Parameter {
	var all []Parameter
	for i, c := range s.Configurations {
		if i == 0 {
			all = slices.Clone(c.all)
		}
		all = slices.DeleteFunc(all, func(p Parameter) bool { return !slices.Contains(c.all, p) })
	}
	return all
}

// run returns the run of a label.
func (s *Study) run(label string) *Run {
	at := slices.IndexFunc(s.Runs, func(r Run) bool { return r.Label == label })
	return &s.Runs[at]
}
