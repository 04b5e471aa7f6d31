package monitor

import (
	"math/rand/v2"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// Jobs can be scheduled where, and only where, some order of them can, starting
// each at the first moment that is allowed, found by trying one after another.
func TestPlansAgreeWithAllOrders(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	feasible, several := 0, 0
	const tries = 100_000
	for range tries {
		p := randomPlan(r)
		want := someOrder(&p, 0, -100)
		if got := p.feasible(); got.ok != want || got.tooWide {
			t.Fatalf("got %+v, want %v: %+v", got, want, p)
		}
		if want {
			feasible++
		}
		if len(p.jobs) > 3 {
			several++
		}
	}
	if 10*feasible < tries || 10*feasible > 9*tries || 3*several < tries {
		t.Errorf("of %d plans %d were feasible, and %d had more than three jobs", tries, feasible, several)
	}
}

func randomPlan(r *rand.Rand) plan {
	p := plan{ttl: 1 + r.Int64N(12)}
	span := 20 + r.Int64N(60)
	for range r.IntN(4) {
		z := zone{first: r.Int64N(span)}
		z.last = z.first + r.Int64N(20) - 10
		if a, _ := clash(append(p.zones, z)); a == none {
			p.zones = append(p.zones, z)
		}
	}
	for range 1 + r.IntN(6) {
		j := job{from: r.Int64N(span)}
		j.to = j.from + r.Int64N(30)
		if r.IntN(4) == 0 {
			from := j.from + r.Int64N(20) - 10
			j.holes = append(j.holes, period{from: from, to: from + 1 + r.Int64N(10)})
		}
		if r.IntN(4) == 0 {
			j.released, j.zone = true, zone{first: j.to + 1 + r.Int64N(8), last: j.to + p.ttl}
		}
		at := 0
		for at < len(p.jobs) && p.jobs[at].from <= j.from {
			at++
		}
		p.jobs = append(p.jobs[:at], append([]job{j}, p.jobs[at:]...)...)
	}
	p.bar()
	return p
}

func someOrder(p *plan, done int, now int64) bool {
	if done == 1<<len(p.jobs)-1 {
		return true
	}
	for i := range p.jobs {
		if done>>i&1 > 0 {
			continue
		}
		for end := max(now, -20); end < 200; end++ {
			if ends(p, &p.jobs[i], now, end) {
				if someOrder(p, done|1<<i, end) {
					return true
				}
				break
			}
		}
	}
	return false
}

// ends reports whether a job can start not before now and end then.
func ends(p *plan, j *job, now, end int64) bool {
	free := func(first, last int64) bool {
		for _, z := range p.zones {
			if first < z.last && z.first < last {
				return false
			}
		}
		return true
	}
	start := end - p.ttl
	allowed := start >= now && j.from <= start && start <= j.to && free(start, end)
	for _, hole := range j.holes {
		allowed = allowed && (start <= hole.from || hole.to <= start)
	}
	if allowed || !j.released || now > j.zone.first {
		return allowed
	}
	if j.zone.isForward() {
		return end == j.zone.last && free(j.zone.first, j.zone.last)
	}
	return end >= now && j.zone.last <= end && end <= j.zone.first && free(end, end)
}

func TestLeaseUnfit(t *testing.T) {
	m, err := model.Parse("lease(1h)")
	if err != nil {
		t.Fatal(err)
	}
	grant := func(id int, token history.Value) model.Op {
		return model.Op{ID: id, Action: model.Grant, Put: token, Certain: true, Call: 0, Return: 1000 * int64(m.Lasting())}
	}
	var wide []model.Op
	for i := range 100 {
		wide = append(wide, grant(i, history.Int(int64(i))))
		wide[i].Call = int64(i) // all could be first
		wide[i].Return -= int64(i * i)
	}
	for _, test := range []struct {
		name string
		ops  []model.Op
	}{
		{"a token twice", []model.Op{grant(0, history.Int(1)), grant(1, history.Int(1))}},
		{"no token", []model.Op{grant(0, history.Value{})}},
		{"seen held, not by whom", []model.Op{{Action: model.Held, Certain: true}}},
		{"too many at once", wide},
	} {
		mon, _ := New(m, 0)
		if o := judge(mon, test.ops); o.Answer != Unfit || o.Reason == "" {
			t.Errorf("%s: got %+v", test.name, o)
		}
	}
}
