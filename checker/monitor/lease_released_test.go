package monitor

import (
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// A release of unknown outcome may have ended a lease; but not before it was called.
//
// Token 1 is granted within the first 250 ms, and perhaps released from 400 ms on.
// Before that somebody finds it gone. So it must have expired by then, and have been
// granted early; which it cannot have been if token 2 had the lock.
func TestAReleaseIsNoExcuseForWhoFoundTheLeaseGoneBefore(t *testing.T) {
	m := parse(t, "lease(300ms)")
	one, two := history.Int(1), history.Int(2)
	granted := func(token history.Value, call, end int64) history.Op {
		return history.Op{F: "acquire", Input: token, Output: token, Outcome: history.OK, Call: call, Return: end}
	}
	first := granted(one, 0, 250)
	released := history.Op{F: "release", Input: one, Outcome: history.Info, Call: 400, Return: history.Never}
	gone := func(call, end int64) history.Op {
		return history.Op{F: "renew", Input: one, Output: history.Bool(false), Outcome: history.OK, Call: call, Return: end}
	}
	held := []history.Op{granted(two, 0, 25), {F: "release", Input: two, Output: two, Outcome: history.OK, Call: 100, Return: 125}}
	for _, test := range []struct {
		name  string
		ops   []history.Op
		legal bool
	}{
		{"nobody else had the lock", []history.Op{first, gone(300, 350), released}, true},
		{"another had it", []history.Op{first, held[0], held[1], gone(300, 350), released}, false},
		{"found gone after the release was called", []history.Op{first, held[0], held[1], gone(390, 410), released}, true},
		{"found gone after it can have expired", []history.Op{first, held[0], held[1], released, gone(405, 600)}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			ops := test.ops
			for i := range ops {
				op := &ops[i]
				op.Process, op.Invoked, op.Completed = history.Process(i), i, len(ops)+i
				op.Call *= int64(time.Millisecond)
				if op.Return != history.Never {
					op.Return *= int64(time.Millisecond)
				}
			}
			prepared, err := m.Prepare(ops)
			if err != nil {
				t.Fatal(err)
			}
			if says := explainable(m.Porcupine(), prepared); says != test.legal {
				t.Errorf("the history is wrong: porcupine says legal=%v", says)
			}
			if o := each(t, m, ops); o.Answer == Unfit || (o.Answer == Legal) != test.legal {
				t.Errorf("got %+v, want legal=%v of\n%s", o, test.legal, drawing(prepared))
			}
		})
	}
}
