package txn

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// parse reads transactions, one a line: when it was called and completed, its
// outcome, and steps as ax1, append 1 to x, and rx12, read 1 and 2 in x; rx0 read
// an empty list. A completion of ? is none; - as the call is one not recorded.
func parse(t testing.TB, text string) []Txn {
	t.Helper()
	var txns []Txn
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		call, end, found := strings.Cut(words[0], "..")
		if len(words) < 3 || !found {
			t.Fatalf("%q: expected 0..3 ok ax1", line)
		}
		x := Txn{ID: len(txns), Called: moment(t, call), Completed: moment(t, end)}
		x.Outcome = map[string]history.Type{"ok": history.OK, "fail": history.Fail, "info": history.Info}[words[1]]
		for _, w := range words[2:] {
			s := Step{Append: w[0] == 'a', Key: history.Str(w[1:2])}
			for _, c := range w[2:] {
				v := history.Int(int64(c - '0'))
				if s.Append {
					s.Element = v
				} else if c != '0' {
					s.List = append(s.List, v)
				}
			}
			s.Known = !s.Append && len(w) > 2 && x.Outcome == history.OK
			x.Steps = append(x.Steps, s)
		}
		txns = append(txns, x)
	}
	return txns
}

func moment(t testing.TB, text string) int {
	t.Helper()
	if text == "?" || text == "-" {
		return -1
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Each history has its first anomaly under each model, or none.
func TestHandMadeHistories(t *testing.T) {
	const rc, rr, si, ser, strict = "read-committed", "repeatable-read", "snapshot-isolation", "serializable", "strict-serializable"
	for _, test := range []struct {
		name  string
		txns  string
		wants map[string]string // anomaly by model; models not named have none
	}{
		{"one after another", `
0..1 ok ax1
2..3 ok rx1 ax2
4..5 ok rx12`, nil},
		{"a write cycle", `
0..5 ok ax1 ay1
1..6 ok ax2 ay2
2..7 ok rx12 ry21`, map[string]string{rc: "G0", rr: "G0", si: "G0", ser: "G0", strict: "G0"}},
		{"an aborted read", `
0..1 fail ax1
2..3 ok rx1`, map[string]string{rc: "G1a", rr: "G1a", si: "G1a", ser: "G1a", strict: "G1a"}},
		{"an element that a failed attempt and another appended", `
0..1 fail ax1
2..3 ok ax1
4..5 ok rx1`, nil},
		{"an intermediate read", `
0..3 ok ax1 ax2
1..2 ok rx1`, map[string]string{rc: "G1b", rr: "G1b", si: "G1b", ser: "G1b", strict: "G1b"}},
		{"a transaction reads in its own midst", `
0..3 ok ax1 rx1 ax2
4..5 ok rx12`, nil},
		{"circular information flow", `
0..5 ok ax1 ry1
1..6 ok ax2 ay1
2..7 ok rx12 ry1`, map[string]string{rc: "G1c", rr: "G1c", si: "G1c", ser: "G1c", strict: "G1c"}},
		{"read skew", `
0..5 ok ax1 ay1
1..6 ok ax2 ry0
2..7 ok rx12`, map[string]string{rr: "G-single", si: "G-single", ser: "G-single", strict: "G-single"}},
		{"write skew", `
0..5 ok ax1 ry0
1..6 ok ay1 rx0`, map[string]string{rr: "G2-item", ser: "G2-item", strict: "G2-item"}},
		{"a long fork", `
0..7 ok ax1
1..6 ok rx1 ry0
2..8 ok ay1
3..9 ok ry1 rx0`, map[string]string{rr: "G-nonadjacent", si: "G-nonadjacent", ser: "G-nonadjacent", strict: "G-nonadjacent"}},
		{"a path with forks, but no cycle", `
0..10 ok rx5 ay1
1..11 ok ry0 az2
2..12 ok rz0 at3
3..13 ok rt3 au4
4..14 ok ru0 ax5`, nil},
		{"a stale read", `
0..1 ok ax1
2..3 ok ax2
4..5 ok rx1
6..7 ok rx12`, map[string]string{strict: "G-single-realtime"}},
		{"read before it was called", `
0..1 ok rx1
2..3 ok ax1`, map[string]string{strict: "G1c-realtime"}},
		{"a lost update", `
0..1 ok ax9
2..5 ok rx9 ax1
3..6 ok rx9 ax2`, map[string]string{rr: "lost-update", si: "lost-update", ser: "lost-update", strict: "lost-update"}},
		{"not everything one transaction wrote after one read", `
0..1 ok rx0 ax1 ax2
2..3 ok rx12`, nil},
		{"reads that contradict each other", `
0..5 ok ax1
1..6 ok ax2
2..7 ok rx12
3..8 ok rx21`, map[string]string{rc: "incompatible-order", rr: "incompatible-order", si: "incompatible-order", ser: "incompatible-order", strict: "incompatible-order"}},
		{"an element twice", `
0..5 ok ax1
1..6 ok ax2
2..7 ok rx121`, map[string]string{rc: "duplicate-elements", rr: "duplicate-elements", si: "duplicate-elements", ser: "duplicate-elements", strict: "duplicate-elements"}},
		{"an element nobody appended", `
0..1 ok rx7`, map[string]string{rc: "unexpected", rr: "unexpected", si: "unexpected", ser: "unexpected", strict: "unexpected"}},
		{"does not see its own append", `
0..1 ok ax1 rx0
2..3 ok rx1`, map[string]string{si: "internal", ser: "internal", strict: "internal"}},
		{"sees its own append before it", `
0..1 ok rx1 ax1`, map[string]string{rc: "future-read", rr: "future-read", si: "future-read", ser: "future-read", strict: "future-read"}},
		{"unknown, and read", `
0..? info ax1 ay1
1..2 ok rx1
3..4 ok ry0`, map[string]string{strict: "G-single-realtime"}},
		{"unknown, and not read", `
0..? info ax1
1..2 ok rx0
3..4 ok ax2 rx2`, nil},
		{"a read of unknown outcome says nothing", `
0..? info ax2 ry
1..2 ok ax1 ay1
3..4 ok rx12 ry1`, nil},
		{"not in the longest read, so after it", `
0..9 ok ax1 ay1
1..8 ok ax2 ay2
2..7 ok ax3 ay3
3..6 ok rx12
4..5 ok ry2`, map[string]string{rc: "G0", rr: "G0", si: "G0", ser: "G0", strict: "G0"}},
		{"invocations that were not recorded are in no order", `
-..0 ok rx1
-..1 ok ax1`, nil},
	} {
		for _, m := range Models() {
			t.Run(test.name+"/"+m.Name, func(t *testing.T) {
				got := ""
				r := Check(t.Context(), parse(t, test.txns), m)
				if len(r.Anomalies) > 0 {
					got = r.Anomalies[0].Type
				}
				if got != test.wants[m.Name] {
					t.Errorf("got %q, want %q: %+v", got, test.wants[m.Name], r.Anomalies)
				}
			})
		}
	}
}

func TestCyclesAreExplained(t *testing.T) {
	for _, test := range []struct{ model, txns, want string }{
		{"serializable", `
0..5 ok ax1 ry0
1..6 ok ay1 rx0`, `each of these transactions comes before the next, and so before itself: event 0 read "y" without 1, which event 1 appended; event 1 read "x" without 1, which event 0 appended`},
		{"read-committed", `
0..5 ok ax1 ry1
1..6 ok ax2 ay1
2..7 ok rx12 ry1`, `each of these transactions comes before the next, and so before itself: event 1 appended 1 to "y", which event 0 read; event 0 appended 1 to "x" before event 1 appended 2`},
		{"strict-serializable", `
0..1 ok rx1
2..3 ok ax1`, `each of these transactions comes before the next, and so before itself: event 0 had completed before event 1 was called; event 1 appended 1 to "x", which event 0 read`},
	} {
		m, err := ParseModel(test.model)
		if err != nil {
			t.Fatal(err)
		}
		r := Check(t.Context(), parse(t, test.txns), m)
		if len(r.Anomalies) != 1 || r.Anomalies[0].Explanation != test.want {
			t.Errorf("%s:\ngot  %+v\nwant %s", test.model, r.Anomalies, test.want)
		}
	}
}

func TestParseModel(t *testing.T) {
	if _, err := ParseModel("eventual"); err == nil || !strings.Contains(err.Error(), "expected one of read-committed, repeatable-read, snapshot-isolation, serializable, strict-serializable") {
		t.Errorf("got %v", err)
	}
	if Strongest().Name != "strict-serializable" {
		t.Errorf("got %s", Strongest().Name)
	}
}

func TestParseRefusesWhatIsNoTransaction(t *testing.T) {
	for _, test := range []struct{ value, err string }{
		{`7`, "expected a list of steps"},
		{`[7]`, "expected [f, key, value]"},
		{`[["append","x"]]`, "expected append or r first"},
		{`[["w","x",1]]`, "expected append or r first"},
		{`[["r","x",7]]`, "expected a list as what was read"},
	} {
		v, err := history.ParseValue([]byte(test.value))
		if err != nil {
			t.Fatal(err)
		}
		_, err = Parse(&history.Op{Input: v, Output: v, Outcome: history.OK})
		if err == nil || !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: got %v, want %q", test.value, err, test.err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{`[["append","x",1],["r","y",null]]`, `[[":r",1,[1,2]]]`, `[]`, `[[]]`, `{}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := history.ParseValue([]byte(text))
		if err != nil {
			return
		}
		a, errA := Parse(&history.Op{Input: v, Output: v, Outcome: history.OK, Completed: 1})
		b, errB := Parse(&history.Op{Input: v, Outcome: history.Info, Completed: -1})
		if errA == nil && errB == nil {
			for _, m := range Models() {
				Check(t.Context(), []Txn{a, b}, m)
			}
		}
	})
}

func ExampleCheck() {
	op := func(at int, value string) history.Op {
		v, _ := history.ParseValue([]byte(value))
		return history.Op{Input: v, Output: v, Outcome: history.OK, Invoked: 2 * at, Completed: 2*at + 1}
	}
	var txns []Txn
	for at, value := range []string{`[["append","x",1]]`, `[["append","x",2]]`, `[["r","x",[1]]]`, `[["r","x",[1,2]]]`} {
		o := op(at, value)
		t, err := Parse(&o)
		if err != nil {
			panic(err)
		}
		txns = append(txns, t)
	}
	for _, m := range Models() {
		for _, a := range Check(context.Background(), txns, m).Anomalies {
			fmt.Println(m.Name, a.Type, a.IDs)
		}
	}
	// Output:
	// strict-serializable G-single-realtime [2 4]
}
