package serve

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// parameter is a line of what a run was told, or ran on.
type parameter struct{ Name, Value string }

// parametersOf returns what a run was told and ran on, in the order of run.json;
// without what is empty.
func parametersOf(info harness.Info) []parameter {
	all := []parameter{
		{"redis", info.Redis}, {"started", info.Started.UTC().Format("2006-01-02 15:04:05 UTC")},
		{"checks", strings.Join(info.Checks, ", ")},
	}
	text, err := json.Marshal(info.Config)
	if err != nil {
		return all
	}
	config, err := history.ParseValue(text)
	if err != nil {
		return all
	}
	names, values, _ := config.Fields()
	for i, name := range names {
		name, value := inWords(name, values[i])
		if name == "target" {
			value = cmp.Or(info.Target, value) // what auto became
		}
		all = append(all, parameter{name, value})
	}
	all = append(all, parameter{"jepsen-lite", info.Tool}, parameter{"go", info.Go})
	return slices.DeleteFunc(all, func(p parameter) bool { return p.Value == "" })
}

// inWords is a field of a configuration for people: named as its flag is.
func inWords(name string, value history.Value) (string, string) {
	bare, isTime := strings.CutSuffix(name, "_ns")
	if ns, ok := value.Int(); ok && isTime {
		return strings.ReplaceAll(bare, "_", "-"), time.Duration(ns).String()
	}
	name = strings.ReplaceAll(name, "_", "-")
	if text, ok := value.Text(); ok {
		return name, text
	}
	if elements, ok := value.Elements(); ok {
		var texts []string
		for _, e := range elements {
			texts = append(texts, cmp.Or(e.Word(), e.String()))
		}
		return name, strings.Join(texts, ", ")
	}
	if value.IsNull() {
		return name, ""
	}
	return name, value.String()
}

// configuration is what runs of a kind have in common: the command without its seed
// and its store.
func configuration(info harness.Info) string {
	c := info.Config
	c.Seed, c.Store, c.Target = 0, harness.Defaults().Store, cmp.Or(info.Target, c.Target)
	return strings.Replace(c.Command(), " --seed 0", "", 1)
}

// lookBack is among how many runs of a workload another one of the same
// configuration is looked for.
const lookBack = 200

// before returns the run of the same configuration before that one.
func (s *store) before(ctx context.Context, d *digest) (runID, bool) {
	all, err := s.runs(ctx)
	if err != nil {
		return runID{}, false
	}
	ids := slices.DeleteFunc(all, func(id runID) bool { return id.Workload != d.ID.Workload })
	at := slices.Index(ids, d.ID)
	if at < 0 {
		return runID{}, false // removed since
	}
	wanted := configuration(d.Info)
	for _, id := range ids[at+1 : min(len(ids), at+1+lookBack)] {
		if other, err := s.digestOf(id); err == nil && other.State == Judged && configuration(other.Info) == wanted {
			return id, true
		}
	}
	return runID{}, false
}

// operationRows are the operations of a run, by name.
func operationRows(d *digest) (rows []operationRow) {
	for _, name := range slices.Sorted(maps.Keys(d.LatencyOf)) {
		rows = append(rows, operationRow{name, d.LatencyOf[name]})
	}
	return rows
}
