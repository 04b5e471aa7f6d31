package search

import (
	"slices"
)

// usage is a number for how many operations of unknown outcome, of each class,
// have taken effect. 0 is none of them.
type usage uint32

// count is how many of a class.
type count struct {
	class classID
	n     int32
}

// usages numbers multisets of classes.
type usages struct {
	counts [][]count // by class
	total  []int32
	byHash map[uint64][]usage
	plus   map[plusKey]usage // what add has found
	bytes  int64
}

type plusKey struct {
	usage
	classID
}

func newUsages() *usages {
	u := &usages{}
	u.reset()
	return u
}

func (u *usages) reset() {
	u.counts, u.total, u.byHash, u.plus, u.bytes = nil, nil, map[uint64][]usage{}, map[plusKey]usage{}, 0
	u.number(nil)
}

// number returns the number of a multiset, which it keeps.
func (u *usages) number(counts []count) usage {
	h := uint64(len(counts))
	for _, c := range counts {
		h = (h ^ uint64(uint32(c.class))<<32 ^ uint64(c.n)) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	for _, id := range u.byHash[h] {
		if slices.Equal(u.counts[id], counts) {
			return id
		}
	}
	id := usage(len(u.counts))
	u.counts = append(u.counts, counts)
	total := int32(0)
	for _, c := range counts {
		total += c.n
	}
	u.total = append(u.total, total)
	u.byHash[h] = append(u.byHash[h], id)
	u.bytes += perUsage + int64(8*len(counts))
	return id
}

// perUsage is what a multiset costs beside its counts, with the sum that led to it.
const perUsage = 120

// add returns the multiset with one more of the class.
func (u *usages) add(id usage, c classID) usage {
	if sum, ok := u.plus[plusKey{id, c}]; ok {
		return sum
	}
	counts := slices.Clone(u.counts[id])
	at := 0
	for at < len(counts) && counts[at].class < c {
		at++
	}
	if at < len(counts) && counts[at].class == c {
		counts[at].n++
	} else {
		counts = slices.Insert(counts, at, count{c, 1})
	}
	sum := u.number(counts)
	u.plus[plusKey{id, c}] = sum
	return sum
}

// of returns how many of the class.
func (u *usages) of(id usage, c classID) int32 {
	for _, have := range u.counts[id] {
		if have.class == c {
			return have.n
		}
	}
	return 0
}

// within reports whether a has, of each class, at most as many as b.
func (u *usages) within(a, b usage) bool {
	if a == b || a == 0 {
		return true
	}
	x, y := u.counts[a], u.counts[b]
	if len(x) > len(y) {
		return false
	}
	for _, c := range x {
		for len(y) > 0 && y[0].class < c.class {
			y = y[1:]
		}
		if len(y) == 0 || y[0].class != c.class || y[0].n < c.n {
			return false
		}
	}
	return true
}
