package promise

import (
	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// loss is what was acknowledged and missing in the end.
type loss struct {
	// check found it; empty: the last reads of registers.
	check        string
	lost         []int // invocations
	acknowledged int64
	anomaly      *checker.Anomaly // about one of them
	open         string           // why it is not known whether anything is lost
	kept         bool             // nothing is, and that is known
}

// losses are the promises of durability of registers and sets.
func (j *judge) losses(t *tape) []Promise {
	if j.subject.family == registers {
		return j.durable(t.lastReads())
	}
	l := loss{check: "durability"}
	if !j.asked(l.check) {
		return j.durable(loss{})
	}
	r := j.result(l.check)
	l.acknowledged, l.open = number(r, "acknowledged"), r.Reason
	if a, ok := firstOf(r, "lost"); ok {
		l.anomaly = &a
	}
	// What is there and should not be is no loss.
	l.kept = r.Verdict == checker.Valid || r.Verdict == checker.Invalid && number(r, "lost") == 0 && number(r, "keys_without_final_read") == 0 && l.acknowledged > 0
	return j.durable(l)
}

// durable are the two promises about a loss.
func (j *judge) durable(l loss) []Promise {
	none := Promise{Name: "no-loss", Meaning: "what was acknowledged is there in the end", Asked: j.asked(l.check)}
	bounded := Promise{Name: "bounded-loss", Meaning: "what was acknowledged and lost, if anything, was acknowledged shortly before a fault"}
	if l.check != "" && l.anomaly != nil {
		var err error
		if l.lost, err = checker.Lost(l.check, j.h); err != nil {
			l.lost = l.anomaly.Ops[:1]
		}
	}
	switch {
	case l.anomaly != nil:
		none.violated(j.h, *l.anomaly)
		j.bound(&bounded, l)
	case l.kept:
		none.Standing, bounded.Standing = Held, Held
	default:
		if l.open == "" {
			l.open = "no read after the last acknowledged write is known to be a last one"
		}
		none.open(l.open)
		bounded.open(l.open)
	}
	none.figure("lost", int64(len(l.lost)), "")
	none.figure("acknowledged", l.acknowledged, "")
	return []Promise{none, bounded}
}

// final is what is known of the end of one register.
type final struct {
	written int64 // the last return of a write that is certain; -1: there is none
	read    int32 // the read after it whose write was the last to begin; none: there is none
	source  int64 // the return of what that saw; Never: not known
}

// lastReads compares the last read of each register with the writes: what was
// called after the write that it saw had returned is lost. Of several last reads
// the one most in favour counts. Only those that say so are last reads.
func (t *tape) lastReads() loss {
	l, shown := loss{kept: true}, [2]int32{}
	ends := make([]final, t.keys)
	for i := range ends {
		ends[i] = final{-1, none, -1}
	}
	for i := range t.rows {
		if r := &t.rows[i]; r.put != none && r.certain {
			l.acknowledged++
			ends[r.key].written = max(ends[r.key].written, t.ops[r.at].Return)
		}
	}
	for i := range t.rows {
		r := &t.rows[i]
		if e := &ends[r.key]; r.put == none && t.ops[r.at].Final && t.ops[r.at].Call > e.written {
			if source := t.returned(r.source); e.read == none || source > e.source {
				e.read, e.source = int32(i), source
			}
		}
	}
	for i := range t.rows {
		r := &t.rows[i]
		e := &ends[r.key]
		switch {
		case r.put == none || !r.certain:
		case e.read == none:
			l.kept = false
		case t.ops[r.at].Call > e.source:
			l.lost = append(l.lost, t.ops[r.at].Invoked)
			shown = [2]int32{int32(i), e.read}
		}
	}
	if len(l.lost) > 0 {
		l.anomaly = t.anomaly(&breach{"lost-write", t.sprint("%s had been acknowledged, but %s, after all writes, saw something older", shown[0], shown[1]), shown[:]})
	}
	l.kept = l.kept && len(l.lost) == 0 && l.acknowledged > 0
	return l
}

// returned returns when a node's write had certainly taken effect; Never: not known.
func (t *tape) returned(node int32) int64 {
	switch {
	case t.isRow(node):
		return t.ops[t.rows[node].at].Return
	case node >= 0:
		return -1
	}
	return history.Never
}
