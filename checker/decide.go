package checker

import (
	"context"
	"fmt"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/checker/monitor"
	"github.com/jepsen-lite/jepsen-lite/checker/search"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// decision is what the engines say of one key.
type decision struct {
	answer answer
	// by is the engine whose answer it is; confirmed: porcupine gave the same.
	by        Engine
	confirmed bool
	// unfit says why the monitor does not apply.
	unfit string
	// core, from a monitor, are the IDs of operations that are illegal by
	// themselves; last, from the search, is the ID of an operation by whose
	// return all was lost, or -1.
	core     []int
	elements []history.Value // that the core is about, of a set or a log
	anyState bool
	last     int
	// conflict says that two engines contradict each other.
	conflict string
}

// judging is how one key after another is judged. It is safe for concurrent use.
type judging struct {
	model   model.Model
	ops     []history.Op
	options Options
	bytes   int64 // for one key
	// every how many keys porcupine is asked too.
	every int
}

// Keys small enough for porcupine to be asked as well, and what it may take.
const confirmedOps, confirmedSteps, confirmedKeys = 400, 10_000, 500

// lastResortOps is up to how many operations porcupine is asked when our own
// search gave up.
const lastResortOps = 2000

// key judges one key. A panic is kept: here it would end the process.
func (j *judging) key(ctx context.Context, k *keyed) {
	defer func() { k.panicked = recover() }()
	if k.last = -1; j.asks(ByMonitor, k) {
		j.monitor(k)
	}
	if k.err != nil || j.isSettled(k) {
		return
	}
	var ops []model.Op
	if ops, k.err = j.prepare(k); k.err != nil {
		return
	}
	if j.asks(BySearch, k) {
		r := search.Check(ctx, j.model, ops, search.Options{MemoryBytes: j.bytes})
		k.add(BySearch, searched(r.Answer), func() { k.last = r.Last })
	}
	if within, ok := j.porcupineBound(k, len(ops)); ok {
		k.add(ByPorcupine, tryPorcupine(ctx, j.model, j.model.Porcupine(), ops, within), nil)
	}
}

// asks reports whether the engine is asked for its own verdict on a key.
func (j *judging) asks(e Engine, k *keyed) bool {
	switch j.options.Engine {
	case All, e:
		return true
	case Auto:
		return e != ByPorcupine && !k.decided()
	}
	return false
}

// isSettled reports whether nobody is asked after the monitor. Where the engine
// is auto and the monitor decided, small keys go on to porcupine.
func (j *judging) isSettled(k *keyed) bool {
	if j.options.Engine != Auto || !k.decided() {
		return j.options.Engine == ByMonitor
	}
	return len(k.places) > confirmedOps || k.number%j.every != 0
}

// porcupineBound returns what porcupine may take for the prepared operations of
// a key; false: it is not asked. Where the engine is auto it confirms what others
// said of small keys, for a moment, and is the last resort for others.
func (j *judging) porcupineBound(k *keyed, prepared int) (bound, bool) {
	switch {
	case j.options.Engine != Auto:
		return bound{bytes: j.bytes}, j.asks(ByPorcupine, k)
	case k.decided():
		return bound{bytes: min(j.bytes, 64<<20), steps: confirmedSteps}, len(k.places) <= confirmedOps
	}
	return bound{bytes: j.bytes}, prepared <= lastResortOps
}

func (j *judging) monitor(k *keyed) {
	mon, ok := monitor.New(j.model, len(k.places))
	if !ok {
		k.unfit = "there is no monitor for the model " + j.model.Kind().Name
		return
	}
	k.said, k.certain = 0, 0
	k.err = j.model.Each(j.ops, k.places, func(op *model.Op) {
		k.count(op)
		mon.Add(op)
	})
	if k.err != nil {
		return
	}
	switch o := mon.Judge(); o.Answer {
	case monitor.Legal:
		k.add(ByMonitor, legal, nil)
	case monitor.Illegal:
		k.add(ByMonitor, illegal, func() { k.core, k.elements, k.anyState = o.Core, o.Elements, o.AnyState })
	default:
		k.unfit = o.Reason
	}
}

// prepare returns the key's operations as the model reads them.
func (j *judging) prepare(k *keyed) ([]model.Op, error) {
	k.said, k.certain = 0, 0
	prepared := make([]model.Op, 0, len(k.places))
	err := j.model.Each(j.ops, k.places, func(op *model.Op) {
		k.count(op)
		j.model.Unfold(op)
		prepared = append(prepared, *op)
	})
	return prepared, err
}

func (k *keyed) count(op *model.Op) {
	if k.said++; op.Certain {
		k.certain++
	}
}

func (d *decision) decided() bool { return d.answer == legal || d.answer == illegal }

// add notes what an engine says. The first that decides is the one whose answer
// it is; one that contradicts it is noted too.
func (d *decision) add(by Engine, a answer, first func()) {
	switch {
	case a != legal && a != illegal:
		if !d.decided() {
			d.answer = a
		}
	case !d.decided():
		d.answer, d.by = a, by
		if first != nil {
			first()
		}
	case d.answer != a && d.conflict == "":
		says := map[answer]string{legal: "linearizable", illegal: "not linearizable"}
		d.conflict = fmt.Sprintf("%s says %s, %s says %s", d.by, says[d.answer], by, says[a])
	}
	d.confirmed = d.confirmed || by == ByPorcupine && d.by != by && d.answer == a
}

func searched(a search.Answer) answer {
	switch a {
	case search.Legal:
		return legal
	case search.Illegal:
		return illegal
	case search.TooLarge:
		return tooLarge
	}
	return undecided
}

// guilty returns the operations from which to make a witness: those that the
// monitor found, or all; and those that are left aside although they may have to
// do with what is said of it.
func (j *judging) guilty(k *keyed) (ops, aside []model.Op, err error) {
	if k.core == nil {
		ops, err = j.prepare(k)
		return ops, nil, err
	}
	slices.Sort(k.core)
	err = j.model.Each(j.ops, k.places, func(op *model.Op) {
		if _, in := slices.BinarySearch(k.core, op.ID); in {
			ops = append(ops, *op)
		} else if !op.Certain || counts(op) {
			aside = append(aside, *op)
		}
	})
	return j.model.Among(ops, k.elements), j.model.Among(aside, k.elements), err
}

// counts reports whether an operation adds to a total: what can be said of a total
// depends on all of these.
func counts(op *model.Op) bool {
	return op.Action == model.Take || op.Action == model.Change && op.Put.IsAbsent()
}
