package promise

import (
	"fmt"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// wild generates histories of up to n operations by three processes on two keys,
// whose results are anything: of registers with unique values, unless they may
// repeat, or of sets.
func wild(kind string, n int, unique bool) *rapid.Generator[[]history.Op] {
	return rapid.Custom(func(t *rapid.T) []history.Op {
		ops := make([]history.Op, rapid.IntRange(1, n).Draw(t, "operations"))
		process := []history.Process{0, 1, 2}
		keys := rapid.IntRange(1, 2).Draw(t, "keys")
		next := int64(0)
		fresh := func() history.Value {
			next++
			if !unique {
				return history.Int(rapid.Int64Range(1, 3).Draw(t, "value"))
			}
			return history.Int(next)
		}
		for i := range ops {
			op := &ops[i]
			p := rapid.IntRange(0, 2).Draw(t, "process")
			*op = history.Op{
				Process: process[p], Key: fmt.Sprint("k", rapid.IntRange(1, keys).Draw(t, "key")),
				Call: int64(3 * i), Return: int64(3*i + 1), Outcome: history.OK, Invoked: 2 * i, Completed: 2*i + 1,
			}
			op.F = rapid.SampledFrom(forms(kind)).Draw(t, "f")
			old := rapid.Int64Range(0, int64(n)/2).Draw(t, "seen")
			saw := history.Int(old)
			if old == 0 {
				saw = history.NullValue
			}
			switch op.F {
			case "write", "add":
				op.Input = fresh()
				op.Output = op.Input
			case "cas":
				op.Input = history.List(saw, fresh())
				op.Output = op.Input
			case "read":
				if op.Output = saw; kind == "set" {
					op.Output = history.List(subset(t, n)...)
				}
			}
			if rapid.IntRange(0, 6).Draw(t, "outcome") == 0 {
				op.Outcome, op.Return, op.Output = history.Info, history.Never, history.Value{}
				process[p] += 3
			}
		}
		return ops
	})
}

func forms(kind string) []string {
	switch kind {
	case "set":
		return []string{"add", "read"}
	case "cas-register":
		return []string{"write", "read", "read", "cas"}
	}
	return []string{"write", "read", "read"}
}

func subset(t *rapid.T, n int) []history.Value {
	var list []history.Value
	for v := range int64(n / 2) {
		if rapid.IntRange(0, 2).Draw(t, "member") > 0 {
			list = append(list, history.Int(v+1))
		}
	}
	return list
}
