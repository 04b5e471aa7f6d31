package series

import (
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/nemesis"
)

// lasting is a fault while the incidents are read.
type lasting struct {
	Fault
	call   string   // as in the incident
	places []string // that nobody has healed yet
}

// faults pairs each fault with its healing, the oldest first.
func (s *Series) faults(h *history.History, incidents []checker.Incident) {
	var all []*lasting
	for _, x := range byBeginning(incidents) {
		switch {
		case x.Noise || x.Prepares != "":
		case x.Heals == "":
			all = append(all, begin(x, momentary(x.F, incidents)))
		default:
			heal(all, x)
		}
	}
	for i, f := range all {
		// Why the end of a recording matters: elsewhere a place that no healing names
		// runs again all the same, through a restart for instance, which heals
		// nothing; here its healing may be what is missing.
		if !f.Momentary && (!f.Healed || len(f.places) > 0 && !h.Ended) {
			f.Healed, f.To = false, s.End
			if next := again(all[i+1:], f); next != nil {
				f.To = next.From
			}
		}
		s.Faults = append(s.Faults, f.Fault)
	}
}

// byBeginning returns the incidents in the order in which they began: one that took
// effect late is recorded only when it is healed. A healing comes after what it heals.
func byBeginning(incidents []checker.Incident) []checker.Incident {
	sorted := slices.Clone(incidents)
	at := func(x checker.Incident) int64 {
		if x.Heals != "" {
			return x.TimeNS
		}
		return x.TimeNS - x.TookNS
	}
	slices.SortStableFunc(sorted, func(a, b checker.Incident) int { return int(min(1, max(-1, at(a)-at(b)))) })
	return sorted
}

func begin(x checker.Incident, momentary bool) *lasting {
	f := &lasting{call: x.Call, places: places(x.Where), Fault: Fault{
		Name: x.F, Where: x.Where, Call: x.Call, From: max(0, x.TimeNS-x.TookNS), Momentary: momentary, Healed: momentary,
	}}
	f.To = max(f.From, x.TimeNS)
	return f
}

// momentary reports whether there is nothing to heal of a fault. One that this
// version does not know has something to be healed if that ever happened.
func momentary(name string, incidents []checker.Incident) bool {
	if kind, err := nemesis.Find(name); err == nil {
		return kind.Healing == ""
	}
	return !slices.ContainsFunc(incidents, func(x checker.Incident) bool { return x.Heals == name })
}

// heal ends what a healing healed: in each of its places the latest fault that it
// names, or, where it names no place of any, the latest of them all.
//
// Why the latest: of two equal faults in one place the later took effect only
// because the earlier was over, whoever had ended it.
func heal(all []*lasting, x checker.Incident) {
	healed := false
	for _, place := range places(x.Where) {
		for _, f := range slices.Backward(all) {
			if at := slices.Index(f.places, place); at >= 0 && f.isHealedBy(x) {
				f.places = slices.Delete(f.places, at, at+1)
				f.over(x)
				healed = true
				break
			}
		}
	}
	for _, f := range slices.Backward(all) {
		if !healed && f.isHealedBy(x) && !f.Healed {
			f.places = nil
			f.over(x)
			return
		}
	}
}

func (f *lasting) isHealedBy(x checker.Incident) bool {
	return f.Name == x.Heals && f.call == x.Call && !f.Momentary
}

// over notes a healing; of several the last counts.
func (f *lasting) over(x checker.Incident) { f.Healed, f.To = true, max(f.To, x.TimeNS) }

// again returns the next of the later faults before which f must have been over, or
// nil: the same one in a place that f still lasts in, as it took effect; or one that
// kills there what f had frozen.
func again(later []*lasting, f *lasting) *lasting {
	for _, next := range later {
		shared := func(place string) bool { return slices.Contains(places(next.Where), place) }
		same := next.Name == f.Name && next.call == f.call && (next.Where == f.Where || slices.ContainsFunc(f.places, shared))
		if same || f.Name == "pause" && kills(next.Name) && slices.ContainsFunc(f.places, shared) {
			return next
		}
	}
	return nil
}

func kills(name string) bool {
	kind, err := nemesis.Find(name)
	return err == nil && kind.Kills
}

// places returns where a fault was: nodes or clients, or links, which are one place.
func places(where string) []string {
	switch {
	case where == "":
		return nil
	case strings.ContainsAny(where, "<>"):
		return []string{where}
	}
	return strings.Split(where, ",")
}

// Group are the faults of a name.
type Group struct {
	Name   string
	Faults []Fault
}

// ByName groups the faults by name, the names by first use.
func ByName(faults []Fault) []Group {
	var groups []Group
	for _, f := range faults {
		at := slices.IndexFunc(groups, func(g Group) bool { return g.Name == f.Name })
		if at < 0 {
			at, groups = len(groups), append(groups, Group{Name: f.Name})
		}
		groups[at].Faults = append(groups[at].Faults, f)
	}
	return groups
}
