package checker

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// exclusion looks at what holders of a lock believe: from the return of an
// acquire to the call of its release. Unlike the model mutex it needs no search,
// and counts every overlap.
type exclusion struct{}

func (exclusion) Name() string { return "exclusion" }

// hold is one holder's belief. Without a release it ends with the last that is
// known of the holder's process.
type hold struct {
	grant    *model.Op
	from, to int64
}

func (exclusion) Check(_ context.Context, h *history.History, _ Options) (Result, error) {
	mutex, err := model.Parse("mutex")
	if err != nil {
		return Result{}, err
	}
	ops, err := mutex.Prepare(h.Ops)
	if err != nil {
		return Result{}, err
	}
	ends := findEndings(h.Ops)
	holds := map[string][]hold{}
	var keys []string
	total := 0
	for i := range ops {
		if op := &ops[i]; granted(op) {
			if holds[op.Key] == nil {
				keys = append(keys, op.Key)
			}
			total++
			holds[op.Key] = append(holds[op.Key], hold{op, op.Return, ends.of(op)})
		}
	}
	var anomalies []Anomaly
	for _, key := range keys {
		anomalies = append(anomalies, overlaps(key, holds[key])...)
	}
	r := found(anomalies, map[string]any{"keys": len(keys), "holds": total, "overlaps": len(anomalies)})
	if total == 0 {
		r.Verdict, r.Reason = Unknown, "the lock was never granted"
	}
	r.Engine = "intervals"
	return r, nil
}

// endings finds when beliefs ended.
type endings struct {
	byToken   map[[2]string][]int64 // key and token → calls of releases
	byProcess map[processKey][]int64
	last      map[history.Process]int64
}

type processKey struct {
	process history.Process
	key     string
}

func findEndings(ops []history.Op) endings {
	e := endings{map[[2]string][]int64{}, map[processKey][]int64{}, map[history.Process]int64{}}
	for i := range ops {
		op := &ops[i]
		e.last[op.Process] = max(e.last[op.Process], op.Call)
		if op.Return != history.Never {
			e.last[op.Process] = max(e.last[op.Process], op.Return)
		}
		if op.F != "release" {
			continue
		}
		if !op.Input.IsNull() && !op.Input.IsAbsent() {
			id := [2]string{op.Key, op.Input.String()}
			e.byToken[id] = append(e.byToken[id], op.Call)
		}
		by := processKey{op.Process, op.Key}
		e.byProcess[by] = append(e.byProcess[by], op.Call)
	}
	return e
}

// of returns the first call of a release, after the grant, that names its token
// or comes from its process. Where none does, the belief lasts as long as the
// process is known to.
func (e endings) of(grant *model.Op) int64 {
	end := int64(history.Never)
	for _, releases := range [][]int64{
		e.byToken[[2]string{grant.Key, grant.Result.String()}],
		e.byToken[[2]string{grant.Key, grant.Arg.String()}],
		e.byProcess[processKey{grant.Process, grant.Key}],
	} {
		// Calls stand in order, as operations do.
		if at, _ := slices.BinarySearch(releases, grant.Return); at < len(releases) {
			end = min(end, releases[at])
		}
	}
	if end == history.Never {
		end = max(grant.Return, e.last[grant.Process])
	}
	return end
}

// overlaps reports each hold that began while an earlier one of the key lasted.
func overlaps(key string, holds []hold) []Anomaly {
	slices.SortFunc(holds, func(a, b hold) int { return cmp.Compare(a.from, b.from) })
	var anomalies []Anomaly
	longest := holds[0]
	for _, next := range holds[1:] {
		if next.from < longest.to && next.from < next.to {
			both := time.Duration(min(next.to, longest.to) - next.from)
			a := anomaly("two-holders", "%s was granted the lock while %s still believed to hold it: both did for %s",
				holder(next.grant), holder(longest.grant), readable(both))
			a.Key, a.Ops = key, []int{longest.grant.ID, next.grant.ID}
			anomalies = append(anomalies, a)
		}
		if next.to > longest.to {
			longest = next
		}
	}
	return anomalies
}
