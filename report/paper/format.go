package paper

import (
	"fmt"
	"io"
	"strings"
)

// Format is a way to write a document.
type Format string

const (
	// HTML is one file that needs no other; Markdown fits a comment; TeX compiles
	// with plain pdflatex; JSON has all that was read; JUnit is for CI systems.
	HTML     Format = "html"
	Markdown Format = "md"
	TeX      Format = "tex"
	JSON     Format = "json"
	JUnit    Format = "junit"
)

// Formats returns all formats.
func Formats() []Format { return []Format{HTML, Markdown, TeX, JSON, JUnit} }

// ParseFormat reads a format's name. Its error names all of them.
func ParseFormat(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if string(f) == name {
			return f, nil
		}
		names = append(names, string(f))
	}
	return "", fmt.Errorf("unknown format %q: expected %s", name, strings.Join(names, ", "))
}

// FileName is what a report of the format is called in a folder.
func (f Format) FileName() string {
	if f == JUnit {
		return "report.xml"
	}
	return "report." + string(f)
}

// Write writes the document in a format. Its error is that of w.
func Write(w io.Writer, d *Document, f Format) error {
	switch f {
	case HTML:
		return writeHTML(w, d)
	case Markdown:
		return writeMarkdown(w, d)
	case TeX:
		return writeTeX(w, d)
	case JSON:
		return writeJSON(w, d)
	case JUnit:
		return writeJUnit(w, d)
	}
	return fmt.Errorf("write report: unknown format %q", f)
}

// BibTeX returns the references of the document for a bibliography of one's own.
func (d *Document) BibTeX() string {
	var all []string
	for _, r := range d.References {
		all = append(all, r.BibTeX)
	}
	return strings.Join(all, "\n")
}

// page collects what is written, and the first error.
type page struct {
	w   io.Writer
	err error
}

func (p *page) put(parts ...string) {
	for _, part := range parts {
		if p.err == nil {
			_, p.err = io.WriteString(p.w, part)
		}
	}
}
