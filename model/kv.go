package model

import (
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// kv holds a text under each key, empty at first: put replaces it and append
// makes it longer.
type kv struct{}

func makeKV(string) (spec, error) { return kv{}, nil }

// text is the state of one key, as far as known.
type text struct {
	// whole: the text is all of it. Otherwise it is only how the text ends.
	whole bool
	known string
}

func (kv) prepare(h *history.Op, op *Op) (bool, error) {
	if h.F == "get" {
		op.Action, op.Observes = Observe, true
		if op.Seen = op.Result; op.Result.IsNull() {
			op.Seen = history.Str("") // nothing was there
		}
		return says(op.Seen), isText("the text of a get", op.Seen)
	}
	op.Action, op.Put = Change, h.Input
	if !says(h.Input) {
		return false, fmt.Errorf("%s without a value: expected a string", h.F)
	}
	return h.Outcome != history.Fail, isText("the text of "+h.F, h.Input)
}

func isText(what string, v history.Value) error {
	if v.Kind() != history.String && says(v) {
		return fmt.Errorf("%s is %.60s: expected a string", what, v)
	}
	return nil
}

func (kv) init() any { return text{whole: true} }
func (kv) open() any { return text{} }

func (kv) step(state any, op *Op) (bool, any) {
	t := state.(text)
	put, _ := op.Put.Text()
	switch op.F {
	case "put":
		return true, text{true, put}
	case "append":
		return true, text{t.whole, t.known + put}
	}
	seen, _ := op.Seen.Text()
	if t.whole {
		return seen == t.known, t
	}
	return len(seen) >= len(t.known) && seen[len(seen)-len(t.known):] == t.known, text{true, seen}
}

func (kv) equal(a, b any) bool   { return a == b }
func (kv) hash(state any) uint64 { return history.Str(state.(text).known).Hash() }

func (kv) describe(state any) string {
	t := state.(text)
	if shown := history.Str(t.known).String(); t.whole {
		return shown
	} else if t.known != "" {
		return "…" + shown
	}
	return "?"
}

// units: a get can go alone. What was put or appended cannot: part of it is in
// every text after it, and where it begins there no text says.
func (kv) units(ops []Op) []Unit { return observations(ops) }
