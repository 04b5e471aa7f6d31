package monitor

// bag judges a queue without order whose elements are put in once each. It is a
// FIFO queue without the two tests of order: an element must not come out before
// it can be in, nor twice, and what saw the queue empty must have had a moment at
// which it was. docs/monitors.md proves that nothing else matters.
type bag struct{ fifo }

func newBag(n int) *bag { return &bag{*newFIFO(n)} }

func (b *bag) Judge() Outcome {
	passed, left, o := b.sortOut()
	if o.Answer != Legal || len(b.empties) == 0 {
		return o
	}
	order(left)
	return b.notEmpty(passed, left)
}
