package search

import (
	"context"

	"github.com/jepsen-lite/jepsen-lite/model"
)

// Pass is a pass by itself, with figures for which small histories are large.
func Pass(name string, m model.Model, start any, ops []model.Op) Answer {
	p := map[string]pass{
		"hasty": {efforts: []effort{
			{lossy: true, width: 1, visits: 1},
			{lossy: true, width: 2, visits: 3, spares: true, distance: 2},
			{lossy: true, spares: true, distance: 4},
		}, between: 1},
		"relaxed": {efforts: []effort{{spares: true}}, relaxed: true},
		"exact":   {efforts: []effort{{spares: true}}},
		"rewound": {efforts: []effort{{width: 1}, {spares: true, distance: 1 << 20}}, between: 1},
	}[name]
	return newEngine[[4]uint64](context.Background(), subject{m, start, ops, 1 << 30}, p).run()
}

// Exhausted is what a pass says that has not tried everything.
const Exhausted = exhausted
