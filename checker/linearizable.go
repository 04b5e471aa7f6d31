package checker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// linearizable judges each key by itself: linearizability is a local property
// (Herlihy and Wing 1990, theorem 1).
type linearizable struct{ model model.Model }

func (l linearizable) Name() string { return "linearizable(" + l.model.Name() + ")" }

// keyed is one key's share of the work.
type keyed struct {
	key      string
	ops      []model.Op
	answer   answer
	panicked any
}

func (l linearizable) Check(ctx context.Context, h *history.History, o Options) (Result, error) {
	prepared, err := l.model.Prepare(h.Ops)
	if err != nil {
		return Result{}, err
	}
	keys := split(prepared)
	limited, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	l.searchAll(limited, keys, o)
	return l.conclude(ctx, keys, o), nil
}

// split groups operations by key, largest first.
func split(ops []model.Op) []*keyed {
	var keys []*keyed
	at := map[string]*keyed{}
	for _, op := range ops {
		k := at[op.Key]
		if k == nil {
			k = &keyed{key: op.Key}
			at[op.Key] = k
			keys = append(keys, k)
		}
		k.ops = append(k.ops, op)
	}
	slices.SortStableFunc(keys, func(a, b *keyed) int { return cmp.Compare(len(b.ops), len(a.ops)) })
	return keys
}

// searchAll searches the keys side by side, each within its share of memory.
func (l linearizable) searchAll(ctx context.Context, keys []*keyed, o Options) {
	workers := min(runtime.GOMAXPROCS(0), max(len(keys), 1))
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		next int
		done int
	)
	pm := l.model.Porcupine()
	for range workers {
		wg.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= len(keys) {
					return
				}
				l.search(ctx, keys[i], pm, o.MemoryBytes/int64(workers))
				mu.Lock()
				done++
				o.Progress(l.Name(), done, len(keys))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

// search judges one key. A panic is kept: here it would end the process.
func (l linearizable) search(ctx context.Context, k *keyed, pm porcupine.Model, bytes int64) {
	defer func() { k.panicked = recover() }()
	k.answer = search(ctx, l.model, pm, k.ops, bytes)
}

// maxWitnesses bounds for how many keys a witness is made.
const maxWitnesses = 5

// witnessTime bounds the making of all witnesses. It comes on top of the
// check's own time: a violation without its proof is of little use.
const witnessTime = 20 * time.Second

func (l linearizable) conclude(ctx context.Context, keys []*keyed, o Options) Result {
	ctx, cancel := context.WithTimeout(ctx, witnessTime)
	defer cancel()
	counts, ops, certain := map[answer]int{}, 0, 0
	r := Result{Model: l.model.Name(), Engine: "porcupine", Verdict: Valid}
	// The smallest histories first: their witnesses are made soonest.
	for _, k := range slices.Backward(keys) {
		counts[k.answer]++
		ops += len(k.ops)
		for i := range k.ops {
			if k.ops[i].Certain {
				certain++
			}
		}
		if k.answer == illegal && len(r.Anomalies) < maxWitnesses {
			r.Anomalies = append(r.Anomalies, l.anomaly(ctx, k, o))
		}
	}
	for _, k := range keys {
		if k.panicked != nil && counts[illegal] == 0 {
			panic(k.panicked) // for Judge to report
		}
	}
	undecidedKeys := counts[undecided] + counts[tooLarge]
	r.Statistics = map[string]any{
		"keys": len(keys), "operations": ops,
		"invalid_keys": counts[illegal], "unknown_keys": undecidedKeys,
	}
	switch {
	case counts[illegal] > 0:
		r.Verdict = Invalid
	case counts[undecided] > 0 && errors.Is(ctx.Err(), context.Canceled):
		r.Verdict = Unknown
		r.Reason = fmt.Sprintf("interrupted before %d of %d keys were decided", counts[undecided], len(keys))
	case counts[tooLarge] > 0:
		r.Verdict = Unknown
		r.Reason = fmt.Sprintf("%d of %d keys need more than %d MiB to search; try --memory, or fewer operations per key", counts[tooLarge], len(keys), o.MemoryBytes>>20)
	case counts[undecided] > 0:
		r.Verdict = Unknown
		r.Reason = fmt.Sprintf("%d of %d keys were not decided within %v; try --timeout, or fewer operations per key", counts[undecided], len(keys), o.Timeout)
	case certain == 0 && !o.JepsenQuirks:
		r.Verdict, r.Reason = Unknown, "no operation is known to have taken effect"
	}
	return r
}

// anomaly returns the violation of a key with its witness. Should the making of
// one crash, the whole key's history is the witness: it was shown to be illegal,
// and that must not be lost.
func (l linearizable) anomaly(ctx context.Context, k *keyed, o Options) (a Anomaly) {
	defer func() {
		if p := recover(); p != nil {
			cause, _, _ := strings.Cut(fmt.Sprint(p), "\n")
			a = show(witness{ops: k.ops}, anomaly("non-linearizable",
				"no order of these %d operations gives the results they had (making a smaller witness crashed, which is a bug of jepsen-lite: %s)", len(k.ops), cause))
		}
		a.Key = k.key
	}()
	return l.tell(minimize(ctx, l.model, k.ops, o.MemoryBytes))
}

// tell explains a witness and shows it.
func (l linearizable) tell(w witness) Anomaly { return show(w, explain(l.model, w)) }

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
