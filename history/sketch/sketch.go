package sketch

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Parse returns the drawing's operations, ordered by invocation. Where an
// invocation and a completion share a column the invocation comes first. A
// process of which several operations are drawn stands in several lines.
func Parse(drawing string) ([]history.Op, error) {
	var ops []history.Op
	for line := range strings.Lines(drawing) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		op, err := parseLine(strings.TrimRight(line, " \r\n"))
		if err != nil {
			return nil, fmt.Errorf("read drawing: %q: %w", strings.TrimSpace(line), err)
		}
		ops = append(ops, op)
	}
	number(ops)
	return ops, nil
}

// MustParse is Parse for drawings that stand in the code: it panics on an error.
func MustParse(drawing string) []history.Op {
	ops, err := Parse(drawing)
	if err != nil {
		panic(err)
	}
	return ops
}

func parseLine(line string) (history.Op, error) {
	op := history.Op{Outcome: history.OK}
	before, rest, found := strings.Cut(line, "|")
	if !found {
		return op, fmt.Errorf("expected an interval, as in 0 |-write 1-|")
	}
	op.Call = int64(utf8.RuneCountInString(before))
	lane := strings.Fields(before)
	if len(lane) == 0 || len(lane) > 2 {
		return op, fmt.Errorf("expected the process, and perhaps the key, before the interval")
	}
	process, err := strconv.Atoi(lane[0])
	if err != nil {
		return op, fmt.Errorf("expected the process' number first: %w", err)
	}
	op.Process = history.Process(process)
	if len(lane) == 2 {
		op.Key = lane[1]
	}
	op.Return = op.Call + int64(utf8.RuneCountInString(rest))
	switch body, last := rest[:len(rest)-1], rest[len(rest)-1]; last {
	case '|':
		return op, parseBody(&op, body)
	case 'x':
		op.Outcome = history.Fail
		return op, parseBody(&op, body)
	case '?':
		op.Outcome, op.Return = history.Info, history.Never
		return op, parseBody(&op, body)
	}
	return op, fmt.Errorf("expected |, ? or x at the end")
}

func parseBody(op *history.Op, body string) (err error) {
	call, result, answered := strings.Cut(strings.Trim(body, "-"), "→")
	words := strings.Fields(call)
	if len(words) == 0 || len(words) > 2 {
		return fmt.Errorf("expected an operation and perhaps its argument, found %q", call)
	}
	op.F, op.Input = words[0], history.NullValue
	if len(words) == 2 {
		if op.Input, err = history.ParseValue([]byte(words[1])); err != nil {
			return err
		}
	}
	if answered {
		op.Output, err = history.ParseValue([]byte(strings.TrimSpace(result)))
	}
	return err
}

// number sorts the operations by call and gives their events indexes.
func number(ops []history.Op) {
	slices.SortStableFunc(ops, func(a, b history.Op) int { return cmp.Compare(a.Call, b.Call) })
	type moment struct {
		time int64
		set  *int
	}
	var calls, returns []moment
	for i := range ops {
		calls = append(calls, moment{ops[i].Call, &ops[i].Invoked})
		ops[i].Completed = -1
		if ops[i].Return != history.Never {
			returns = append(returns, moment{ops[i].Return, &ops[i].Completed})
		}
	}
	all := append(calls, returns...)
	slices.SortStableFunc(all, func(a, b moment) int { return cmp.Compare(a.time, b.time) })
	for i, m := range all {
		*m.set = i
	}
}
