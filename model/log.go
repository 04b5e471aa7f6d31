package model

import "slices"

// log grows at its end. Its state is the elements, oldest first, never changed in
// place.
type log struct{ growing }

func makeLog(string) (spec, error) { return log{}, nil }

func (log) step(state any, op *Op) (bool, any) {
	e := state.(elements)
	if op.Observes {
		return slices.Equal(e, op.members), e
	}
	return true, inserted(e, len(e), op.Put)
}

func (log) describe(state any) string { return describeList('[', state.(elements), ']') }
func (log) hash(state any) uint64     { return fifoQueue{}.hash(state) }
