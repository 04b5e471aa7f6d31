package schedule

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Picture draws what happened: time downwards, a column for each client and one
// for the server, faults across. It needs an execution with a trace. Lines have
// up to width characters, if that is enough for the clients; zero means 80.
//
//	┌ an operation begins
//	│ ●┄┄┄ the server executes its command, and what it replies
//	│ ◂ the reply arrives
//	└ the operation ends
func (e *Execution) Picture(s *Schedule, width int) string {
	if e.Trace == nil {
		return ""
	}
	p := newPicture(s, e, width)
	for _, h := range e.Trace.Happenings {
		p.draw(h)
	}
	p.drawOpen()
	return p.out.String()
}

// picture is a picture being drawn.
type picture struct {
	clients int    // columns of clients and helpers
	columns []Step // whose each is: the step that moves it
	reader  int    // the number of the client that reads in the end
	column  int    // width of a client's column
	server  int    // width of the server's
	out     strings.Builder

	command []string // that each client has under way
	reply   []string // that it got last
	step    string   // the number of the last line
	open    []bool   // each client is in an operation
	quiet   []bool   // its request is the operation's first
	asleep  []bool   // it sleeps, or has just woken
	ending  bool
}

const (
	numberWidth  = 5
	defaultWidth = 80
	// minColumn and minServer are what columns have at least.
	minColumn, minServer = 14, 24
)

func newPicture(s *Schedule, e *Execution, width int) *picture {
	if width == 0 {
		width = defaultWidth
	}
	columns := columnsOf(s, e.Trace)
	n := len(columns)
	p := &picture{clients: n, columns: columns, reader: len(s.Clients), command: make([]string, n+1), reply: make([]string, n+1), open: make([]bool, n+1), quiet: make([]bool, n+1), asleep: make([]bool, n+1)}
	// The server has the longest texts, so that the clients get what they need
	// first, but it the rest.
	needed := 0
	for _, h := range e.Trace.Happenings {
		if h.Client < 0 || h.Client >= len(s.Clients) {
			continue
		}
		switch h.Kind {
		case Invoked:
			needed = max(needed, utf8.RuneCountInString("┌ "+h.Text)+2)
		case Completed:
			needed = max(needed, utf8.RuneCountInString("└ "+ended(h))+2)
		}
	}
	p.column = max(minColumn, min(needed, (width-numberWidth-minServer)/n))
	p.server = max(minServer, width-numberWidth-n*p.column)
	var names []string
	for _, c := range columns {
		names = append(names, laneName(c.Client, c.Helper))
	}
	p.line("", append(names, "server")...)
	p.rule("", '─')
	return p
}

// columnsOf returns the clients, each followed by its helpers.
func columnsOf(s *Schedule, t *Trace) []Step {
	var columns []Step
	for i := range s.Clients {
		columns = append(columns, Step{Verb: Move, Client: i})
		for _, h := range t.Happenings {
			helper := Step{Verb: Move, Client: i, Helper: h.Helper}
			if h.Client == i && h.Helper > 0 && !slices.Contains(columns, helper) {
				columns = append(columns, helper)
			}
		}
	}
	return columns
}

// line writes one row: the number of a step, and a text for each column.
func (p *picture) line(number string, cells ...string) {
	if number == p.step {
		number = "" // a second line of the same step
	} else {
		p.step = number
	}
	fmt.Fprintf(&p.out, "%3s  ", number)
	text := ""
	for i, c := range cells {
		width := p.column
		if i == p.clients {
			width = p.server
		}
		text += fit(c, width)
	}
	p.out.WriteString(strings.TrimRight(text, " ") + "\n")
}

// fit makes a text that wide, with a space at its end.
func fit(text string, width int) string {
	if n := utf8.RuneCountInString(text); n <= width {
		return text + strings.Repeat(" ", width-n)
	}
	runes := []rune(text)
	return string(runes[:width-2]) + "… "
}

// rule writes a text into a line across all columns.
func (p *picture) rule(text string, of rune) {
	total := p.clients*p.column + p.server - 1
	if text != "" {
		text = string(of) + string(of) + " " + text + " "
	}
	p.out.WriteString("     " + text + strings.Repeat(string(of), max(0, total-utf8.RuneCountInString(text))) + "\n")
}

// cells returns a row in which every open operation goes on.
func (p *picture) cells() []string {
	cells := make([]string, p.clients+1)
	for i := range p.clients {
		if p.open[i] {
			cells[i] = "│"
		}
	}
	return cells
}

func (p *picture) draw(h Happening) {
	if h.Step < 0 && !p.ending {
		p.drawOpen()
		p.ending = true
		p.rule("in the end", '─')
	}
	number := ""
	if h.Step >= 0 {
		number = fmt.Sprint(h.Step + 1)
	}
	switch {
	case h.Kind == Harmed:
		p.ruleOf(number, h.Text, '═')
	case h.Kind == Passed:
		p.ruleOf(number, h.Text+" pass", '┈')
	case h.Client == p.reader:
		p.drawFinal(h)
	default:
		p.drawClient(number, h)
	}
}

func (p *picture) ruleOf(number, text string, of rune) {
	start := p.out.Len()
	p.rule(text, of)
	line := p.out.String()[start:]
	head := p.out.String()[:start]
	p.out.Reset()
	fmt.Fprintf(&p.out, "%s%3s  %s", head, number, strings.TrimPrefix(line, "     "))
}

func (p *picture) drawClient(number string, h Happening) {
	c := slices.Index(p.columns, Step{Verb: Move, Client: h.Client, Helper: h.Helper})
	cells := p.cells()
	switch h.Kind {
	case Invoked:
		p.open[c], p.quiet[c] = true, true
		cells[c] = "┌ " + h.Text
	case Requested:
		p.command[c] = h.Text
		if p.quiet[c] {
			p.quiet[c] = false
			return
		}
		cells[c] = "│ ◂ " + p.reply[c]
		if p.asleep[c] {
			cells[c], p.asleep[c] = "│ wakes", false
		}
	case Executed:
		p.reply[c] = h.Text
		p.connect(cells, c, p.command[c]+" → "+h.Text)
	case Slept:
		cells[c] = "│ sleeps " + h.Text
		p.quiet[c], p.asleep[c] = false, true
	case GaveUp:
		p.quiet[c] = true // a reply that may still come goes to nobody
		cells[c] = "│ ✗ gives up"
	case ExecutedLate:
		cells[p.clients] = fmt.Sprintf("late, of %s: %s", laneName(h.Client, h.Helper), h.Text)
	case Completed:
		p.open[c] = false
		cells[c] = "└ " + ended(h)
	}
	p.line(number, cells...)
}

// connect draws the line from a client to what the server executes.
func (p *picture) connect(cells []string, client int, text string) {
	for i := client; i < p.clients; i++ {
		head := "┄"
		switch {
		case i == client:
			head = "│ ●"
		case p.open[i]:
			head = "┼"
		}
		cells[i] = head + strings.Repeat("┄", p.column-utf8.RuneCountInString(head))
	}
	cells[p.clients] = "▸ " + text
}

func ended(h Happening) string {
	switch {
	case h.Outcome == history.OK && h.Text == "":
		return "ok"
	case h.Outcome == history.OK:
		return "ok " + h.Text
	}
	return strings.TrimSpace(h.Outcome.String() + " " + h.Text)
}

// drawFinal draws what the last reads saw.
func (p *picture) drawFinal(h Happening) {
	switch h.Kind {
	case Invoked:
		p.command[p.clients] = h.Text
	case Completed:
		fmt.Fprintf(&p.out, "     %s: %s\n", p.command[p.clients], ended(h))
	}
}

// drawOpen marks the operations that never end.
func (p *picture) drawOpen() {
	cells := make([]string, p.clients+1)
	some := false
	for i := range p.clients {
		if p.open[i] {
			cells[i], p.open[i], some = "┊ never ends", false, true
		}
	}
	if some {
		p.line("", cells...)
	}
}
