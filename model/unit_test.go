package model_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// What is left of a set's history among some elements is what is left without
// the units of all others, also of reads that were not parsed before.
func TestAmongIsWithoutTheOthers(t *testing.T) {
	m, err := model.Parse("set")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		ops := modeltest.History("set", 10).Draw(rt, "history")
		wanted := rapid.SliceOfN(rapid.Map(rapid.Int64Range(1, 4), history.Int), 0, 2).Draw(rt, "elements")
		prepared, err := m.Prepare(ops)
		if err != nil {
			rt.Fatal(err)
		}
		var unparsed []model.Op
		places := make([]int32, len(ops))
		for i := range places {
			places[i] = int32(i)
		}
		if err := m.Each(ops, places, func(op *model.Op) { unparsed = append(unparsed, *op) }); err != nil {
			rt.Fatal(err)
		}
		others := slices.DeleteFunc(m.Units(prepared), func(u model.Unit) bool {
			return u.Member.IsAbsent() || slices.Contains(wanted, u.Member)
		})
		want := m.Without(prepared, others)
		for _, got := range [][]model.Op{m.Among(prepared, wanted), m.Among(unparsed, wanted)} {
			same := slices.EqualFunc(got, want, func(a, b model.Op) bool {
				return a.ID == b.ID && slices.Equal(a.Members(), b.Members())
			})
			if !same {
				rt.Fatalf("among %v: got %v, want %v", wanted, got, want)
			}
		}
	})
}

// Other objects have no elements to leave out.
func TestAmongLeavesOthersAlone(t *testing.T) {
	m, err := model.Parse("register")
	if err != nil {
		t.Fatal(err)
	}
	ops := []model.Op{{ID: 1}, {ID: 2}}
	if got := m.Among(ops, nil); len(got) != 2 {
		t.Errorf("got %v, want all", got)
	}
}

func TestLasting(t *testing.T) {
	for name, want := range map[string]time.Duration{
		"lease(2s)":           1997 * time.Millisecond,
		"reentrant-lease(1s)": 998 * time.Millisecond,
		"lease(1ms)":          0,
		"mutex":               0,
	} {
		m, err := model.Parse(name)
		if err != nil || m.Lasting() != want {
			t.Errorf("%s lasts %v (%v), want %v", name, m.Lasting(), err, want)
		}
	}
}
