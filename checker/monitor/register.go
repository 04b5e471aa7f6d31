package monitor

import (
	"math"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// never is a moment before all others.
const never = math.MinInt64

// register judges a register whose values are put once each, by a write or by a
// compare-and-set. Values that compare-and-sets replaced one by another form a
// block: nothing else can have been in the register between them.
type register struct {
	unfit   string
	numbers numbers
	values  []value
	// blocks are the first values of the blocks, zones theirs.
	blocks []int32
	zones  []zone
	// short is up to how many values a core shows blocks from their beginning.
	short int
}

// value is what is known of one value: who put it, who saw it, who replaced it.
type value struct {
	call, end int64 // of the put
	// seenBy is the least return of those who saw it, seenFrom the greatest call.
	seenBy, seenFrom int64
	put              int32 // ID; none: nobody, or it was there from the start
	by, from         int32 // IDs of those who saw it first and last
	need, next       int32 // values: what it replaced, and what replaced it
	certain, initial bool
	live, reached    bool // it was there; it is in a block
}

func newRegister(m model.Model, n int) *register {
	r := &register{numbers: newNumbers(n), values: make([]value, 0, n/4+1), short: 6}
	v := r.value(m.Initial())
	v.initial, v.certain, v.call, v.end = true, true, never, never
	return r
}

func (r *register) value(v history.Value) *value {
	n := r.numbers.of(v)
	if int(n) == len(r.values) {
		r.values = append(r.values, value{
			put: none, by: none, from: none, need: none, next: none, seenBy: history.Never, seenFrom: never,
		})
	}
	return &r.values[n]
}

func (r *register) Add(op *model.Op) {
	if op.Action == model.Observe {
		v := r.value(op.Seen)
		if v.by == none || op.Return < v.seenBy {
			v.seenBy, v.by = op.Return, int32(op.ID)
		}
		if v.from == none || op.Call > v.seenFrom {
			v.seenFrom, v.from = op.Call, int32(op.ID)
		}
		return
	}
	need := int32(none)
	if !op.Need.IsAbsent() {
		r.value(op.Need)
		need = r.numbers.of(op.Need)
	}
	v := r.value(op.Put)
	if v.put != none || v.initial {
		r.unfit = "a value was put twice"
	}
	v.put, v.need, v.certain, v.call, v.end = int32(op.ID), need, op.Certain, op.Call, op.Return
}

func (r *register) Judge() Outcome {
	if r.unfit != "" {
		return unfit(r.unfit)
	}
	r.observe()
	if o := r.link(); o.Answer == Illegal {
		return o
	}
	if o := r.layers(); o.Answer == Illegal {
		return o
	}
	if a, b := clash(r.zones); a != none {
		return r.clash(a, b)
	}
	return Outcome{Answer: Legal}
}

// observe finds the values that certainly were in the register at some time. A
// value that was replaced was there, so being seen goes back along the links.
func (r *register) observe() {
	for n := range r.values {
		v := &r.values[n]
		if !v.certain && v.by == none {
			continue
		}
		for v.live = true; v.need != none && !r.values[v.need].live; {
			v = &r.values[v.need]
			v.live = true
		}
	}
}

// link sets what replaced each value. It finds values that cannot have been
// put, and those that were replaced twice.
func (r *register) link() Outcome {
	unput, again := int32(none), int32(none)
	for n := range r.values {
		v := &r.values[n]
		switch {
		case !v.live:
		case v.put == none && !v.initial, v.need == int32(n): // it would have had to be there before
			unput = int32(n)
		case v.need == none:
		case r.values[v.need].next != none:
			again = int32(n)
		default:
			r.values[v.need].next = int32(n)
		}
	}
	var o Outcome
	switch {
	case unput != none:
		r.seen(&o, unput)
	case again != none:
		o.AnyState = true
		r.seen(&o, r.values[r.values[again].need].next)
		r.seen(&o, again)
	default:
		return Outcome{Answer: Legal}
	}
	o.Answer = Illegal
	return o
}

// layers walks along each block: a put, those who saw its value, the next put,
// and so on, each later than the one before. It finds blocks that go against
// time, and those that have no beginning, and sets the zones of the others.
func (r *register) layers() Outcome {
	reached, live := 0, 0
	for n := range r.values {
		v := &r.values[n]
		if v.live {
			live++
		}
		if !v.live || v.need != none {
			continue
		}
		z := zone{history.Never, never}
		for at := int32(n); at != none; at = v.next {
			v = &r.values[at]
			v.reached = true
			reached++
			if v.end < z.last || v.seenBy < max(z.last, v.call) {
				return r.backwards(int32(n), at)
			}
			z.first = min(z.first, v.end, v.seenBy)
			z.last = max(z.last, v.call, v.seenFrom)
		}
		if z.last != never { // not only the initial value, seen by nobody
			r.blocks, r.zones = append(r.blocks, int32(n)), append(r.zones, z)
		}
	}
	if reached < live {
		return r.circle()
	}
	return Outcome{Answer: Legal}
}
