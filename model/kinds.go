package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Kind is an entry of the table of models.
type Kind struct {
	Name string
	// Parameter says what may stand in brackets after the name; empty: nothing.
	Parameter string
	About     string
	// Operations are the operations it knows, as f: value at invoke → value at ok.
	Operations []Signature

	make func(parameter string) (spec, error)
}

// Signature is one operation of a model.
type Signature struct{ F, Values string }

// Knows reports whether the model has an operation called f.
func (k Kind) Knows(f string) bool {
	return slices.ContainsFunc(k.Operations, func(s Signature) bool { return s.F == f })
}

func (k Kind) operationNames() string {
	names := make([]string, len(k.Operations))
	for i, s := range k.Operations {
		names[i] = s.F
	}
	return strings.Join(names, ", ")
}

// Kinds returns the table of all models.
func Kinds() []Kind {
	read := Signature{"read", "null → v"}
	write := Signature{"write", "v → v"}
	inside := Signature{"write", "what a holder does meanwhile; ignored"}
	acquire := Signature{"acquire", `token or null → token, false, or {"held_by": token}`}
	owned := Signature{"acquire", acquire.Values + `, or {"client": c, "fence": n}`}
	release := Signature{"release", "token or null → anything; false: found it gone"}
	enqueue := Signature{"enqueue", "v → v"}
	dequeue := Signature{"dequeue", "null → v, or null when empty"}
	return []Kind{
		{"register", "initial value", "one value, read and written", []Signature{read, write}, makeRegister},
		{"cas-register", "initial value", "one value, read, written, and compared and set",
			[]Signature{read, write, {"cas", `[old, new]; a mismatch fails, with {"saw": v} if known`}}, makeRegister},
		{"counter", "", "a total that starts at 0",
			[]Signature{{"add", "d → d"}, {"add-and-get", "d → new total"}, {"read", "null → total"}}, makeCounter},
		{"bounded-counter", "initial stock", "a stock that never goes below 0",
			[]Signature{{"take", "n → stock left, or null when refused"}, {"put", "n → stock"}, {"read", "null → stock"}}, makeBoundedCounter},
		{"mutex", "", "a lock: hold intervals never overlap", []Signature{acquire, release, inside}, makeMutex},
		{"lease", "time to live", "a lock that expires: no grant before the last one may have expired",
			[]Signature{acquire, release, {"renew", "token → token; false: found it gone"}, inside}, makeLease},
		{"reentrant-lease", "time to live", "a lock that expires, which its holder may acquire again and releases as often",
			[]Signature{{"acquire", `token → token, the same when held already, false, or {"held_by": token}`}, release, inside}, makeReentrantLease},
		{"owner-mutex", "", "a lock that only its holder releases", []Signature{owned, release, inside}, makeOwnerMutex},
		{"reentrant-mutex", "most holds", "a lock that its holder may acquire again and releases as often",
			[]Signature{owned, release, inside}, makeReentrantMutex},
		{"fenced-mutex", "", "a lock whose every grant has a larger number, released by its holder",
			[]Signature{owned, release, inside}, makeFencedMutex},
		{"reentrant-fenced-mutex", "most holds", "a lock with numbers, which its holder may acquire again and releases as often",
			[]Signature{owned, release, inside}, makeReentrantFencedMutex},
		{"fifo-queue", "", "a queue: first in, first out", []Signature{enqueue, dequeue}, makeFIFOQueue},
		{"unordered-queue", "", "a queue that keeps no order", []Signature{enqueue, dequeue}, makeUnorderedQueue},
		{"set", "", "a set that only grows", []Signature{{"add", "v → v"}, {"read", "null → list of members"}}, makeSet},
		{"log", "", "a list that only grows, at its end", []Signature{{"append", "v → anything"}, {"read", "null → list, oldest first"}}, makeLog},
		{"kv", "", "texts under keys, empty at first, replaced or made longer",
			[]Signature{{"get", "null → text"}, {"put", "text → text"}, {"append", "text → text"}}, makeKV},
		{"multi-register", "initial values", "many registers, read and written by transactions",
			[]Signature{{"txn", `[["r", name, null], ["w", name, v], …] → the same with what was read`}, {"read", "the same"}, {"write", "the same"}}, makeMultiRegister},
	}
}

// Parse returns the model of that name, with its parameter in brackets where it
// has one: "register", "bounded-counter(100)", "lease(300ms)".
func Parse(text string) (Model, error) {
	name, parameter, given := strings.Cut(text, "(")
	if given {
		var closed bool
		if parameter, closed = strings.CutSuffix(parameter, ")"); !closed {
			return Model{}, fmt.Errorf("model %q: expected a closing bracket, as in lease(300ms)", text)
		}
	}
	for _, kind := range Kinds() {
		if kind.Name != name {
			continue
		}
		if given && kind.Parameter == "" {
			return Model{}, fmt.Errorf("model %q: %s takes no parameter", text, name)
		}
		s, err := kind.make(parameter)
		if err != nil {
			return Model{}, fmt.Errorf("model %q: %w", text, err)
		}
		return Model{name: text, kind: kind, spec: s}, nil
	}
	return Model{}, fmt.Errorf("unknown model %q: expected one of %s", name, strings.Join(Names(), ", "))
}

// Names returns the names of all models.
func Names() []string {
	var names []string
	for _, kind := range Kinds() {
		names = append(names, kind.Name)
	}
	return names
}

func parseInitial(parameter string) (history.Value, error) {
	if parameter == "" || parameter == "nil" {
		return history.NullValue, nil
	}
	v, err := history.ParseValue([]byte(parameter))
	if err != nil {
		return v, fmt.Errorf("initial value %q: expected JSON", parameter)
	}
	return v, nil
}

func parseStock(parameter string) (int64, error) {
	if parameter == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(parameter, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("initial stock %q: expected a number from 0", parameter)
	}
	return n, nil
}

func parseTTL(parameter string) (time.Duration, error) {
	ttl, err := time.ParseDuration(parameter)
	if err != nil || ttl <= 0 {
		return 0, fmt.Errorf("time to live %q: expected a duration, as in lease(300ms)", parameter)
	}
	return ttl, nil
}
