package paper

import (
	"encoding/xml"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// nasty are texts that mean something to a format.
func nasty() []string {
	return []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `]]>&lt;`, `\input{/etc/passwd}`, `\end{document}`, `$x^{2}_1$ % # & ~`, `{`, `}`, `\`,
		"```\n# heading\n| a | b |", "a|b", "`", "**bold** _it_ [x](http://x) @someone #1", "--", "<<>>", "世界 → ≤ é", "\x00\x07\x1b[31m", "\u202eevil",
		"", " ", strings.Repeat("x", 500), strings.Repeat("&", 90), "^^41", "a\r\nb", "\xff\xfe", "?` !` ``''\"",
	}
}

func anyText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(nasty()), rapid.String(), rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(nasty()), 1, 4).Draw(t, "parts"), "")
	}))
}

// tame is what a text may become in TeX: plain characters, and commands of ours that
// take no argument from what follows.
var tame = regexp.MustCompile(`^([A-Za-z0-9 .:;/+*=()@\[\]'~-]|[-,!?']\{\}|\\[{}_&%#$]\{\}|\\text(backslash|asciicircum|asciitilde|less|greater|bar)\{\}` +
	`|\{\\ttfamily\\char(34|18|13)\}|\\ensuremath\{(\\[a-z]+|-)\}|\\ldots\{\}|--\{\}|---\{\}|'\{\}|` + "`{}|``{}" + `|''\{\}|\\"\{[a-zA-Z]\}|\\ss\{\}|\\'\{e\}|` + "\\\\`\\{e\\}" + `)*$`)

func TestTextsNeverBreakOutOfTeX(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyText().Draw(t, "text")
		if got := texText(text); !tame.MatchString(got) {
			t.Fatalf("%q became %q", text, got)
		}
		if code := texCode(text); !tame.MatchString(strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(code, `\texttt{`), "}"), `\allowbreak{}`, "")) {
			t.Fatalf("%q became %q", text, code)
		}
	})
}

func TestTextsNeverBreakOutOfHTML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyText().Draw(t, "text")
		var read struct {
			Title string `xml:"title,attr"`
			Text  string `xml:",chardata"`
		}
		page := `<p title="` + htmlText(text) + `">` + htmlText(text) + `</p>`
		if err := xml.Unmarshal([]byte(page), &read); err != nil {
			t.Fatalf("%q: %v", page, err)
		}
		if want := plainLines(text); read.Text != want || strings.ReplaceAll(read.Title, "\n", "") != strings.ReplaceAll(want, "\n", "") {
			t.Fatalf("%q is read as %q, with title %q", want, read.Text, read.Title)
		}
	})
}

// plainLines is the text as it is to be seen.
func plainLines(text string) string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		lines = append(lines, plainText(line))
	}
	return strings.Join(lines, "\n")
}

var codePoint = regexp.MustCompile(`\[U\+[0-9A-F]+\]`)

func TestTextsNeverBreakOutOfMarkdown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyText().Draw(t, "text")
		if got := codePoint.ReplaceAllString(mdText(text), ""); strings.ContainsAny(got, "\n\r`*_[]<>|~@$!\\{}") || strings.Contains(got, "://") {
			t.Fatalf("%q became %q", text, got)
		}
		span := mdCell(mdCode(text))
		if strings.ContainsAny(span, "\n\r") || strings.Contains(strings.ReplaceAll(span, `\|`, ""), "|") {
			t.Fatalf("%q became %q", text, span)
		}
		fence := span[:len(span)-len(strings.TrimLeft(span, "`"))]
		if inside := strings.TrimSuffix(strings.TrimPrefix(span, fence), fence); len(fence) > 0 && slices.Contains(runs(inside), len(fence)) {
			t.Fatalf("%q ends within %q", text, span)
		}
		block := fenced(text)
		fence, _, _ = strings.Cut(block, "text\n")
		if strings.Count(block, fence) != 2 {
			t.Fatalf("%q ends its block %q", text, block)
		}
	})
}

// runs are the lengths of the runs of backticks: a run as long as the fence ends code.
func runs(text string) (lengths []int) {
	n := 0
	for _, r := range text + " " {
		if r == '`' {
			n++
		} else if n > 0 {
			lengths, n = append(lengths, n), 0
		}
	}
	return lengths
}

// poison puts a text to every place of a study that can have one from a run.
func poison(s *Study, text string) {
	for i := range s.Runs {
		r := &s.Runs[i]
		r.Reason, r.Error, r.Problems, r.Command, r.Folder = text, text, []string{text}, text, text
		for j := range r.checks {
			r.checks[j].Reason = text
			for k := range r.checks[j].Anomalies {
				a := &r.checks[j].Anomalies[k]
				a.Key, a.Explanation = text, text
				for o := range a.Witness {
					a.Witness[o].Operation = text
				}
			}
		}
	}
	for i := range s.Configurations {
		c := &s.Configurations[i]
		c.Redis, c.Workload, c.About = text, text, text
		for j := range c.Parameters {
			c.Parameters[j].Value = text
		}
	}
	for i := range s.Plans {
		s.Plans[i].Text, s.Plans[i].faults = text, []string{text}
	}
	for i := range s.Findings {
		s.Findings[i].Promise, s.Findings[i].Reasons = text, []string{text}
	}
	for i := range s.Examples {
		e := &s.Examples[i]
		e.Key, e.Text, e.Check = text, text, text
		for j := range e.Drawing.Bars {
			e.Drawing.Bars[j].Operation = text
		}
		for j := range e.Drawing.Bands {
			e.Drawing.Bands[j].Label = text
		}
		for j := range e.proof.Operations {
			e.proof.Operations[j].Text = text
		}
		for j := range e.proof.Order {
			e.proof.Order[j].State = text
		}
	}
}

// A report has the same elements whatever keys and values its runs had. Texts are
// short here, for a long report in Markdown is cut.
func TestNoTextChangesTheReport(t *testing.T) {
	s := gathered(t, store)
	poison(s, "plain")
	want := skeleton(t, Compose(s))
	rapid.Check(t, func(rt *rapid.T) {
		text := anyText().Filter(func(s string) bool { return s != "" && strings.TrimSpace(s) == s && len(s) < 40 }).Draw(rt, "text")
		poison(s, text)
		got := skeleton(rt, Compose(s))
		for what, wanted := range want {
			if !slices.Equal(got[what], wanted) {
				rt.Fatalf("with %q the %s differs", text, what)
			}
		}
	})
}

var texCommand = regexp.MustCompile(`\\(begin|end|item|section|subsection|cite|bibitem|put|documentclass|caption|hline)\b`)

// skeleton is what of a report is no text: elements, commands, rows.
func skeleton(t interface {
	Fatalf(string, ...any)
}, d *Document) map[string][]string {
	text := func(f Format) string {
		var b strings.Builder
		if err := Write(&b, d, f); err != nil {
			t.Fatalf("%v", err)
		}
		return b.String()
	}
	_, body, _ := strings.Cut(text(HTML), "<body>")
	var tables []string
	fence := "" // of the block of code that the line is in
	for line := range strings.Lines(text(Markdown)) {
		switch open, isFence := strings.CutSuffix(line, "text\n"); {
		case fence != "":
			if line == fence+"\n" {
				fence = ""
			}
		case isFence && strings.Trim(open, "`") == "" && len(open) > 2:
			fence = open
		case strings.HasPrefix(line, "|"):
			tables = append(tables, strings.Repeat("|", strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")))
		}
	}
	// Pictures have as many elements as their texts need.
	body = pictures.ReplaceAllString(body, "")
	return map[string][]string{
		"HTML": elements(t, "</head>"+"<body>"+body), "TeX": texCommand.FindAllString(text(TeX), -1), "Markdown's tables": tables,
		"JUnit": elements(t, "</head>"+strings.TrimPrefix(text(JUnit), xml.Header)),
	}
}
