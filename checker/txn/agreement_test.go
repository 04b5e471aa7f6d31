package txn

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// shape draws the events and steps of up to n transactions on two lists, without
// results. Each appends elements of its own.
func shape(t *rapid.T, n int) []Txn {
	txns := make([]Txn, rapid.IntRange(2, n).Draw(t, "transactions"))
	var events []int // a transaction twice: its call and its completion
	for i := range txns {
		events = append(events, i, i)
	}
	events = rapid.Permutation(events).Draw(t, "events")
	for i := range txns {
		first := slices.Index(events, i)
		txns[i] = Txn{ID: first, Called: first, Completed: first + 1 + slices.Index(events[first+1:], i), Outcome: history.OK}
		for j := range rapid.IntRange(1, 3).Draw(t, "steps") {
			s := Step{Key: history.Str(rapid.SampledFrom([]string{"x", "y"}).Draw(t, "key"))}
			if s.Append = rapid.Bool().Draw(t, "append"); s.Append {
				s.Element = history.Int(int64(10*i + j))
			}
			txns[i].Steps = append(txns[i].Steps, s)
		}
	}
	return txns
}

type store map[history.Value][]history.Value

// run executes a transaction on a state, and returns the state after it. Its
// reads are set to what they return.
func run(x *Txn, before store) store {
	after := maps.Clone(before)
	for j := range x.Steps {
		s := &x.Steps[j]
		if s.Append {
			after[s.Key] = append(slices.Clone(after[s.Key]), s.Element)
		} else {
			s.List, s.Known = slices.Clone(after[s.Key]), x.Outcome == history.OK
		}
	}
	return after
}

// mutate exchanges what some reads returned.
func mutate(t *rapid.T, txns []Txn) {
	for range rapid.IntRange(0, 3).Draw(t, "mutations") {
		x := &txns[rapid.IntRange(0, len(txns)-1).Draw(t, "victim")]
		s := &x.Steps[rapid.IntRange(0, len(x.Steps)-1).Draw(t, "step")]
		if s.Append || len(s.List) == 0 {
			continue
		}
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			s.List = s.List[:len(s.List)-1]
		case 1:
			slices.Reverse(s.List)
		default:
			s.List = nil
		}
	}
}

// serial tries every order that explains all reads; of unknown outcome may not
// have happened. realtime: an order that respects real time.
func serial(txns []Txn, state store, realtime bool) bool {
	if !slices.ContainsFunc(txns, func(x Txn) bool { return x.Outcome == history.OK }) {
		return true
	}
	for i, x := range txns {
		if x.Outcome == history.Fail || realtime && slices.ContainsFunc(txns, func(y Txn) bool {
			return y.Outcome == history.OK && y.Completed < x.Called
		}) {
			continue
		}
		again := x
		again.Steps = slices.Clone(x.Steps)
		after := run(&again, state)
		same := slices.EqualFunc(x.Steps, again.Steps, func(a, b Step) bool { return !a.Known || slices.Equal(a.List, b.List) })
		if same && serial(slices.Delete(slices.Clone(txns), i, i+1), after, realtime) {
			return true
		}
	}
	return false
}

// fates draws an outcome for each transaction.
func fates(t *rapid.T, txns []Txn) {
	for i := range txns {
		switch rapid.IntRange(0, 9).Draw(t, "outcome") {
		case 0:
			txns[i].Outcome, txns[i].Completed = history.Info, -1
		case 1:
			txns[i].Outcome = history.Fail
		}
	}
}

// For lists the order is decided by what was read and by what was not, so that
// the check of serializability is exact.
func TestSerializableAgreesWithEveryOrder(t *testing.T) {
	for _, name := range []string{"serializable", "strict-serializable"} {
		t.Run(name, func(t *testing.T) {
			m, err := ParseModel(name)
			if err != nil {
				t.Fatal(err)
			}
			verdicts, unknown := map[bool]int{}, 0
			rapid.Check(t, func(rt *rapid.T) {
				for range 10 {
					txns := shape(rt, 5)
					fates(rt, txns)
					state := store{}
					order := rapid.Permutation(indexes(len(txns))).Draw(rt, "order")
					for _, i := range order {
						happens := txns[i].Outcome == history.OK || txns[i].Outcome == history.Info && rapid.Bool().Draw(rt, "happens")
						if after := run(&txns[i], state); happens {
							state = after
						}
					}
					mutate(rt, txns)
					want := serial(txns, store{}, m.forbidden == realtime)
					r := Check(t.Context(), txns, m)
					verdicts[want]++
					if slices.ContainsFunc(txns, func(x Txn) bool { return x.Outcome != history.OK }) {
						unknown++
					}
					if got := len(r.Anomalies) == 0; got != want {
						rt.Fatalf("got %v %+v, want %v:\n%s", got, r.Anomalies, want, listing(txns))
					}
				}
			})
			if t.Log(verdicts, unknown); verdicts[true] == 0 || verdicts[false] == 0 || unknown == 0 {
				t.Errorf("the histories do not try the check: %v", verdicts)
			}
		})
	}
}

func indexes(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func listing(txns []Txn) (text string) {
	for _, x := range txns {
		text += fmt.Sprintf("%d..%d %s", x.Called, x.Completed, x.Outcome)
		for _, s := range x.Steps {
			if s.Append {
				text += fmt.Sprintf(" append %s %s", s.Key, s.Element)
			} else {
				text += fmt.Sprintf(" read %s %s", s.Key, shown(s.List, false))
			}
		}
		text += "\n"
	}
	return text
}

// What a database with snapshots does, where the first of two that append to the
// same list commits, is allowed by snapshot isolation; and what one does whose
// reads return what is committed at the time, by read committed.
func TestSimulatedDatabasesKeepTheirPromise(t *testing.T) {
	for _, name := range []string{"snapshot-isolation", "read-committed"} {
		t.Run(name, func(t *testing.T) {
			m, err := ParseModel(name)
			if err != nil {
				t.Fatal(err)
			}
			weaker := 0 // histories that are not serializable
			rapid.Check(t, func(rt *rapid.T) {
				for range 10 {
					txns := shape(rt, 6)
					simulate(rt, txns, name == "snapshot-isolation")
					if r := Check(t.Context(), txns, m); len(r.Anomalies) > 0 {
						rt.Fatalf("%+v\n%s", r.Anomalies, listing(txns))
					}
					if r := Check(t.Context(), txns, Models()[3]); len(r.Anomalies) > 0 {
						weaker++
					}
				}
			})
			if t.Log(weaker); weaker == 0 {
				t.Error("all histories are serializable: they do not try the check")
			}
		})
	}
}

// simulate executes transactions from their calls to their completions.
func simulate(t *rapid.T, txns []Txn, snapshots bool) {
	last := 0
	for i := range txns {
		last = max(last, txns[i].Completed)
	}
	committed := store{}
	began := make([]store, len(txns))
	for at := range last + 1 {
		for i := range txns {
			x := &txns[i]
			switch at {
			case x.Called:
				began[i] = committed
			case x.Completed:
				for _, s := range x.Steps {
					if snapshots && s.Append && len(committed[s.Key]) != len(began[i][s.Key]) {
						x.Outcome = history.Fail // another committed first
					}
				}
				if x.Outcome == history.Fail {
					continue
				}
				if snapshots {
					run(x, began[i])
				} else {
					readCommitted(t, x, began[i], committed)
				}
				committed = commit(x, committed)
			}
		}
	}
}

// commit appends what a transaction appended.
func commit(x *Txn, committed store) store {
	again := *x
	again.Steps = nil
	for _, s := range x.Steps {
		if s.Append {
			again.Steps = append(again.Steps, s)
		}
	}
	return run(&again, committed)
}

// readCommitted lets each read return what was committed at the call or at the
// completion, in one order of time, and the transaction's own appends after it.
func readCommitted(t *rapid.T, x *Txn, early, late store) {
	state := early
	own := map[history.Value][]history.Value{}
	for j := range x.Steps {
		s := &x.Steps[j]
		if rapid.Bool().Draw(t, "later") {
			state = late
		}
		if s.Append {
			state = late // it locks the list, and nobody else appends to it
			own[s.Key] = append(own[s.Key], s.Element)
			continue
		}
		s.List, s.Known = append(slices.Clone(state[s.Key]), own[s.Key]...), true
	}
}
