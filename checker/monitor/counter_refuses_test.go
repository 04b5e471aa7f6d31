package monitor

import (
	"math"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// Numbers with which a sum could overflow are refused, and none that are smaller.
func TestCountersRefuseNumbersThatAreTooLarge(t *testing.T) {
	const far = math.MaxInt64 / 4
	add := func(n int64) model.Op {
		return model.Op{Action: model.Change, Amount: n, Return: 1, Certain: true}
	}
	read := func(total int64) model.Op {
		return model.Op{Action: model.Observe, Result: history.Int(total), Return: 1, Certain: true}
	}
	for _, test := range []struct {
		name  string
		ops   []model.Op
		unfit bool
	}{
		{"a change", []model.Op{add(far)}, false},
		{"too large a change", []model.Op{add(far + 1)}, true},
		{"a change down", []model.Op{add(-far)}, false},
		{"too large a change down", []model.Op{add(-far - 1)}, true},
		{"a total", []model.Op{read(far)}, false},
		{"too large a total", []model.Op{read(far + 1)}, true},
		{"a total below zero", []model.Op{read(-far)}, false},
		{"too far below zero", []model.Op{read(-far - 1)}, true},
		{"changes that together are too large", []model.Op{add(far), add(1)}, true},
		{"changes that would make nothing together", []model.Op{add(far), add(-1)}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := model.Parse("counter")
			if err != nil {
				t.Fatal(err)
			}
			mon, _ := New(m, len(test.ops))
			for i := range test.ops {
				test.ops[i].ID = i
			}
			if o := judge(mon, test.ops); (o.Answer == Unfit) != test.unfit {
				t.Errorf("got %v %q, want unfit: %v", o.Answer, o.Reason, test.unfit)
			}
		})
	}
}
