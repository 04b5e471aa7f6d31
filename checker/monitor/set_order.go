package monitor

import (
	"math"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// layer is what must happen between one content of the set and the next: the
// elements go in, in any order, and then the reads of the new content take place.
// It names the extreme ones.
type layer struct {
	lastIn, firstDone     int32 // elements of the greatest call and of the least return; none: -1
	lastRead, firstAnswer int32 // reads, the same; none: -1, in the layer of what was never read
}

// inOrder looks for something that ended before something began that must come
// before it. The reads are a chain.
func (s *set) inOrder() Outcome {
	layers, of := s.layers()
	latest, lastElement, lastRead := int64(math.MinInt64), int32(none), int32(none)
	for _, l := range layers {
		if l.firstDone != none && s.elements[l.firstDone].ret < latest {
			return s.addedTooEarly(l.firstDone, lastElement, lastRead, of)
		}
		if l.lastIn != none && s.elements[l.lastIn].call > latest {
			latest, lastElement, lastRead = s.elements[l.lastIn].call, l.lastIn, none
		}
		if l.firstAnswer != none && s.reads[l.firstAnswer].end < latest {
			return s.readTooEarly(l.firstAnswer, lastElement, lastRead)
		}
		if l.lastRead != none && s.reads[l.lastRead].call > latest {
			latest, lastElement, lastRead = s.reads[l.lastRead].call, none, l.lastRead
		}
	}
	return Outcome{Answer: Legal}
}

// layers returns the layers in order, the last for elements that were certainly
// added and never read, and the layer of each read.
func (s *set) layers() (layers []layer, of []int32) {
	nobody := layer{none, none, none, none}
	of = make([]int32, len(s.reads)+1)
	for row := range s.reads {
		r := &s.reads[row]
		if row == 0 || s.reads[row-1].size != r.size {
			layers = append(layers, nobody)
		}
		of[row] = int32(len(layers) - 1)
		l := &layers[of[row]]
		if l.lastRead == none || r.call > s.reads[l.lastRead].call {
			l.lastRead = int32(row)
		}
		if l.firstAnswer == none || r.end < s.reads[l.firstAnswer].end {
			l.firstAnswer = int32(row)
		}
	}
	of[len(s.reads)] = int32(len(layers))
	layers = append(layers, nobody)
	for n := range s.elements {
		e := &s.elements[n]
		if s.tallies[n].reads == 0 && e.ret == history.Never {
			continue // never seen, so it need not have happened
		}
		l := &layers[of[s.firstRead(int32(n))]]
		if l.lastIn == none || e.call > s.elements[l.lastIn].call {
			l.lastIn = int32(n)
		}
		if l.firstDone == none || e.ret < s.elements[l.firstDone].ret {
			l.firstDone = int32(n)
		}
	}
	return layers, of
}

// firstRead returns the row of the first read that has the element, where the
// reads are a chain; one more than the last where none has it.
func (s *set) firstRead(n int32) int32 { return int32(len(s.reads)) - s.tallies[n].reads }

// addedTooEarly: the element went in before the other was called, or the read,
// which must come before.
func (s *set) addedTooEarly(n, element, read int32, of []int32) Outcome {
	if read != none {
		return s.violation([]int32{n}, s.elements[n].returner, s.reads[read].id)
	}
	between := s.firstRead(element) // has the one and not the other
	for row := between; row < int32(len(s.reads)) && of[row] < of[s.firstRead(n)]; row++ {
		if s.reads[row].call > s.elements[n].ret {
			return s.violation([]int32{n}, s.elements[n].returner, s.reads[row].id)
		}
	}
	return s.violation([]int32{n, element}, s.elements[n].returner, s.elements[element].caller, s.reads[between].id)
}

// readTooEarly: the read ended before the element's add was called, which it
// has, or the other read, which has less.
func (s *set) readTooEarly(read, element, other int32) Outcome {
	if element != none {
		return s.violation([]int32{element}, s.elements[element].caller, s.reads[read].id)
	}
	more := int32(none)
	for n := range s.elements {
		first := s.firstRead(int32(n))
		isMore := first <= read && s.reads[other].size < s.reads[first].size
		if isMore && (more == none || s.elements[n].ret < s.elements[more].ret) {
			more = int32(n)
		}
	}
	return s.missed(more, read, other)
}

// missed: a read has the element, and a later one has not.
func (s *set) missed(n, read, later int32) Outcome {
	e, l := &s.elements[n], &s.reads[later]
	if e.ret < l.call {
		return s.violation([]int32{n}, e.returner, l.id)
	}
	return s.violation([]int32{n}, e.caller, s.reads[read].id, l.id)
}

// apart: the read of that row has not all that smaller ones have, so that one of
// them has an element that it lacks, and lacks one that it has.
func (s *set) apart(row int) Outcome {
	larger := &s.reads[row]
	v := s.lacking(larger, int32(len(s.reads)-row))
	if s.elements[v].ret < larger.call {
		return s.missed(v, none, int32(row))
	}
	other := s.having(v, row)
	smaller := &s.reads[other]
	w := s.lackingOf(larger, smaller)
	switch {
	case s.elements[w].ret < smaller.call || larger.end < smaller.call:
		return s.missed(w, int32(row), int32(other))
	case smaller.end < larger.call:
		return s.missed(v, int32(other), int32(row))
	}
	return s.violation([]int32{v, w}, s.elements[v].caller, s.elements[w].caller, smaller.id, larger.id)
}

// lacking returns an element that the read lacks and at least that many reads
// have: the one that was certainly inside the soonest.
func (s *set) lacking(r *setRead, reads int32) int32 {
	inside := s.inside(r)
	soonest := int32(none)
	for n := range s.elements {
		if !inside[n] && s.tallies[n].reads >= reads && (soonest == none || s.elements[n].ret < s.elements[soonest].ret) {
			soonest = int32(n)
		}
	}
	return soonest
}

// lackingOf returns an element of the first read that the second lacks, the same.
func (s *set) lackingOf(r, lacks *setRead) int32 {
	inside := s.inside(lacks)
	soonest := int32(none)
	for v := range r.each {
		if n := s.slot(v); !inside[n] && (soonest == none || s.elements[n].ret < s.elements[soonest].ret) {
			soonest = n
		}
	}
	return soonest
}

func (s *set) inside(r *setRead) []bool {
	inside := make([]bool, len(s.elements))
	for v := range r.each {
		inside[s.slot(v)] = true
	}
	return inside
}
