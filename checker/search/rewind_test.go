package search

import (
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// What positions to go back to hold is counted, also where some were dropped or
// gone back beyond; and there are few of them, however long the history is.
func TestPositionsToGoBackToAreFewAndCounted(t *testing.T) {
	hasty := pass{efforts: []effort{
		{lossy: true, width: 1, visits: 2},
		{lossy: true, width: 8, visits: 32, spares: true, distance: 16},
		{lossy: true, spares: true, distance: 256},
	}, between: 1}
	m, err := model.Parse("cas-register")
	if err != nil {
		t.Fatal(err)
	}
	wentBack := 0
	for seed := range uint64(8) {
		h := modeltest.Large(seed, modeltest.Load{Model: "cas-register", Names: []string{"read", "write", "cas"}, Values: 5, Unknown: 4}, 4000, 6)
		if seed%2 > 0 { // impossible: all ways are tried
			for i := range h[3000:] {
				if op := &h[3000+i]; op.F == "read" && op.Outcome == history.OK {
					op.Output = history.Int(99)
					break
				}
			}
		}
		ops, err := m.Prepare(h)
		if err != nil {
			t.Fatal(err)
		}
		e := newEngine[[1]uint64](t.Context(), subject{m, m.Init(), ops, 1 << 30}, hasty)
		e.run()
		r := &e.rewinds
		held := 0
		for i := range r.saved {
			held += len(r.saved[i].configs)
		}
		if r.configs != held || held < len(r.saved) {
			t.Errorf("seed %d: %d configurations counted, %d held in %d positions", seed, r.configs, held, len(r.saved))
		}
		if len(r.saved) < 8 || len(r.saved) > 40 {
			t.Errorf("seed %d: %d positions to go back to after %d returns", seed, len(r.saved), e.returned)
		}
		if r.trouble > 0 {
			wentBack++
		}
	}
	if wentBack < 4 {
		t.Errorf("only %d searches went back", wentBack)
	}
}
