package checker

import (
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Lost returns the invocations of all acknowledged operations whose element was
// missing in the end, by key, as durability, delivery or at-least-once find them: a
// [Result] lists a few only. The error is a *model.MisfitError, or about the name.
func Lost(check string, h *history.History) ([]int, error) {
	var (
		object string
		judge  func(key string, ops []history.Op) []Anomaly
	)
	switch check {
	case durability{}.Name():
		object, judge = "set", func(key string, ops []history.Op) []Anomaly { return new(tally).judge(key, ops, false) }
		h = withUnpaired(h)
	case delivery{}.Name():
		object, judge = "unordered-queue", new(parcel).judge
	case atLeastOnce{}.Name():
		object, judge = "unordered-queue", new(parcel).judgeWork
	default:
		return nil, fmt.Errorf("find what was lost: the check %q does not look for it", check)
	}
	if _, err := prepare(object, h); err != nil {
		return nil, err
	}
	var lost []int
	keys, byKey := history.Keys(h.Ops)
	for _, key := range keys {
		for _, a := range judge(key, byKey[key]) {
			if a.Type == "lost" {
				lost = append(lost, a.Ops[0])
			}
		}
	}
	return lost, nil
}
