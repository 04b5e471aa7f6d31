package modeltest

import "github.com/jepsen-lite/jepsen-lite/history"

// lastingNS is for how long a lease(1h) lasts for certain: an hour less a
// thousandth and a millisecond, see [model.Model.Lasting].
const lastingNS = 3_596_399_000_000

// expiry lets leases last a few units of time, in most histories, and returns
// how many nanoseconds a unit then is: exactly, so that expiries fall together
// with other events.
func (w *wild) expiry() (unit int64) {
	l, ok := w.object.(*latch)
	if !ok || w.kind != "lease" || w.r.IntN(8) == 0 {
		return 1
	}
	units := []int64{1, 2, 4, 5, 8, 10, 16, 20}[w.r.IntN(8)]
	l.lasting = float64(units)
	return lastingNS / units
}

// stretch makes every moment so many times as late.
func stretch(ops []history.Op, unit int64) {
	for i := range ops {
		if ops[i].Call *= unit; ops[i].Return != history.Never {
			ops[i].Return *= unit
		}
	}
}
