package monitor

import (
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// numbers gives each value a number, from 0 in order of first use, so that what
// is known of a value can stand in an array.
//
// Why not a map: half a million values through Go's map take longer than all the
// rest of judging them. Most histories count their values up from 0: those find
// their number in an array, near to that of the value before. The rest is hashed
// with open addressing and linear probing (Knuth 1973, section 6.4).
type numbers struct {
	direct []int32 // number + 1 of small integers; 0: none
	small  int64   // integers from 0 up to here stand in direct
	slots  []int32 // index + 1 into hashed; a power of two of them
	hashed []numbered
	next   int32
}

type numbered struct {
	value  history.Value
	number int32
}

// newNumbers returns numbers for about n operations.
func newNumbers(n int) numbers { return numbers{small: 4*int64(n) + 256} }

// of returns the value's number, a new one where it has none.
func (t *numbers) of(v history.Value) int32 {
	if i, ok := v.Int(); ok && 0 <= i && i < t.small {
		if i >= int64(len(t.direct)) {
			t.direct = append(t.direct, make([]int32, i+1-int64(len(t.direct)))...)
			t.direct = t.direct[:cap(t.direct)]
		}
		if t.direct[i] == 0 {
			t.next++
			t.direct[i] = t.next
		}
		return t.direct[i] - 1
	}
	if 2*len(t.hashed) >= len(t.slots) {
		t.grow()
	}
	at := t.slot(v)
	if t.slots[at] == 0 {
		t.hashed = append(t.hashed, numbered{v, t.next})
		t.slots[at] = int32(len(t.hashed))
		t.next++
	}
	return t.hashed[t.slots[at]-1].number
}

// value returns the value that has the number. It takes its time.
func (t *numbers) value(number int32) history.Value {
	if i := slices.Index(t.direct, number+1); i >= 0 {
		return history.Int(int64(i))
	}
	at := slices.IndexFunc(t.hashed, func(n numbered) bool { return n.number == number })
	return t.hashed[at].value
}

// slot returns where the value stands, or where it would.
func (t *numbers) slot(v history.Value) int {
	mask := len(t.slots) - 1
	at := int(v.Hash()>>1) & mask
	for t.slots[at] != 0 && t.hashed[t.slots[at]-1].value != v {
		at = (at + 1) & mask
	}
	return at
}

func (t *numbers) grow() {
	t.slots = make([]int32, max(16, 2*len(t.slots)))
	for i := range t.hashed {
		t.slots[t.slot(t.hashed[i].value)] = int32(i + 1)
	}
}
