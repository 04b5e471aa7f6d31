package checker

import (
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

func TestFreshnessOfDrawnHistories(t *testing.T) {
	for _, test := range []drawn{
		{"new, then old, during the write", "freshness", Valid, "", "", nil, `
0  |-write 1 → 1-|
0                    |-write 2 → 2------------------------------|
1                       |-read → 2-|
1                                      |-read → 1-|`},
		{"old after the write", "freshness", Invalid, "stale-read",
			"a read returned 1 after 2 had been written over it", []int{2, 4}, `
0  |-write 1 → 1-|
0                    |-write 2 → 2-|
1                                     |-read → 1-|`},
		{"a write of unknown outcome may come late", "freshness", Valid, "", "", nil, `
0  |-write 1-?
1                    |-write 2 → 2-|
2                                     |-read → 1-|`},
		{"and overwrites nothing for certain", "freshness", Valid, "", "", nil, `
0  |-write 1 → 1-|
1                    |-write 2-?
2                                     |-read → 1-|`},
		{"two writes at once, either is the last", "freshness", Valid, "", "", nil, `
0  |-write 1 → 1----|
1     |-write 2 → 2----|
2                         |-read → 1-|
2                                      |-read → 2-|
2                                                   |-read → 1-|`},
		{"nothing, after a write", "freshness", Invalid, "stale-read",
			"a read returned null after 1 had been written over it", []int{0, 2}, `
0  |-write 1 → 1-|
1                    |-read → null-|`},
		{"nothing, before a write", "freshness", Valid, "", "", nil, `
1  |-read → null-|
0  |-write 1 → 1-|`},
		{"written again since", "freshness", Valid, "", "", nil, `
0  |-write 1 → 1-|
0                    |-write 2 → 2-|
0                                      |-write 1 → 1-|
1                                                         |-read → 1-|`},
		{"the long write began before the value's ended", "freshness", Valid, "", "", nil, `
0        |-write 1 → 1-|
1  |-write 2 → 2-----------|
2                             |-read → 1-|`},
		{"from nowhere", "freshness", Invalid, "never-written",
			"a read returned 7, which nobody had begun to write", []int{2}, `
0  |-write 1 → 1-|
1                    |-read → 7-|`},
		{"from later on", "freshness", Invalid, "never-written",
			"a read returned 1, which nobody had begun to write", []int{0}, `
1  |-read → 1-|
0                  |-write 1 → 1-|`},
		{"each key by itself", "freshness", Valid, "", "", nil, `
0 x  |-write 1 → 1-|
0 y                    |-write 2 → 2-|
1 x                                     |-read → 1-|`},
		{"nothing was read", "freshness", Unknown, "", "", nil, `
0 x  |-write 1 → 1-|`},
	} {
		t.Run(test.name, test.run)
	}
}

// What is linearizable is fresh; and what is stale is told by a slow and obvious
// search for two writes and a read.
func TestFreshnessAgreesWithItsDefinition(t *testing.T) {
	m, err := model.Parse("register")
	if err != nil {
		t.Fatal(err)
	}
	agree(t, "freshness", modeltest.History("register", 12), func(ops []history.Op) Verdict {
		prepared, err := m.Prepare(ops)
		if err != nil {
			t.Fatal(err)
		}
		verdict := Unknown
		for _, r := range prepared {
			if r.F == "read" && verdict == Unknown {
				verdict = Valid
			}
			if r.F == "read" && !fresh(prepared, &r) {
				verdict = Invalid
			}
		}
		return verdict
	})
}

// fresh: there is a write of the value, or its absence, that no other write lies
// wholly after and wholly before the read.
func fresh(ops []model.Op, r *model.Op) bool {
	unbroken := func(end int64) bool {
		for i := range ops {
			if w := &ops[i]; w.F == "write" && w.Call > end && earlier(w, r) {
				return false
			}
		}
		return true
	}
	if r.Result.IsNull() && unbroken(-1) {
		return true
	}
	for i := range ops {
		if w := &ops[i]; w.F == "write" && w.Arg == r.Result && w.Call <= r.Return && unbroken(w.Return) {
			return true
		}
	}
	return false
}
