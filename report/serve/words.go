package serve

import (
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker/promise"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// functions are what the templates call.
func functions() template.FuncMap {
	return template.FuncMap{
		"count":      svg.Count,
		"date":       func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") },
		"day":        func(t time.Time) string { return t.UTC().Format("2 Jan 15:04") },
		"escaped":    runID.escaped,
		"faults":     faults,
		"size":       size,
		"took":       took,
		"class":      class,
		"mark":       mark,
		"operations": func(o harness.Outcomes) string { return svg.Count(o.OK + o.Fail + o.Info) },
		"pictures":   func() []string { return []string{"throughput", "latency"} },
		"standing":   standing,
		"shorten":    shorten,
		"words":      words,
		"seconds":    func(ns int64) string { return strconv.FormatFloat(float64(ns)/1e9, 'f', 1, 64) },
	}
}

// faults shows how many there were: kill ×3, pause.
func faults(counts map[string]int) string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if n := counts[name]; n > 1 {
			name = fmt.Sprintf("%s ×%d", name, n)
		}
		words = append(words, name)
	}
	return strings.Join(words, ", ")
}

// words splits a command where it may be broken into lines: before its flags.
func words(command string) []string {
	parts := strings.Split(command, " --")
	for i := range parts[1:] {
		parts[i+1] = "--" + parts[i+1]
	}
	return parts
}

// size shows bytes.
func size(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
	case bytes < 1_000_000_000:
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
}

// took shows nanoseconds with three digits and a unit.
func took(ns int64) string { return svg.Duration(float64(ns)) }

// class is the style of a verdict, of what became of a promise, or of a state.
func class(word string) string {
	switch word {
	case "valid", string(promise.Held):
		return "valid"
	case "invalid", string(promise.Violated):
		return "invalid"
	case "unknown", notDecided:
		return "unknown"
	case "running":
		return word
	}
	return "other"
}

// mark is the sign that tells them apart where colours cannot.
func mark(word string) string {
	return map[string]string{"valid": "✓", "invalid": "✗", "unknown": "?", "running": "▸", "other": "–"}[class(word)]
}

// notDecided is [promise.NotDecided] in words.
const notDecided = "not decided"

// standing shows what became of a promise.
func standing(s promise.Standing) string {
	if s == promise.NotDecided {
		return notDecided
	}
	return string(s)
}

// shorten cuts a text that is too long to be one line of a page.
func shorten(limit int, text string) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return text
}
