package paper

import (
	_ "embed"
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/report/figure"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

//go:embed paper.css
var css string

// writeHTML writes one file that needs no other and runs no script.
func writeHTML(w io.Writer, d *Document) error {
	p := &page{w: w}
	p.put("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
		`<meta name="viewport" content="width=device-width, initial-scale=1">`, "\n",
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`, "\n",
		"<title>", htmlText(d.Title), "</title>\n<style>\n", svg.Variables(), svg.Rules(), css, "</style>\n</head>\n<body>\n<main>\n<header>\n<h1>", htmlText(d.Title), "</h1>\n<p class=\"sub\">",
		htmlText(d.Subtitle), "</p>\n</header>\n<section class=\"abstract\">\n<h2>Abstract</h2>\n")
	for _, t := range d.Abstract {
		p.put("<p>", d.htmlSpans(t), "</p>\n")
	}
	p.put("</section>\n")
	numbers := numbered(d.Sections)
	for i, s := range d.Sections {
		tag := fmt.Sprint("h", s.Level+1)
		p.put("<", tag, ` id="`, s.ID, `"><span class="no">`, numbers[i], "</span> ", htmlText(s.Title), "</", tag, ">\n")
		for _, b := range s.Blocks {
			d.htmlBlock(p, b)
		}
	}
	d.htmlReferences(p)
	p.put("</main>\n</body>\n</html>\n")
	return p.err
}

// numbered returns the sections' numbers: 1, 2, 2.1.
func numbered(sections []Section) (numbers []string) {
	first, second := 0, 0
	for _, s := range sections {
		if s.Level == 1 {
			first, second = first+1, 0
			numbers = append(numbers, fmt.Sprint(first))
		} else {
			second++
			numbers = append(numbers, fmt.Sprint(first, ".", second))
		}
	}
	return numbers
}

func (d *Document) htmlBlock(p *page, b Block) {
	switch {
	case b.Table != nil:
		d.htmlTable(p, b.Table)
	case b.Figure != nil:
		p.put("<figure>\n", "<div class=\"scroll\">\n", figure.Witness(b.Figure.proof, figure.Options{ID: fmt.Sprint("figure-", b.Figure.Number)}).Inline(), "</div>\n<figcaption><b>",
			fmt.Sprint("Figure ", b.Figure.Number), ".</b> ", d.htmlSpans(b.Figure.Caption), "</figcaption>\n</figure>\n")
	case b.List != nil:
		p.put("<ul>\n")
		for _, t := range b.List {
			p.put("<li>", d.htmlSpans(t), "</li>\n")
		}
		p.put("</ul>\n")
	case b.Commands != nil:
		p.put("<pre><code>", htmlText(strings.Join(b.Commands, "\n")), "</code></pre>\n")
	default:
		p.put("<p>", d.htmlSpans(b.Paragraph), "</p>\n")
	}
}

func (d *Document) htmlTable(p *page, t *Table) {
	p.put("<div class=\"wide\">\n<table>\n<caption><b>", fmt.Sprint("Table ", t.Number), ".</b> ", d.htmlSpans(t.Caption), "</caption>\n<thead><tr>")
	class := func(c Column) string {
		if c.Right {
			return ` class="right"`
		}
		return ""
	}
	for _, c := range t.Columns {
		p.put("<th scope=\"col\"", class(c), ">", htmlText(c.Title), "</th>")
	}
	p.put("</tr></thead>\n<tbody>\n")
	for _, row := range t.Rows {
		p.put("<tr")
		if len(row[0]) == 0 {
			p.put(` class="same"`)
		}
		if id := rowID(row); id != "" {
			p.put(` id="`, id, `"`)
		}
		p.put(">")
		for i, cell := range row {
			p.put("<td", class(t.Columns[i]), ">", d.htmlSpans(cell), "</td>")
		}
		p.put("</tr>\n")
	}
	p.put("</tbody>\n</table>\n</div>\n")
}

// rowID is where links to a run lead: the row of the list of runs that begins with
// its label. Other tables begin with other words.
func rowID(row []Text) string {
	if len(row) == 0 || len(row[0]) != 1 || len(row[0][0].Text) < 2 || row[0][0].Text[0] != 'R' || ordinal(row[0][0].Text) == 0 {
		return ""
	}
	return row[0][0].Text
}

func (d *Document) htmlSpans(t Text) string {
	var all strings.Builder
	for _, s := range t {
		switch s.Kind {
		case Strong:
			all.WriteString("<b>" + htmlText(s.Text) + "</b>")
		case Code:
			all.WriteString("<code>" + htmlText(s.Text) + "</code>")
		case Cite:
			fmt.Fprintf(&all, `<a class="cite" href="#ref-%s">[%d]</a>`, s.Text, d.citation(s.Text))
		case Mark:
			fmt.Fprintf(&all, `<span class="mark %s">%s %s</span>`, markClass(s.Text), symbol(s.Text), htmlText(s.Text))
		case Number:
			if len(s.Runs) == 0 {
				all.WriteString(htmlText(s.Text))
				break
			}
			fmt.Fprintf(&all, `<a class="number" href="#%s" title="%s">%s</a>`, s.Runs[0], htmlText(spans(s.Runs)), htmlText(s.Text))
		default:
			all.WriteString(htmlText(s.Text))
		}
	}
	return all.String()
}

// htmlText escapes a text for HTML and for attributes between double quotes. What
// would act on what shows it (controls, marks of direction) is shown as its code point.
func htmlText(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r == '\n' {
			b.WriteRune(r)
		} else {
			b.WriteString(printable(r))
		}
	}
	return html.EscapeString(b.String())
}

func (d *Document) htmlReferences(p *page) {
	if len(d.References) == 0 {
		return
	}
	p.put("<h2 id=\"references\">References</h2>\n<ol class=\"references\">\n")
	for _, r := range d.References {
		p.put(`<li id="ref-`, r.Key, `">`, htmlText(r.Names()), ". ", htmlText(r.Title), ". <i>", htmlText(r.Venue), "</i>, ", r.Year, ".")
		if doi := r.DOI(); doi != "" {
			p.put(` <a href="https://doi.org/`, htmlText(doi), `">doi:`, htmlText(doi), "</a>")
		}
		p.put("</li>\n")
	}
	p.put("</ol>\n<details>\n<summary>BibTeX</summary>\n<pre><code>", htmlText(d.BibTeX()), "</code></pre>\n</details>\n")
}
