package checker

import (
	"context"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// stats describes the operations. It judges nothing.
type stats struct{}

func (stats) Name() string { return "stats" }

// Latency is the time from call to return of the operations that succeeded.
type Latency struct {
	P50NS int64 `json:"p50_ns"`
	P95NS int64 `json:"p95_ns"`
	P99NS int64 `json:"p99_ns"`
	MaxNS int64 `json:"max_ns"`
}

// OperationStats describes all operations of one name.
type OperationStats struct {
	OK      int      `json:"ok"`
	Fail    int      `json:"fail"`
	Info    int      `json:"info"`
	Latency *Latency `json:"latency,omitempty"`
	// Errors counts the first words of what fail and info completions said.
	Errors map[string]int `json:"errors,omitempty"`
}

func (stats) Check(_ context.Context, h *history.History, _ Options) (Result, error) {
	byName := map[string]*OperationStats{}
	latencies := map[string][]int64{}
	for i := range h.Ops {
		op := &h.Ops[i]
		s := byName[op.F]
		if s == nil {
			s = &OperationStats{Errors: map[string]int{}}
			byName[op.F] = s
		}
		switch op.Outcome {
		case history.OK:
			s.OK++
			latencies[op.F] = append(latencies[op.F], op.Return-op.Call)
		case history.Fail:
			s.Fail++
		default:
			s.Info++
		}
		if op.Error != "" {
			word, _, _ := strings.Cut(op.Error, ":")
			s.Errors[word]++
		}
	}
	statistics := map[string]any{}
	for f, s := range byName {
		s.Latency = quantiles(latencies[f])
		statistics[f] = s
	}
	return Result{Verdict: Valid, Statistics: statistics, Engine: "counting"}, nil
}

func quantiles(ns []int64) *Latency {
	if len(ns) == 0 {
		return nil
	}
	slices.Sort(ns)
	at := func(percent int) int64 { return ns[(len(ns)-1)*percent/100] }
	return &Latency{at(50), at(95), at(99), at(100)}
}
