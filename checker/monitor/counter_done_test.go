package monitor

import "testing"

// Each operation that is open at the same time has a slot, and is done or not
// whatever the others are.
func TestSlotsAreApart(t *testing.T) {
	for slot := range everySlot {
		var one, all done
		one.set(slot)
		for other := range everySlot {
			all.set(other)
			if one.has(other) != (other == slot) {
				t.Fatalf("with slot %d done, %d is done: %v", slot, other, one.has(other))
			}
		}
		all.clear(slot)
		for other := range everySlot {
			if all.has(other) != (other != slot) {
				t.Fatalf("with only slot %d not done, %d is done: %v", slot, other, all.has(other))
			}
		}
	}
}

// everySlot yields the slots from 0 on.
func everySlot(yield func(int8) bool) {
	for i := range maxOpen {
		if !yield(int8(i)) {
			return
		}
	}
}
