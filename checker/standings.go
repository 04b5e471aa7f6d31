package checker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// standings is what the keys come to.
type standings struct {
	answers              map[answer]int
	said, certain        int
	by                   map[Engine]int
	unfit                map[string]int
	confirmed, conflicts int
}

func standingsOf(keys []*keyed) standings {
	t := standings{answers: map[answer]int{}, by: map[Engine]int{}, unfit: map[string]int{}}
	for _, k := range keys {
		t.answers[k.answer]++
		t.said += k.said
		t.certain += k.certain
		if k.by != "" {
			t.by[k.by]++
		}
		if k.unfit != "" {
			t.unfit[k.unfit]++
		}
		if k.confirmed {
			t.confirmed++
		}
		if k.conflict != "" {
			t.conflicts++
		}
	}
	return t
}

// engines names the engines that decided something, most keys first.
func (t standings) engines(asked Engine) string {
	var names []string
	for _, e := range Engines() {
		if t.by[e] > 0 {
			names = append(names, string(e))
		}
	}
	if len(names) == 0 {
		return string(asked)
	}
	return strings.Join(names, "+")
}

func (t standings) statistics(keys int) map[string]any {
	s := map[string]any{
		"keys": keys, "operations": t.said,
		"invalid_keys": t.answers[illegal], "unknown_keys": t.answers[undecided] + t.answers[tooLarge],
		"engines": t.by, "confirmed_keys": t.confirmed,
	}
	if len(t.unfit) > 0 {
		s["no_monitor"] = t.unfit
	}
	return s
}

// verdict returns the verdict over all keys, and where it is unknown why.
func (j *judging) verdict(ctx context.Context, t standings, keys int) (Verdict, string) {
	lost, large := t.answers[undecided], t.answers[tooLarge]
	switch {
	case t.answers[illegal] > 0:
		return Invalid, ""
	case lost > 0 && errors.Is(ctx.Err(), context.Canceled):
		return Unknown, fmt.Sprintf("interrupted before %d of %d keys were decided", lost, keys)
	case lost > 0 && j.options.Engine == ByMonitor:
		return Unknown, fmt.Sprintf("the monitor does not apply to %d of %d keys (%s); try --engine auto", lost, keys, t.oneUnfit())
	case large > 0:
		return Unknown, fmt.Sprintf("%d of %d keys need more than %d MiB to search; try --memory, or fewer operations per key", large, keys, j.options.MemoryBytes>>20)
	case lost > 0:
		return Unknown, fmt.Sprintf("%d of %d keys were not decided within %v; try --timeout, or fewer operations per key", lost, keys, j.options.Timeout)
	case t.certain == 0 && !j.options.JepsenQuirks:
		return Unknown, "no operation is known to have taken effect"
	}
	return Valid, ""
}

// oneUnfit returns a reason why the monitor did not apply.
func (t standings) oneUnfit() string {
	var reasons []string
	for reason := range t.unfit {
		reasons = append(reasons, reason)
	}
	slices.Sort(reasons)
	return reasons[0]
}
