package checker

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// sentences are what explanations claim of registers, queues, sets and counters,
// each with what must hold in the whole history for it to be true. The
// arguments are the values named.
func sentences() []sentence {
	v := `(-?\d+|null)`
	return []sentence{
		{"a read returned " + v + " after the write of " + v + " had completed", claim.overwritten},
		{"a read returned " + v + " after " + v + " had been written over it", claim.overwritten},
		{"a read returned " + v + " after another had already seen " + v, claim.wentBack},
		{"two compare-and-sets replaced the same value " + v, func(c claim, v, _ history.Value) bool {
			return c.count(func(op history.Op) bool {
				pair, _ := op.Input.Elements()
				return op.F == "cas" && op.Outcome == history.OK && pair[0] == v
			}) == 2
		}},
		{"a dequeue returned " + v + ", which nobody had enqueued", claim.neverPut},
		{"a dequeue returned " + v + " before it was enqueued", claim.neverPut},
		{"two dequeues both returned " + v, claim.twice},
		{"a dequeue returned " + v + " after another dequeue had already returned it", claim.twice},
		{"a dequeue found the queue empty although " + v + " had been enqueued and not dequeued", claim.inside},
		{"a dequeue found the queue empty although " + v + " was inside: it was dequeued later", claim.cameOutLater},
		{v + " was dequeued before " + v + " although it was enqueued after it", claim.overtook},
		{"a dequeue returned " + v + " although " + v + ", enqueued before it, had not been dequeued", claim.overtook},
		{"a read did not contain " + v + ", whose add had completed before", claim.lostMember},
		{"a read did not contain " + v + ", which another read had already seen", claim.lostMember},
		{"a read contained " + v + ", which nobody had added", func(c claim, v, _ history.Value) bool {
			return c.exists(func(read history.Op) bool {
				return has(read, v) && !c.exists(func(add history.Op) bool { return add.F == "add" && add.Input == v && add.Call <= read.Return })
			})
		}},
		{`process (\d+)(?: \(token \S+\))? was granted the lock while process (\d+)(?: \(token \S+\))? still held it(?: and had not begun to release it)?`, claim.secondHolder},
		{`process (\d+)(?: \(token \S+\))? and process (\d+)(?: \(token \S+\))? were both granted the lock, and neither had released it`, claim.bothHolders},
		{`the fencing token (\d+) was granted twice`, func(c claim, v, _ history.Value) bool {
			return c.count(func(op history.Op) bool { return isGrant(op) && op.Output == v }) >= 2
		}},
		{`the fencing token (\d+) was granted while the holder of (\d+) still had the lock`, func(c claim, v, w history.Value) bool {
			return c.existPair(func(first, second history.Op) bool {
				n, _ := v.Int()
				m, _ := w.Int()
				return isGrant(first) && isGrant(second) && first.Output == w && second.Output == v && m < n &&
					!c.released(first, second.Return)
			})
		}},
		{`the fencing token (\d+) was granted after (\d+) had been`, func(c claim, v, w history.Value) bool {
			return c.existPair(func(first, second history.Op) bool {
				return isGrant(first) && isGrant(second) && first.Output == w && second.Output == v && first.Return < second.Call
			})
		}},
		{"two additions both made the total " + v, claim.growingTwice},
		{"the total was " + v + " after it had already been " + v + ", although every addition is positive: an addition was lost", claim.fell},
	}
}

type sentence struct {
	pattern string
	holds   func(c claim, v, w history.Value) bool
}

// disprove returns what is wrong with an explanation, or nothing.
func disprove(ops []history.Op, a Anomaly) string {
	c := claim{only(ops, func(op history.Op) bool { return op.Outcome != history.Fail || op.F == "cas" })}
	for _, s := range sentences() {
		found := regexp.MustCompile("^" + s.pattern + "$").FindStringSubmatch(a.Explanation)
		if found == nil {
			continue
		}
		var values [2]history.Value
		for i, text := range found[1:] {
			values[i], _ = history.ParseValue([]byte(text))
		}
		if !s.holds(c, values[0], values[1]) {
			return fmt.Sprintf("%q does not hold for %v", s.pattern, values)
		}
	}
	return ""
}

// claim is the history that a claim is about, without what failed.
type claim struct{ ops []history.Op }

func (c claim) exists(is func(history.Op) bool) bool { return slices.ContainsFunc(c.ops, is) }

func (c claim) count(is func(history.Op) bool) int { return len(only(c.ops, is)) }

func (c claim) existPair(are func(a, b history.Op) bool) bool {
	return c.exists(func(a history.Op) bool {
		return c.exists(func(b history.Op) bool { return a.Invoked != b.Invoked && are(a, b) })
	})
}

// observed returns what an operation saw of a register.
func observed(op history.Op) (history.Value, bool) {
	if saw, ok := op.Output.Field("saw"); ok && op.Outcome == history.Fail {
		return saw, true
	}
	return op.Output, op.F == "read" && op.Outcome == history.OK
}

// puts reports whether an operation may have put the value into a register.
func puts(op history.Op, v history.Value) bool {
	pair, _ := op.Input.Elements()
	return op.F == "write" && op.Input == v || op.F == "cas" && op.Outcome != history.Fail && pair[1] == v
}

// overwritten: v was seen after w was put, and nothing put v after that.
func (c claim) overwritten(v, w history.Value) bool {
	return c.existPair(func(put, read history.Op) bool {
		saw, ok := observed(read)
		return ok && saw == v && v != w && puts(put, w) && put.Outcome == history.OK && put.Return < read.Call &&
			!c.exists(func(op history.Op) bool { return puts(op, v) && op.Return >= put.Call && op.Call <= read.Return })
	})
}

// wentBack: v was seen after w, and nothing put v in between.
func (c claim) wentBack(v, w history.Value) bool {
	return c.existPair(func(first, second history.Op) bool {
		saw1, ok1 := observed(first)
		saw2, ok2 := observed(second)
		return ok1 && ok2 && saw1 == w && saw2 == v && v != w && first.Return < second.Call &&
			!c.exists(func(op history.Op) bool { return puts(op, v) && op.Return >= first.Call && op.Call <= second.Return })
	})
}

func got(op history.Op, v history.Value) bool {
	return op.F == "dequeue" && op.Outcome == history.OK && op.Output == v
}

func put(op history.Op, v history.Value) bool { return op.F == "enqueue" && op.Input == v }

func (c claim) neverPut(v, _ history.Value) bool {
	return c.exists(func(out history.Op) bool {
		return got(out, v) && !c.exists(func(in history.Op) bool { return put(in, v) && in.Call <= out.Return })
	})
}

// twice: v came out more often than it went in until then.
func (c claim) twice(v, _ history.Value) bool {
	return c.exists(func(last history.Op) bool {
		out := c.count(func(op history.Op) bool { return got(op, v) && op.Return <= last.Return })
		in := c.count(func(op history.Op) bool { return put(op, v) && op.Call <= last.Return })
		return got(last, v) && out >= 2 && out > in
	})
}

// inside: v had been put in, and nobody got it, when the queue was seen empty.
func (c claim) inside(v, _ history.Value) bool {
	return c.existPair(func(in, empty history.Op) bool {
		return put(in, v) && in.Outcome == history.OK && got(empty, history.NullValue) && in.Return < empty.Call &&
			!c.exists(func(op history.Op) bool { return got(op, v) && op.Call <= empty.Return && op.Return >= in.Call })
	})
}

// cameOutLater: v had been put in when the queue was seen empty, came out later,
// and had not been put in again by then.
func (c claim) cameOutLater(v, _ history.Value) bool {
	return c.existPair(func(empty, out history.Op) bool {
		before := c.exists(func(op history.Op) bool { return put(op, v) && op.Return < empty.Call })
		return got(empty, history.NullValue) && got(out, v) && empty.Return < out.Call && before &&
			c.count(func(op history.Op) bool { return put(op, v) && op.Call <= out.Return }) == 1
	})
}

// overtook: w was put in before v, and v came out while w was inside.
func (c claim) overtook(v, w history.Value) bool {
	return c.existPair(func(first, second history.Op) bool {
		return put(first, w) && put(second, v) && first.Return < second.Call && c.exists(func(out history.Op) bool {
			return got(out, v) && !c.exists(func(op history.Op) bool {
				return got(op, w) && op.Call <= out.Return && op.Return >= first.Call
			})
		})
	})
}

// released reports whether a grant may have been released by then.
func (c claim) released(grant history.Op, by int64) bool {
	return c.exists(func(op history.Op) bool {
		may := carries(grant, op.Input) || op.Input.IsNull() || !names(grant.Input) && !names(grant.Output)
		return op.F == "release" && may && op.Call <= by && op.Return >= grant.Call
	})
}

// secondHolder: process p was granted the lock after process q was, which
// nobody can have released by then.
func (c claim) secondHolder(p, q history.Value) bool {
	return c.existPair(func(first, second history.Op) bool {
		return isGrant(first) && isGrant(second) && first.Process.String() == q.String() && second.Process.String() == p.String() &&
			first.Return < second.Call && !c.released(first, second.Return)
	})
}

func (c claim) bothHolders(p, q history.Value) bool {
	return c.existPair(func(a, b history.Op) bool {
		return isGrant(a) && isGrant(b) && a.Process.String() == p.String() && b.Process.String() == q.String() &&
			!c.released(a, b.Return) && !c.released(b, a.Return)
	})
}

func has(read history.Op, v history.Value) bool {
	members, _ := read.Output.Elements()
	return read.F == "read" && read.Outcome == history.OK && slices.Contains(members, v)
}

// lostMember: v had been added or seen when a read did not see it.
func (c claim) lostMember(v, _ history.Value) bool {
	return c.existPair(func(first, read history.Op) bool {
		known := first.F == "add" && first.Input == v && first.Outcome == history.OK || has(first, v)
		return known && read.F == "read" && read.Outcome == history.OK && !has(read, v) && first.Return < read.Call
	})
}

func (c claim) growing() bool {
	return !c.exists(func(op history.Op) bool {
		n, _ := op.Input.Int()
		return op.F != "read" && n <= 0
	})
}

func (c claim) growingTwice(v, _ history.Value) bool {
	return c.growing() && c.count(func(op history.Op) bool { return op.F == "add-and-get" && op.Outcome == history.OK && op.Output == v }) >= 2
}

func (c claim) fell(v, w history.Value) bool {
	return c.growing() && c.existPair(func(first, second history.Op) bool {
		said := first.F != "add" && second.F != "add" && first.Outcome == history.OK && second.Outcome == history.OK
		return said && first.Output == w && second.Output == v && first.Return < second.Call
	})
}
