package search_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/checker/search"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// The drawing is the history: time to the right, ? an unknown outcome.
func TestDrawnHistories(t *testing.T) {
	for _, test := range []struct {
		name, model string
		want        search.Answer
		drawing     string
	}{
		{"a write hidden by another", "register", search.Legal, `
0  |-write 1 → 1------------|
1     |-write 2 → 2-|
2                             |-read → 2-|`},
		{"a write cannot be hidden after it returned", "register", search.Illegal, `
0  |-write 1 → 1-|
1                   |-write 2 → 2-|
2                                    |-read → 1-|`},
		{"a hidden write can still be seen until it returns", "register", search.Legal, `
0  |-write 1 → 1-------------------------------|
1     |-write 2 → 2-|
2                      |-read → 2-|
3                                    |-read → 1-|`},
		{"one write of unknown outcome explains one change", "register", search.Illegal, `
0  |-write 1-?
1                |-write 2 → 2-|
2                                |-read → 1-|
3                                              |-write 2 → 2-|
4                                                              |-read → 1-|`},
		{"two of a kind explain two", "register", search.Legal, `
0  |-write 1-?
1  |-write 1-?
2                |-write 2 → 2-|
3                                |-read → 1-|
4                                              |-write 2 → 2-|
5                                                              |-read → 1-|`},
		{"of two alike the one that returns first goes first", "counter", search.Legal, `
0  |-add 1 → 1-----------------------------------|
1     |-add 1 → 1-|
2                    |-read → 1-|
3                                                  |-read → 2-|`},
		{"of two alike the one that returns first goes first, though called later", "counter", search.Legal, `
0  |-add 1 → 1------------------------------------------------|
1     |-add 1 → 1-----------------------|
2       |-read → 1-|
3                                            |-read → 1-|
4                                                                 |-read → 2-|`},
		{"acquired twice by one owner", "mutex", search.Illegal, `
0  |-acquire 1 → 1-|
0                     |-acquire 1 → 1-|`},
		{"a release of unknown outcome in between", "mutex", search.Legal, `
0  |-acquire 1 → 1-|
1                     |-release 1-?
0                                     |-acquire 1 → 1-|`},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, ops := mustPrepare(test.model, sketch.MustParse(test.drawing))
			if r := search.Check(t.Context(), m, ops, search.Options{}); r.Answer != test.want || (r.Last >= 0) != (test.want == search.Illegal) {
				t.Errorf("%+v, want %s", r, test.want)
			}
		})
	}
}

// From any state a read says what the first state was.
func TestFromAnyState(t *testing.T) {
	m, ops := mustPrepare("register", sketch.MustParse(`
0  |-read → 7-|
1                |-read → 7-|`))
	if r := search.Check(t.Context(), m, ops, search.Options{}); r.Answer != search.Illegal || r.Last != ops[0].ID {
		t.Errorf("from null: %+v", r)
	}
	if r := search.Check(t.Context(), m, ops, search.Options{FromAnyState: true}); r.Answer != search.Legal {
		t.Errorf("from any state: %+v", r)
	}
}

// Of a reentrant lock whose state is not known, to see it held can allow what
// comes later: it must not be taken for granted.
func TestObservationThatMatters(t *testing.T) {
	m, ops := mustPrepare("reentrant-lease(1h)", sketch.MustParse(`
0  |-acquire 2 → false-----------------------------|
1     |-acquire 1 → 1-|
2                        |-release → null-|
3                                                     |-acquire 4 → {"held_by":3}-|
4                                                                                    |-release 1 → null-|`))
	if r := search.Check(t.Context(), m, ops, search.Options{FromAnyState: true}); r.Answer != search.Legal {
		t.Errorf("%+v", r)
	}
}

// As many operations may be pending at the same time as there are slots.
func TestManyPending(t *testing.T) {
	m, err := model.Parse("counter")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		pending, total int
		want           search.Answer
	}{{63, 63, search.Legal}, {64, 65, search.Illegal}, {65, 65, search.Legal}, {300, 301, search.Illegal}, {2000, 2000, search.Legal}, {5000, 5000, search.TooLarge}} {
		ops := []history.Op{{F: "read", Input: history.NullValue, Output: history.Int(int64(test.total)), Call: 11, Return: 12, Outcome: history.OK}}
		for i := range test.pending {
			ops = append(ops, history.Op{F: "add", Input: history.Int(1), Call: 1, Return: 10, Outcome: history.OK, Invoked: i + 1})
		}
		prepared, err := m.Prepare(ops)
		if err != nil {
			t.Fatal(err)
		}
		if r := search.Check(t.Context(), m, prepared, search.Options{}); r.Answer != test.want {
			t.Errorf("%d pending: %+v, want %s", test.pending, r, test.want)
		}
	}
}

// What cannot be decided within the bounds is not guessed.
func TestBounds(t *testing.T) {
	h := loadNamed("CounterRead").draw(1, 5_000, 5)
	m, ops := mustPrepare("counter", h)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r := search.Check(ctx, m, ops, search.Options{}); r.Answer != search.Undecided {
		t.Errorf("canceled: %+v", r)
	}
	if r := search.Check(t.Context(), m, ops, search.Options{MemoryBytes: 100_000}); r.Answer != search.TooLarge {
		t.Errorf("in 100 kB: %+v", r)
	}
}

// A simulated object is linearizable, and an impossible result is found.
func TestLargeHistories(t *testing.T) {
	for _, l := range loads() {
		t.Run(l.name, func(t *testing.T) {
			h := l.draw(3, 3_000, 1)
			if l.name == "CounterRead" {
				h = h[:1000]
			}
			m, ops := mustPrepare(l.Model, h)
			if r := search.Check(t.Context(), m, ops, search.Options{}); r.Answer != search.Legal {
				t.Errorf("%+v", r)
			}
			if l.spoil == nil {
				return
			}
			l.spoil(h[len(h)/2:])
			m, ops = mustPrepare(l.Model, h)
			if r := search.Check(t.Context(), m, ops, search.Options{}); r.Answer != search.Illegal {
				t.Errorf("spoilt: %+v", r)
			}
		})
	}
}

// FuzzAgreement draws a history from each seed.
func FuzzAgreement(f *testing.F) {
	for i := range scenarios() {
		f.Add(uint64(i), uint8(i))
	}
	f.Fuzz(func(t *testing.T, seed uint64, which uint8) {
		s := scenarios()[int(which)%len(scenarios())]
		m, err := model.Parse(s.model)
		if err != nil {
			t.Fatal(err)
		}
		ops := draw(rand.New(rand.NewPCG(seed, 5)), s, m, 12)
		compare(t, m, ops, s.open && seed%2 == 0, seed)
	})
}

func ExampleCheck() {
	m, _ := model.Parse("register")
	ops, _ := m.Prepare(sketch.MustParse(`
0  |-write 1 → 1-|
1                   |-write 2--?
2                                |-read → 2-|
3                                              |-read → 1-|`))
	r := search.Check(context.Background(), m, ops, search.Options{})
	fmt.Println(r.Answer, "at the return of", r.Last)
	// Output: illegal at the return of 5
}
