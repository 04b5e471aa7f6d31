package checker

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// setFull judges what became of each element of a set that only grows, by all
// reads. An element is known from when its add is acknowledged or a read returns
// it. It is stable if a read contains it and none that began later lacks it; lost
// if it was known before the last read that lacks it began, and no read that began
// later contains it; else nobody can tell.
type setFull struct{ linearizable bool }

func parseSetFull(parameter string) (Check, error) {
	if parameter != "" && parameter != "linearizable" {
		return nil, errOption("set-full", parameter, "linearizable")
	}
	return setFull{parameter != ""}, nil
}

func (c setFull) Name() string {
	if c.linearizable {
		return "set-full(linearizable)"
	}
	return "set-full"
}

// fate is what became of an element.
type fate struct {
	element history.Value
	add     *history.Op // the first attempt
	failed  bool        // every attempt failed
	// known is the completion that shows that the element is in the set.
	known *history.Op
	// Of the reads by invocation, present is the last that contains it, and absent
	// the last that lacks it and ended after the add began; -1: none.
	present, absent int
	// from begins the run of reads that contain it and ends at present; early are
	// those that contain it and began before the add.
	from  int
	early []int
}

// knownAt returns the index of the event that makes the element known; -1: none.
func (f *fate) knownAt() int {
	if f.known == nil {
		return -1
	}
	return f.known.Completed
}

// census is what the reads of one key say.
type census struct {
	reads      []*history.Op // by invocation
	fates      []*fate       // by first attempt
	unexpected []Anomaly
	repeated   []Anomaly
}

func (c setFull) Check(_ context.Context, h *history.History, o Options) (Result, error) {
	h, err := about(c.Name(), h, "add", "read")
	if err != nil {
		return Result{}, err
	}
	keys, byKey := history.Keys(h.Ops)
	var (
		total     outcomes
		anomalies []Anomaly
	)
	for i, key := range keys {
		s, err := c.census(byKey[key], o.JepsenQuirks)
		if err != nil {
			return Result{}, err
		}
		for _, a := range total.judge(c, s, o) {
			a.Key = key
			anomalies = append(anomalies, a)
		}
		o.Progress(c.Name(), i+1, len(keys))
	}
	r := found(anomalies, total.statistics())
	r.Engine = "timelines"
	if total.stable == 0 && r.Verdict == Valid {
		r.Verdict, r.Reason = Unknown, "no element is known to have stayed in the set: nothing was both added and read"
	}
	return r, nil
}

// census walks over adds and reads. Every element of a read costs one step.
func (c setFull) census(ops []history.Op, quirks bool) (*census, error) {
	s := &census{}
	by := map[history.Value]*fate{}
	for i := range ops {
		op := &ops[i]
		switch {
		case op.F == "add":
			s.attempt(by, op)
		case op.F == "read" && op.Outcome == history.OK && !op.Output.IsAbsent():
			s.reads = append(s.reads, op)
		}
	}
	slices.SortFunc(s.reads, func(a, b *history.Op) int { return cmp.Compare(called(a), called(b)) })
	for at, read := range s.reads {
		members, ok := read.Output.Elements()
		if !ok && !read.Output.IsNull() {
			return nil, misfit(c.Name(), read, "read has the value %.60s: expected the list of members", read.Output)
		}
		for _, v := range s.distinct(members, read, quirks) {
			s.sight(by[v], v, at, read, quirks)
		}
	}
	ended := s.latestEnds()
	for _, f := range s.fates {
		f.absent = s.lastAbsent(f, ended)
	}
	return s, nil
}

func (s *census) attempt(by map[history.Value]*fate, op *history.Op) {
	f := by[op.Input]
	if f == nil {
		f = &fate{element: op.Input, add: op, failed: true, present: -1, absent: -1}
		by[op.Input] = f
		s.fates = append(s.fates, f)
	}
	f.failed = f.failed && op.Outcome == history.Fail
	if op.Outcome == history.OK && (f.known == nil || op.Completed < f.known.Completed) {
		f.known = op
	}
}

// distinct returns the members once each, and reports those that stand twice.
func (s *census) distinct(members []history.Value, read *history.Op, quirks bool) []history.Value {
	sort.Slice(members, func(i, j int) bool { return members[i].Compare(members[j]) < 0 })
	once := slices.Compact(slices.Clone(members))
	if len(once) == len(members) || quirks {
		return once
	}
	for i := 1; i < len(members); i++ {
		if v := members[i]; v == members[i-1] && (i == 1 || members[i-2] != v) {
			a := anomaly("duplicate-element", "a read contained %s twice", v)
			a.Ops = []int{read.Invoked}
			s.repeated = append(s.repeated, a)
		}
	}
	return once
}

// sight is what one read says of an element that it contains.
func (s *census) sight(f *fate, v history.Value, at int, read *history.Op, quirks bool) {
	switch before := f != nil && called(f.add) > read.Completed; {
	case quirks && (f == nil || before):
		return
	case f == nil, before:
		a := anomaly("unexpected", "a read contained %s, which nobody had begun to add", v)
		a.Ops = []int{read.Invoked}
		s.unexpected = append(s.unexpected, a)
		return
	case f.failed && !quirks:
		a := anomaly("unexpected", "a read contained %s, whose add had failed", v)
		a.Ops = []int{f.add.Invoked, read.Invoked}
		s.unexpected = append(s.unexpected, a)
	}
	if f.known == nil || read.Completed < f.known.Completed {
		f.known = read
	}
	if called(read) < called(f.add) {
		f.early = append(f.early, at)
	} else if f.present != at-1 || f.present < 0 || len(f.early) > 0 && f.early[len(f.early)-1] == f.present {
		f.from = at
	}
	f.present = at
}

// latestEnds returns, for each read, the latest completion of it and those before.
func (s *census) latestEnds() []int {
	ended := make([]int, len(s.reads))
	for i, read := range s.reads {
		if ended[i] = read.Completed; i > 0 {
			ended[i] = max(ended[i], ended[i-1])
		}
	}
	return ended
}

// lastAbsent finds the last read without the element that ended after its add had
// begun.
func (s *census) lastAbsent(f *fate, ended []int) int {
	begun := called(f.add)
	first := sort.Search(len(s.reads), func(i int) bool { return called(s.reads[i]) >= begun })
	last := len(s.reads) - 1
	switch {
	case first > last:
	case f.present < last:
		return last
	case f.from > first:
		return f.from - 1
	}
	for i := first - 1; i >= 0 && ended[i] > begun; i-- {
		if s.reads[i].Completed > begun && !slices.Contains(f.early, i) {
			return i
		}
	}
	return -1
}

func errOption(check, got string, expected ...string) error {
	return &optionError{check, got, expected}
}

// optionError says what may stand in a check's brackets.
type optionError struct {
	check, got string
	expected   []string
}

func (e *optionError) Error() string {
	return "check " + e.check + "(" + e.got + "): expected " + e.check + " or " + e.check + "(" + strings.Join(e.expected, ", ") + ")"
}
