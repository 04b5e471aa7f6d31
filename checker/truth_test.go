package checker

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// shortLease is a lease that expires within a random history's length, once a
// unit of its time is a millisecond.
const shortLease = 12 * time.Millisecond

// What an anomaly says is true of the whole history, or of what was known of it
// when the witness was complete, and not only of its witness: what the witness
// left out is no excuse for what it shows.
func TestSentencesAreTrueOfTheWholeHistory(t *testing.T) {
	short, err := model.Parse("lease(" + shortLease.String() + ")")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range append(everyModel(t), short) {
		t.Run(m.Name(), func(t *testing.T) {
			types := map[string]int{}
			rapid.Check(t, func(rt *rapid.T) {
				for range 10 {
					ops := modeltest.History(m.Kind().Name, 12).Draw(rt, "history")
					if m.Name() == short.Name() {
						stretch(ops, int64(time.Millisecond))
					}
					r, err := Linearizable(m).Check(t.Context(), &history.History{Ops: ops}, Options{}.withDefaults())
					if err != nil {
						rt.Fatal(err)
					}
					for _, a := range r.Anomalies {
						types[a.Type]++
						if wrong := untrue(m, a, ops); wrong != "" {
							rt.Fatalf("%s: %s: %s %v\n%s", wrong, a.Type, a.Explanation, a.Ops, listing(ops))
						}
					}
				}
			})
			t.Log(types)
		})
	}
}

func stretch(ops []history.Op, unit int64) {
	for i := range ops {
		ops[i].Call *= unit
		if ops[i].Return != history.Never {
			ops[i].Return *= unit
		}
	}
}

// quoted finds the values that a sentence is about.
var quoted = regexp.MustCompile(`-?\d+|null`)

// untrue says what in an anomaly is not so, by the whole history.
func untrue(m model.Model, a Anomaly, ops []history.Op) string {
	all, err := m.Prepare(ops)
	if err != nil {
		return err.Error()
	}
	var shown []model.Op // the witness: as in the history, or still open at its end
	for _, op := range all {
		at := slices.Index(a.Ops, op.ID)
		if at >= 0 && strings.HasSuffix(a.Witness[at].Operation, "→ ?") {
			op, _ = m.Loosen(op)
		}
		if at >= 0 {
			shown = append(shown, op)
		}
	}
	then := knownBy(m, all, lastReturn(shown))
	var values []history.Value
	for _, text := range quoted.FindAllString(a.Explanation, -1) {
		v, err := history.ParseValue([]byte(text))
		if err != nil {
			return err.Error()
		}
		values = append(values, v)
	}
	holds := assertions()[a.Type]
	if holds == nil {
		return fmt.Sprintf("no test knows what %q claims", a.Type)
	}
	if !holds(a.Explanation, values, shown, all) && !holds(a.Explanation, values, shown, then) {
		return "not true"
	}
	return ""
}

// knownBy returns what was known then: later calls are no excuse, and what was
// still open may or may not have happened.
func knownBy(m model.Model, all []model.Op, end int64) []model.Op {
	var known []model.Op
	for _, op := range all {
		keep := op.Call <= end
		if keep && op.Certain && op.Return > end {
			op, keep = m.Loosen(op)
		}
		if keep {
			known = append(known, op)
		}
	}
	return known
}

// assertion reports whether a sentence about these values is true of the operations
// shown, among all.
type assertion func(sentence string, values []history.Value, shown, all []model.Op) bool

func assertions() map[string]assertion {
	return map[string]assertion{
		"non-linearizable":  func(string, []history.Value, []model.Op, []model.Op) bool { return true },
		"impossible-result": func(_ string, _ []history.Value, shown, _ []model.Op) bool { return len(shown) == 1 },
		"wrong-total":       func(string, []history.Value, []model.Op, []model.Op) bool { return true },
		"counted-twice":     claimCountedTwice,
		"wrong-stock":       func(string, []history.Value, []model.Op, []model.Op) bool { return true },
		"lost-write":        claimOverwritten,
		"stale-read":        claimStale,
		"read-went-back":    claimWentBack,
		"lost-update":       claimLostUpdate,
		"negative-stock":    claimNegative,
		"two-holders":       claimTwoHolders,
		"lease-broken":      claimLease,
		"lease-lost":        claimLease,
		"lease-stolen":      claimStolen,
		"token-repeated":    claimTokens,
		"token-went-back":   claimTokens,
		"duplicate":         claimDuplicate,
		"never-enqueued":    claimNeverEnqueued,
		"out-of-order":      claimOutOfOrder,
		"lost":              claimLost,
		"unexpected":        claimUnexpected,
		"reads-disagree":    claimDisagree,
		"duplicate-element": claimTwiceInRead,
		"lost-append":       claimLostAppend,
		"released-by-another": func(_ string, _ []history.Value, shown, _ []model.Op) bool {
			return some(shown, func(x, y *model.Op) bool { return isGranted(x) && y.F == "release" && earlier(x, y) })
		},
	}
}

// some reports whether holds is true of some pair of different operations.
func some(ops []model.Op, holds func(x, y *model.Op) bool) bool {
	for i := range ops {
		for j := range ops {
			if i != j && holds(&ops[i], &ops[j]) {
				return true
			}
		}
	}
	return false
}

func earlier(x, y *model.Op) bool { return x.Certain && y.Certain && x.Return < y.Call }

// leaves returns the value an operation of a register leaves, and saw what a
// certain one found.
func leaves(op *model.Op) history.Value {
	pair, _ := op.Arg.Elements()
	switch {
	case op.Observes:
		return history.Value{}
	case op.F == "cas":
		return pair[1]
	}
	return op.Arg
}

func saw(op *model.Op) history.Value {
	if v, ok := op.Result.Field("saw"); ok {
		return v
	}
	if op.F == "read" && op.Certain {
		return op.Result
	}
	return history.Value{}
}

// none reports whether nothing that can take effect within the time puts v.
func none(all []model.Op, v history.Value, from, to int64) bool {
	return !slices.ContainsFunc(all, func(op model.Op) bool {
		return leaves(&op) == v && op.Call <= to && op.Return >= from
	})
}

func claimOverwritten(_ string, values []history.Value, shown, all []model.Op) bool {
	return some(shown, func(w, r *model.Op) bool {
		return earlier(w, r) && saw(r) == values[0] && (leaves(w) == values[1] || leaves(w) == values[0]) == (len(values) > 1) &&
			none(all, values[0], w.Call, r.Return)
	})
}

// claimStale: overwritten, and where a later read is told of, there is one.
func claimStale(sentence string, values []history.Value, shown, all []model.Op) bool {
	return claimOverwritten(sentence, values, shown, all) && (!strings.Contains(sentence, "a later read returned") || some(all, func(r, later *model.Op) bool {
		return saw(r) == values[0] && earlier(r, later) && saw(later) == values[1] && values[1] == values[2] &&
			none(all, values[1], r.Call, later.Return)
	}))
}

func claimWentBack(_ string, values []history.Value, shown, all []model.Op) bool {
	return some(shown, func(x, y *model.Op) bool {
		return earlier(x, y) && saw(y) == values[0] && saw(x) == values[1] && values[0] != values[1] && none(all, values[0], x.Call, y.Return)
	})
}

func claimNegative(_ string, _ []history.Value, shown, _ []model.Op) bool {
	return slices.ContainsFunc(shown, func(op model.Op) bool { n, ok := op.Result.Int(); return ok && n < 0 })
}

// claimCountedTwice: a total that all additions together do not make.
func claimCountedTwice(_ string, values []history.Value, shown, all []model.Op) bool {
	return slices.ContainsFunc(shown, func(seen model.Op) bool {
		sum, said := int64(0), seen.Result == values[0]
		for i := range all {
			n, adds := all[i].Arg.Int()
			switch {
			case adds && n < 0:
				return false
			case adds && all[i].Call <= seen.Return:
				sum += n
			}
		}
		total, _ := values[0].Int()
		return said && history.Int(sum) == values[1] && total > sum
	})
}

// claimLostUpdate: of registers, counters and stocks.
func claimLostUpdate(sentence string, values []history.Value, shown, all []model.Op) bool {
	return some(shown, func(x, y *model.Op) bool {
		if strings.HasPrefix(sentence, "two compare-and-sets") {
			return replacedOnce(values[0], x, y, all)
		}
		grows := !slices.ContainsFunc(all, func(op model.Op) bool {
			n, _ := op.Arg.Int()
			meanwhile := op.Call <= max(x.Return, y.Return) && op.Return >= min(x.Call, y.Call)
			return meanwhile && (op.F == "put" || op.F != "read" && n < 0)
		})
		a, _ := x.Arg.Int()
		b, _ := y.Arg.Int()
		switch {
		case !grows:
			return false
		case strings.HasPrefix(sentence, "two "):
			return x.Certain && y.Certain && x.Result == values[0] && y.Result == values[0] && a != 0 && b != 0
		case x.Result != values[1] || y.Result != values[0] || !earlier(x, y):
			return false
		}
		after, _ := y.Result.Int()
		before, _ := x.Result.Int()
		if strings.HasPrefix(sentence, "the stock") {
			return after > before
		}
		return after < before || after == before && b > 0
	})
}

// replacedOnce: two compare-and-sets needed v, which was there at most once.
func replacedOnce(v history.Value, x, y *model.Op, all []model.Op) bool {
	needs := func(op *model.Op) bool {
		pair, ok := op.Arg.Elements()
		return op.F == "cas" && op.Certain && !op.Observes && ok && pair[0] == v
	}
	sources := 0
	if v.IsNull() {
		sources++ // a register nobody wrote
	}
	for i := range all {
		if leaves(&all[i]) == v && all[i].Call <= max(x.Return, y.Return) {
			sources++
		}
	}
	return needs(x) && needs(y) && sources <= 1
}
