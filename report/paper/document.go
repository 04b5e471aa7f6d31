package paper

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/report/figure"
	"github.com/jepsen-lite/jepsen-lite/report/svg"

	"github.com/jepsen-lite/jepsen-lite/checker/promise"
)

// Document is the report, the same for all formats.
type Document struct {
	Title    string `json:"title"`
	Subtitle string `json:"subtitle"`
	Abstract []Text `json:"abstract"`
	// Sections are in order; each says how deep it is.
	Sections []Section `json:"sections"`
	// References are those that the text cites, in order of citation.
	References []Reference `json:"references"`
	// Study is what it was made from.
	Study *Study `json:"study"`
}

// Section is a heading and what stands under it.
type Section struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// Level is 1 or 2.
	Level  int     `json:"level"`
	Blocks []Block `json:"blocks"`
}

// Block is one of its fields.
type Block struct {
	Paragraph Text     `json:"paragraph,omitempty"`
	List      []Text   `json:"list,omitempty"`
	Commands  []string `json:"commands,omitempty"`
	Table     *Table   `json:"table,omitempty"`
	Figure    *Figure  `json:"figure,omitempty"`
}

// Table has as many cells in each row as columns.
type Table struct {
	// Number counts the document's tables, from 1.
	Number  int      `json:"number"`
	Caption Text     `json:"caption"`
	Columns []Column `json:"columns"`
	Rows    [][]Text `json:"rows"`
}

// Column is one of a table.
type Column struct {
	Title string `json:"title"`
	// Weight is how wide it is beside the others.
	Weight int `json:"-"`
	// Right: it has numbers.
	Right bool `json:"-"`
}

// Figure is a drawn counterexample.
type Figure struct {
	// Number counts the document's figures, from 1.
	Number  int     `json:"number"`
	Caption Text    `json:"caption"`
	Drawing Drawing `json:"drawing"`
	// Order says how far an order explains the operations. It stands below a drawing
	// that does not show that.
	Order Text `json:"order,omitempty"`

	proof figure.Proof
}

// Text is a line of words; each knows what it is.
type Text []Span

// Kind is what a span is.
type Kind string

const (
	// Plain words; Strong ones; Code from a run or a command line.
	Plain  Kind = "plain"
	Strong Kind = "strong"
	Code   Kind = "code"
	// Cite is the key of a reference.
	Cite Kind = "cite"
	// Number was counted in the span's Runs.
	Number Kind = "number"
	// Mark is a Standing, or a verdict.
	Mark Kind = "mark"
)

// Span is a stretch of a text. Its Text is data: each format escapes it.
type Span struct {
	Kind Kind     `json:"kind"`
	Text string   `json:"text"`
	Runs []string `json:"runs,omitempty"`
}

// text makes a text of strings, which are plain, spans and texts.
func text(parts ...any) Text {
	var t Text
	for _, part := range parts {
		switch p := part.(type) {
		case string:
			if p != "" {
				t = append(t, Span{Kind: Plain, Text: p})
			}
		case int:
			t = append(t, Span{Kind: Plain, Text: svg.Count(p)})
		case Span:
			t = append(t, p)
		case Text:
			t = append(t, p...)
		default:
			panic(fmt.Sprintf("text of a %T", part))
		}
	}
	return t
}

func strong(s string) Span { return Span{Kind: Strong, Text: s} }
func code(s string) Span   { return Span{Kind: Code, Text: s} }
func cite(key string) Span { return Span{Kind: Cite, Text: key} }
func mark(s promise.Standing) Span {
	return Span{Kind: Mark, Text: strings.ReplaceAll(string(s), "-", " ")}
}
func of(s string, runs []string) Span { return Span{Kind: Number, Text: s, Runs: runs} }

// number is a count that was made in these runs.
func number(n int, runs []string) Span { return of(svg.Count(n), runs) }

// spans names runs: R1–R3, R7.
func spans(labels []string) string {
	var parts []string
	for i := 0; i < len(labels); {
		j := i
		for j+1 < len(labels) && ordinal(labels[j+1]) == ordinal(labels[j])+1 {
			j++
		}
		switch {
		case j == i:
			parts = append(parts, labels[i])
		case j == i+1:
			parts = append(parts, labels[i], labels[j])
		default:
			parts = append(parts, labels[i]+"–"+labels[j])
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

func ordinal(label string) int {
	n, _ := strconv.Atoi(label[1:])
	return n
}

// counted names a number of things: 1 run, 2 runs.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return svg.Count(n) + " " + many
}

// listed joins words: a, b and c.
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
