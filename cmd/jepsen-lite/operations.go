package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
	"github.com/jepsen-lite/jepsen-lite/report/terminal"
)

// printOperations prints how operations ended, how long they took, and what the
// errors were.
func printOperations(w io.Writer, r *harness.Results) {
	fmt.Fprintf(w, "\n  operations  %s ok, %s fail, %s info\n", svg.Count(r.Ops.OK), svg.Count(r.Ops.Fail), svg.Count(r.Ops.Info))
	byName := map[string]*checker.OperationStats{}
	for _, c := range r.Checks {
		for f, s := range c.Statistics {
			if s, ok := s.(*checker.OperationStats); ok {
				byName[f] = s
			}
		}
	}
	if len(byName) == 0 {
		return
	}
	const columns = "    %-12s%9s%8s%7s%12s%12s%12s\n"
	fmt.Fprintf(w, columns, "", "ok", "fail", "info", "p50", "p99", "max")
	errors := map[string]int{}
	for _, f := range slices.Sorted(maps.Keys(byName)) {
		s, latency := byName[f], checker.Latency{}
		if s.Latency != nil {
			latency = *s.Latency
		}
		fmt.Fprintf(w, columns, terminal.Clean(f), svg.Count(s.OK), svg.Count(s.Fail), svg.Count(s.Info),
			milliseconds(latency.P50NS), milliseconds(latency.P99NS), milliseconds(latency.MaxNS))
		for word, n := range s.Errors {
			errors[word] += n
		}
	}
	if len(errors) > 0 {
		printFact(w, "errors", counted(errors))
	}
}

// printFact prints a fact under a heading, with its further lines indented.
func printFact(w io.Writer, heading, text string) {
	fmt.Fprintf(w, "  %-12s%s\n", heading, strings.TrimSpace(wrap(terminal.Clean(text), "              ")))
}

func milliseconds(ns int64) string {
	if ns == 0 {
		return "-" // none succeeded
	}
	return fmt.Sprintf("%.2f ms", float64(ns)/float64(time.Millisecond))
}

// counted shows counts by name, the largest first.
func counted(counts map[string]int) string {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	for i, name := range names {
		names[i] = name + " " + svg.Count(counts[name])
	}
	return strings.Join(names, ", ")
}
