package checker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// linearizable judges each key by itself.
type linearizable struct{ model model.Model }

func (l linearizable) Name() string { return "linearizable(" + l.model.Name() + ")" }

func (l linearizable) Check(ctx context.Context, h *history.History, o Options) (Result, error) {
	start := time.Now()
	keys := split(h.Ops)
	preparing := time.Since(start)
	limited, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	j := &judging{
		model: l.model.Survey(h.Ops), ops: h.Ops, options: o, bytes: o.MemoryBytes / int64(workers(len(keys))),
		every: max(1, len(keys)/confirmedKeys),
	}
	progress := func(done, total int) { o.Progress(l.Name(), done, total) }
	start = time.Now()
	eachKey(limited, keys, progress, func(k *keyed) { j.key(limited, k) })
	judged := time.Since(start)
	if err := firstError(keys); err != nil {
		return Result{}, err
	}
	start = time.Now()
	r := j.conclude(ctx, keys)
	r.Timing = &Timing{int64(preparing), int64(judged), int64(time.Since(start))}
	return r, nil
}

// firstError returns the error about the earliest event.
func firstError(keys []*keyed) error {
	var first error
	at := 0
	for _, k := range keys {
		var misfit *model.MisfitError
		if errors.As(k.err, &misfit) && (first == nil || misfit.Event < at) {
			first, at = k.err, misfit.Event
		}
	}
	return first
}

// maxWitnesses bounds for how many keys a witness is made.
const maxWitnesses = 5

// witnessTime bounds the making of all witnesses. It comes on top of the
// check's own time: a violation without its proof is of little use.
const witnessTime = 20 * time.Second

func (j *judging) conclude(ctx context.Context, keys []*keyed) Result {
	ctx, cancel := context.WithTimeout(ctx, witnessTime)
	defer cancel()
	r := Result{Model: j.model.Name(), Verdict: Valid}
	// The smallest histories first: their witnesses are made soonest.
	for _, k := range slices.Backward(keys) {
		if k.answer == illegal && len(r.Anomalies) < maxWitnesses {
			r.Anomalies = append(r.Anomalies, j.anomaly(ctx, k))
		}
	}
	t := standingsOf(keys) // making a witness can show that engines disagree
	for _, k := range keys {
		if k.panicked != nil && t.answers[illegal] == 0 {
			panic(k.panicked) // for Judge to report
		}
	}
	r.Engine = t.engines(j.options.Engine)
	r.Statistics = t.statistics(len(keys))
	r.Verdict, r.Reason = j.verdict(ctx, t, len(keys))
	if t.conflicts > 0 {
		r.Verdict, r.Reason, r.Anomalies = Unknown, disagreement(keys), conflicts(keys)
	}
	return r
}

// anomaly returns the violation of a key with its witness.
func (j *judging) anomaly(ctx context.Context, k *keyed) Anomaly {
	ops, aside, err := j.guilty(k)
	if err != nil {
		panic(err) // it was read before
	}
	return j.witnessed(ctx, k, grounds{ops, aside, k.anyState, k.last})
}

// witnessed returns the anomaly with a minimal witness. Should the making of one
// crash, all operations are the witness: they were shown to be illegal, and that
// must not be lost.
func (j *judging) witnessed(ctx context.Context, k *keyed, g grounds) (a Anomaly) {
	defer func() {
		if p := recover(); p != nil {
			cause, _, _ := strings.Cut(fmt.Sprint(p), "\n")
			a = show(witness{ops: g.ops}, anomaly("non-linearizable",
				"no order of these %d operations gives the results they had (making a smaller witness crashed, which is a bug of jepsen-lite: %s)", len(g.ops), cause))
		}
		a.Key = k.key
	}()
	z := newMinimizer(ctx, j.model, j.bytes)
	w := z.minimize(g)
	if z.denied(w) {
		k.add(ByPorcupine, legal, nil)
	}
	if isRegister(j.model) {
		w.key = j.about(k, putBy(w.ops))
	}
	return tell(j.model, w)
}

// about returns those operations of a register's key that put or saw one of the
// values.
func (j *judging) about(k *keyed, values []history.Value) (ops []model.Op) {
	err := j.model.Each(j.ops, k.places, func(op *model.Op) {
		put, _, _ := written(op)
		got, _ := seen(op)
		if slices.Contains(values, put) || slices.Contains(values, got) {
			ops = append(ops, *op)
		}
	})
	if err != nil {
		panic(err) // it was read before
	}
	return ops
}

// tell explains a witness and shows it.
func tell(m model.Model, w witness) Anomaly { return show(w, explain(m, w)) }

func show(w witness, a Anomaly) Anomaly {
	for i := range w.ops {
		op := &w.ops[i]
		a.Ops = append(a.Ops, op.ID)
		shown := WitnessOp{Index: op.ID, Process: int(op.Process), Operation: op.String(), CallNS: op.Call}
		if op.Certain {
			shown.ReturnNS = op.Return
		}
		a.Witness = append(a.Witness, shown)
	}
	return a
}
