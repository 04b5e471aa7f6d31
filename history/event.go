package history

import (
	"strconv"
	"strings"
)

// Type says which moment of an operation an event records.
type Type uint8

const (
	// Invoke opens an operation: the request may leave from now on.
	Invoke Type = iota + 1
	// OK completes an operation that took effect.
	OK
	// Fail completes an operation that certainly did not take effect.
	Fail
	// Info completes an operation that may have taken effect, now or later, or
	// never. Its process is retired.
	Info
)

var typeNames = [...]string{Invoke: "invoke", OK: "ok", Fail: "fail", Info: "info"}

// String returns the word used in files: invoke, ok, fail or info.
func (t Type) String() string {
	if int(t) < len(typeNames) && typeNames[t] != "" {
		return typeNames[t]
	}
	return "type(" + strconv.Itoa(int(t)) + ")"
}

func parseType(word []byte) (Type, bool) {
	switch string(word) {
	case "invoke":
		return Invoke, true
	case "ok":
		return OK, true
	case "fail":
		return Fail, true
	case "info":
		return Info, true
	}
	return 0, false
}

// Process is one logical client thread. Client processes count from 0.
type Process int

// Nemesis is the process that injects and heals faults. Its events are all
// [Info] and pair with nothing.
const Nemesis Process = -1

// Nobody stands for the process of events that name none. They pair with nothing:
// their completions are [History.Unpaired].
const Nobody Process = -2

// String returns the process as files show it: a number, nemesis or nobody.
func (p Process) String() string {
	switch p {
	case Nemesis:
		return "nemesis"
	case Nobody:
		return "nobody"
	}
	return strconv.Itoa(int(p))
}

// Event is one line of a history.
type Event struct {
	// Index is the event's place in the history, from 0 without gaps.
	Index int
	// Time is nanoseconds since the run began, from one monotonic clock.
	Time    int64
	Process Process
	Type    Type
	// F names the operation: read, write, enqueue, …
	F string
	// Key names the object worked on. Empty: the one unnamed object.
	Key   string
	Value Value
	// Error, on fail and info, is a short machine word (timeout, conn-refused,
	// …), optionally followed by a colon and what was said.
	Error string
	// Extra holds fields this version does not know, as the inside of a JSON
	// object ("a":1,"b":2), so that rewriting a history loses nothing.
	Extra string
}

// Final reports whether the event says that it is of a last read, after which
// nothing changes any more: final, or final? as in Jepsen, is true.
func (e *Event) Final() bool {
	if !strings.Contains(e.Extra, `"final`) {
		return false
	}
	extra, err := ParseValue([]byte("{" + e.Extra + "}"))
	if err != nil {
		return false
	}
	for _, name := range []string{"final", "final?"} {
		if v, ok := extra.Field(name); ok && v == Bool(true) {
			return true
		}
	}
	return false
}
