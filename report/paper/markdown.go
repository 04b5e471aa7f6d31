package paper

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// MarkdownLimit is how many characters a comment on GitHub may have; a job's summary
// may have sixteen times as many bytes.
const MarkdownLimit = 65536

// writeMarkdown writes GitHub's Markdown, in less than [MarkdownLimit] bytes. What does
// not fit is left out from the end, section by section, and named.
func writeMarkdown(w io.Writer, d *Document) error {
	head := "# " + mdText(d.Title) + "\n\n" + mdText(d.Subtitle) + "\n\n"
	for _, t := range d.Abstract {
		head += d.mdSpans(t) + "\n\n"
	}
	room := MarkdownLimit - 2048 - len(head)
	var left []string
	body := ""
	for _, s := range d.Sections {
		written, complete := d.mdSection(s, room-len(body))
		body += written
		if !complete {
			left = append(left, mdText(s.Title))
		}
	}
	references := d.mdReferences()
	if len(body)+len(references) > room {
		references, left = "", append(left, "References")
	}
	note := ""
	if left != nil {
		note = "> Left out or cut short to fit into a comment: " + shorten(listed(left), 1500) + ". The other formats have all of it.\n"
	}
	_, err := io.WriteString(w, head+body+references+note)
	return err
}

// mdSection writes as many blocks of a section as there is room for, and rows of its
// tables likewise.
func (d *Document) mdSection(s Section, room int) (text string, complete bool) {
	text = strings.Repeat("#", s.Level+1) + " " + mdText(s.Title) + "\n\n"
	if len(text) > room {
		return "", false
	}
	for _, b := range s.Blocks {
		block := d.mdBlock(b)
		if len(text)+len(block) > room {
			if b.Table == nil {
				return text, false
			}
			return text + d.mdTable(b.Table, room-len(text)), false
		}
		text += block
	}
	return text, true
}

func (d *Document) mdBlock(b Block) string {
	var all strings.Builder
	switch {
	case b.Table != nil:
		return d.mdTable(b.Table, MarkdownLimit)
	case b.Figure != nil:
		fmt.Fprintf(&all, "**Figure %d.** %s %s\n\n%s\n", b.Figure.Number, d.mdSpans(b.Figure.Caption), d.mdSpans(b.Figure.Order), fenced(plainDrawing(b.Figure.Drawing)))
	case b.List != nil:
		for _, t := range b.List {
			all.WriteString("- " + d.mdSpans(t) + "\n")
		}
	case b.Commands != nil:
		return fenced(strings.Join(b.Commands, "\n")+"\n") + "\n"
	default:
		all.WriteString(d.mdSpans(b.Paragraph) + "\n")
	}
	return all.String() + "\n"
}

// fenced makes a block of code with a fence that the text does not have.
func fenced(text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + "text\n" + text + fence + "\n"
}

// mdTable writes as many rows as there is room for; "" if there is none for any.
func (d *Document) mdTable(t *Table, room int) string {
	text := fmt.Sprintf("**Table %d.** %s\n\n", t.Number, d.mdSpans(t.Caption))
	rule := "|"
	text += "|"
	for _, c := range t.Columns {
		text += " " + mdCell(mdText(c.Title)) + " |"
		if c.Right {
			rule += " ---: |"
		} else {
			rule += " --- |"
		}
	}
	text += "\n" + rule + "\n"
	rows := 0
	for _, row := range t.Rows {
		line := "|"
		for _, cell := range row {
			line += " " + mdCell(d.mdSpans(cell)) + " |"
		}
		if len(text)+len(line)+2 > room {
			break
		}
		text += line + "\n"
		rows++
	}
	if rows == 0 {
		return ""
	}
	return text + "\n"
}

// mdCell keeps a text within a cell: a bar ends one even within code, where alone it
// is left as it is.
func mdCell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func (d *Document) mdSpans(t Text) string {
	var all strings.Builder
	for _, s := range t {
		switch s.Kind {
		case Strong:
			all.WriteString("**" + mdText(strings.TrimSpace(s.Text)) + "**" + strings.Repeat(" ", len(s.Text)-len(strings.TrimRight(s.Text, " "))))
		case Code:
			all.WriteString(mdCode(s.Text))
		case Cite:
			fmt.Fprintf(&all, "[[%d]](#references)", d.citation(s.Text))
		case Mark:
			all.WriteString(symbol(s.Text) + " " + mdText(s.Text))
		default:
			all.WriteString(mdText(s.Text))
		}
	}
	return all.String()
}

// symbol tells standings apart by shape.
func symbol(text string) string {
	switch markClass(text) {
	case "held":
		return "✓"
	case "violated":
		return "✗"
	}
	return "?"
}

// mdText escapes a text for Markdown and the HTML that it may have, by character
// references (CommonMark 0.31, section 2.5).
//
// Why a space of no width after @ and #: GitHub looks for mentions and issues in what
// it has rendered, where nothing is escaped any more (github/cmark-gfm, issue 181).
func mdText(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch r {
		case '@', '#':
			fmt.Fprintf(&b, "&#%d;&#8203;", r)
		case '\\', '`', '*', '_', '{', '}', '[', ']', '<', '>', '|', '~', '&', '$', '!':
			fmt.Fprintf(&b, "&#%d;", r)
		case '\n', '\r', '\t':
			b.WriteByte(' ')
		default:
			b.WriteString(printable(r))
		}
	}
	return strings.ReplaceAll(b.String(), "://", ":&#47;/")
}

// printable replaces a character that would act on what shows it.
func printable(r rune) string {
	if r < ' ' || r == 0x7f || r == utf8.RuneError || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
		return fmt.Sprintf("[U+%04X]", r)
	}
	return string(r)
}

// mdCode makes a span of code with a fence that the text does not have.
func mdCode(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		return r
	}, text)
	var shown strings.Builder
	for _, r := range text {
		shown.WriteString(printable(r))
	}
	text = shown.String()
	if text == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") || text != strings.TrimSpace(text) {
		text = " " + text + " "
	}
	return fence + text + fence
}

func (d *Document) mdReferences() string {
	if len(d.References) == 0 {
		return ""
	}
	var all strings.Builder
	all.WriteString("## References\n\n")
	for i, r := range d.References {
		fmt.Fprintf(&all, "%d. %s. %s. *%s*, %s.", i+1, mdText(r.Names()), mdText(r.Title), mdText(r.Venue), r.Year)
		if doi := r.DOI(); doi != "" {
			fmt.Fprintf(&all, " [doi](https://doi.org/%s)", doi)
		}
		all.WriteString("\n")
	}
	return all.String() + "\n"
}
