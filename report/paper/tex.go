package paper

import (
	"fmt"
	"io"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker/promise"
)

// texHead needs nothing but LaTeX's base, tools, graphics and hyperref.
const texHead = `\documentclass[10pt,a4paper]{article}
\usepackage[margin=22mm]{geometry}
\usepackage{color}
\usepackage{array}
\usepackage{longtable}
\usepackage[hidelinks]{hyperref}
\definecolor{ok}{rgb}{0,0.447,0.698}
\definecolor{fail}{rgb}{0.8,0.55,0}
\definecolor{violated}{rgb}{0.835,0.369,0}
\definecolor{held}{rgb}{0,0.475,0.345}
\definecolor{open}{rgb}{0.62,0.33,0.49}
\definecolor{band}{rgb}{0.94,0.94,0.88}
\definecolor{grey}{rgb}{0.4,0.4,0.4}
\newcolumntype{L}[1]{>{\raggedright\arraybackslash}p{#1}}
\newcolumntype{R}[1]{>{\raggedleft\arraybackslash}p{#1}}
\setlength{\tabcolsep}{3pt}
\renewcommand{\arraystretch}{1.12}
\setlength{\LTcapwidth}{\textwidth}
\sloppy
\emergencystretch=3em
`

// writeTeX writes LaTeX that plain pdflatex compiles, in two passes for longtable.
func writeTeX(w io.Writer, d *Document) error {
	p := &page{w: w}
	p.put(texHead, `\hypersetup{pdftitle={`, texText(d.Title), "}}\n",
		`\title{`, texText(d.Title), "}\n", `\author{`, texText(d.Subtitle), "}\n\\date{}\n", `\begin{document}`, "\n\\maketitle\n\\begin{abstract}\n")
	for _, t := range d.Abstract {
		p.put(`\noindent `, d.texSpans(t), "\n\n")
	}
	p.put("\\end{abstract}\n")
	for _, s := range d.Sections {
		p.put("\n\\", map[int]string{1: "section", 2: "subsection"}[s.Level], "{", texText(s.Title), `}\label{sec:`, s.ID, "}\n")
		for _, b := range s.Blocks {
			d.texBlock(p, b)
		}
	}
	if len(d.References) > 0 {
		p.put("\n\\begin{thebibliography}{99}\n")
		for _, r := range d.References {
			p.put(`\bibitem{`, r.Key, "} ", texText(r.Names()), ". ", texText(r.Title), `. \emph{`, texText(r.Venue), "}, ", texText(r.Year), ".")
			if doi := r.DOI(); doi != "" {
				p.put(` doi:\href{https://doi.org/`, texText(doi), "}{", texText(doi), "}.")
			}
			p.put("\n")
		}
		p.put("\\end{thebibliography}\n")
	}
	p.put("\\end{document}\n")
	return p.err
}

func (d *Document) texBlock(p *page, b Block) {
	switch {
	case b.Table != nil:
		d.texTable(p, b.Table)
	case b.Figure != nil:
		p.put("\n\\begin{center}\\begin{minipage}{\\textwidth}\n", texDrawing(b.Figure.Drawing), "\\par\\smallskip\\small\\textbf{Figure ", fmt.Sprint(b.Figure.Number), ".} ",
			d.texSpans(b.Figure.Caption), " ", d.texSpans(b.Figure.Order), "\n\\end{minipage}\\end{center}\n")
	case b.List != nil:
		p.put("\n\\begin{itemize}\n\\setlength{\\itemsep}{1pt}\n")
		for _, t := range b.List {
			p.put(`\item `, d.texSpans(t), "\n")
		}
		p.put("\\end{itemize}\n")
	case b.Commands != nil:
		p.put("\n\\begin{quote}\\small\\raggedright\n")
		for i, command := range b.Commands {
			if i > 0 {
				p.put("\\\\\n")
			}
			p.put(texCode(command), "\n")
		}
		p.put("\\end{quote}\n")
	default:
		p.put("\n", d.texSpans(b.Paragraph), "\n")
	}
}

func (d *Document) texTable(p *page, t *Table) {
	total := 0
	for _, c := range t.Columns {
		total += c.Weight
	}
	p.put("\n{\\footnotesize\n\\begin{longtable}{")
	for _, c := range t.Columns {
		kind := "L"
		if c.Right {
			kind = "R"
		}
		// Beside its text each column has twice \tabcolsep.
		p.put(fmt.Sprintf("%s{\\dimexpr %.4f\\textwidth-2\\tabcolsep\\relax}", kind, float64(c.Weight)/float64(total)))
	}
	p.put("}\n\\caption{", d.texSpans(t.Caption), "}\\\\\n\\hline\\noalign{\\vskip 2pt}\n")
	head := func() {
		for i, c := range t.Columns {
			if i > 0 {
				p.put(" & ")
			}
			if c.Title != "" {
				p.put(`{\scriptsize\textbf{`, texText(c.Title), "}}")
			}
		}
		p.put(" \\\\\n\\hline\\noalign{\\vskip 2pt}\n")
	}
	head()
	p.put("\\endfirsthead\n\\hline\\noalign{\\vskip 2pt}\n")
	head()
	p.put("\\endhead\n\\noalign{\\vskip 2pt}\\hline\n\\endfoot\n")
	for _, row := range t.Rows {
		for i, cell := range row {
			if i > 0 {
				p.put(" & ")
			}
			p.put(d.texSpans(cell))
		}
		p.put(" \\\\\n")
	}
	p.put("\\end{longtable}}\n")
}

func (d *Document) texSpans(t Text) string {
	var all strings.Builder
	for _, s := range t {
		switch s.Kind {
		case Strong:
			all.WriteString(`\textbf{` + texText(s.Text) + "}")
		case Code:
			all.WriteString(texCode(s.Text))
		case Cite:
			all.WriteString(`\cite{` + s.Text + "}")
		case Mark:
			all.WriteString(`\textcolor{` + markClass(s.Text) + `}{\textbf{` + texText(s.Text) + "}}")
		default:
			all.WriteString(texText(s.Text))
		}
	}
	return all.String()
}

// markClass is the colour's name of a standing or a verdict.
func markClass(text string) string {
	switch text {
	case string(promise.Held), "valid":
		return "held"
	case string(promise.Violated), "invalid":
		return "violated"
	}
	return "open"
}
