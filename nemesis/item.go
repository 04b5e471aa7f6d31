package nemesis

import (
	"fmt"
	"strings"
	"time"
)

// Item is a fault of a plan, with what the plan says of it.
type Item struct {
	// Fault is a name from [Kinds].
	Fault string
	// Arguments are as they were given; those left out have their defaults.
	Arguments []Argument
	// When is when it is injected. Its zero value: when the rotation comes to it.
	When Timing
	// For is how long it lasts; zero: as the plan says.
	For time.Duration
}

// Argument is a value, and which parameter it is for where that was said.
type Argument struct{ Name, Value string }

// Timing is when a fault has a track of its own; of Every and Once at most one.
type Timing struct {
	// Every is the mean time from its healing to its next injection. Where Exactly,
	// it is injected at each multiple of Every that finds it healed.
	Every   time.Duration
	Exactly bool
	// Once: it is injected At a time, and never again.
	Once bool
	At   time.Duration
}

// Track tells whether the fault has a track of its own.
func (t Timing) Track() bool { return t.Once || t.Every > 0 }

// Call is the fault with its arguments, as in a plan: kill(primary).
func (i Item) Call() string {
	if len(i.Arguments) == 0 {
		return i.Fault
	}
	texts := make([]string, len(i.Arguments))
	for n, a := range i.Arguments {
		texts[n] = quoteWord(a.Value)
		if a.Name != "" {
			texts[n] = a.Name + "=" + texts[n]
		}
	}
	return i.Fault + "(" + strings.Join(texts, ", ") + ")"
}

// String returns the text that [Parse] reads.
func (i Item) String() string {
	text := i.Call()
	if t := i.When; t.Once {
		text += " once at " + shortDuration(t.At)
	} else if t.Every > 0 {
		text += " every " + shortDuration(t.Every)
		if t.Exactly {
			text += " exactly"
		}
	}
	if i.For > 0 {
		text += " for " + shortDuration(i.For)
	}
	return text
}

// Texts returns each item's text; joined by commas they are what [Parse] reads.
func Texts(items []Item) []string {
	var texts []string
	for _, i := range items {
		texts = append(texts, i.String())
	}
	return texts
}

// shortDuration is a duration without parts that are zero at its end: 1m.
func shortDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// quoteWord writes a value so that it is read as one.
func quoteWord(text string) string {
	if text != "" && !strings.ContainsFunc(text, endsWord) {
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// endsWord tells what a word without quotes cannot hold.
func endsWord(r rune) bool { return strings.ContainsRune("(),=\"", r) || isBlank(r) }

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// PlanError says what is wrong with a plan's text.
type PlanError struct {
	// Column is where, in characters from 1.
	Column int
	Wrong  string
}

func (e *PlanError) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Wrong) }
