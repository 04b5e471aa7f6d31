package checker

import (
	"context"
	"fmt"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// expiry judges the other half of a lease: whoever holds a lock has lost it when
// its time to live is over, so that a holder that died does not keep it for ever.
//
// It goes by refusals that say who holds the lock. An acquisition takes effect
// once: before it returns, and, whatever its outcome, before anybody sees its
// token. From the earliest of these moments on the lock is held with that token
// for the time to live, and not seen so any later. A token that was asked for more
// than once may have been granted again, as long as one of those requests was
// under way: then time begins when the last of them returned.
//
// Refusals that name nobody prove nothing: some request of unknown outcome may
// have been granted the lock just before.
type expiry struct {
	text string // the time to live as it was written
	ttl  time.Duration
}

func parseExpiry(parameter string) (Check, error) {
	ttl, err := time.ParseDuration(parameter)
	if err != nil || ttl <= 0 {
		return nil, fmt.Errorf("check \"expiry(%s)\": expected a time to live, as in expiry(300ms)", parameter)
	}
	return expiry{parameter, ttl}, nil
}

func (e expiry) Name() string { return "expiry(" + e.text + ")" }

// tenure is what is known of the times of one token.
type tenure struct {
	tokenKey
	asked []*model.Op // acquires of it that may have been granted
	seen  []*model.Op // refusals that named it, by invocation
}

func (e expiry) Check(_ context.Context, h *history.History, _ Options) (Result, error) {
	ops, err := prepare("mutex", h)
	if err != nil {
		return Result{}, err
	}
	tenures := findTenures(ops)
	var anomalies []Anomaly
	sightings := 0
	for _, t := range tenures {
		sightings += len(t.seen)
		if a, overdue := e.judge(t); overdue {
			anomalies = append(anomalies, a)
		}
	}
	r := found(anomalies, map[string]any{"tokens": len(tenures), "refusals": sightings, "overdue": len(anomalies)})
	if len(tenures) == 0 {
		r.Verdict, r.Reason = Unknown, "the lock was never granted"
	}
	r.Engine = "intervals"
	return r, nil
}

// findTenures returns the tokens in the order in which they are first named.
func findTenures(ops []model.Op) []*tenure {
	var all []*tenure
	at := map[tokenKey]*tenure{}
	of := func(key string, token history.Value) *tenure {
		name := tokenKey{key, token}
		if at[name] == nil {
			at[name] = &tenure{tokenKey: name}
			all = append(all, at[name])
		}
		return at[name]
	}
	for i := range ops {
		op := &ops[i]
		if op.F != "acquire" {
			continue
		}
		if holder, refused := op.Result.Field("held_by"); refused && names(holder) {
			t := of(op.Key, holder)
			t.seen = append(t.seen, op)
		} else if !op.Observes {
			for _, token := range tokens(op) {
				t := of(op.Key, token)
				t.asked = append(t.asked, op)
			}
		}
	}
	return all
}

// judge finds the first refusal that came too late.
func (e expiry) judge(t *tenure) (a Anomaly, overdue bool) {
	// Why the slack: as in the model lease, and as much for the other end.
	limit := int64(e.ttl + 2*(time.Millisecond+e.ttl/1000))
	for _, late := range t.seen {
		since, proof := t.began(late)
		if since != history.Never && late.Call-since > limit {
			a = anomaly("not-expired", "the lock was still held with the token %s at least %s after it was granted, although its time to live is %s",
				t.token, readable(time.Duration(late.Call-since)), e.text)
			a.Key, a.Ops = t.key, []int{proof.ID, late.ID}
			return a, true
		}
	}
	return a, false
}

// began returns the latest moment at which the time of the token, as the refusal
// saw it, can have begun, and the operation that proves it; Never: not known.
func (t *tenure) began(refusal *model.Op) (since int64, proof *model.Op) {
	asked := 0
	for _, op := range t.asked {
		if op.Call <= refusal.Return {
			asked++
			if since = max(since, op.Return); since == op.Return {
				proof = op
			}
		}
	}
	if asked > 1 {
		return since, proof
	}
	// Granted once: whoever saw the token first came after that.
	if asked == 0 {
		since = history.Never
	}
	for _, op := range t.seen {
		if op.Return < since {
			since, proof = op.Return, op
		}
	}
	return since, proof
}
