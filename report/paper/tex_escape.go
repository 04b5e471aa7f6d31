package paper

import (
	"fmt"
	"strings"
	"unicode"
)

// texText escapes a text for TeX. What pdflatex cannot show with the fonts that every
// TeX has is shown as its code point, [U+4E16], so that any text compiles.
func texText(text string) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteString(texRune(r))
	}
	return b.String()
}

// texRune returns what stands for a character. Every command ends with {}, so that
// what follows is never part of it, and characters that fonts join with their
// neighbours (--, ?`, <<) are followed by it too.
func texRune(r rune) string {
	switch r {
	case '\\':
		return `\textbackslash{}`
	case '{', '}':
		return `\` + string(r) + "{}"
	case '_', '&', '%', '#', '$':
		return `\` + string(r) + "{}"
	case '^':
		return `\textasciicircum{}`
	case '~':
		return `\textasciitilde{}`
	case '<':
		return `\textless{}`
	case '>':
		return `\textgreater{}`
	case '|':
		return `\textbar{}`
	case '"':
		return `{\ttfamily\char34}`
	case '`':
		return `{\ttfamily\char18}`
	case '-', ',', '!', '?', '\'':
		return string(r) + "{}"
	case '\n', '\t', '\r':
		return " "
	}
	if known := texKnown(r); known != "" {
		return known
	}
	if r >= ' ' && r < unicode.MaxASCII {
		return string(r)
	}
	return fmt.Sprintf("[U+%04X]", r)
}

// texKnown has the characters beyond ASCII that the report itself uses, and some
// that keys are likely to have.
func texKnown(r rune) string {
	switch r {
	case '→':
		return `\ensuremath{\rightarrow}`
	case '←':
		return `\ensuremath{\leftarrow}`
	case '≤':
		return `\ensuremath{\leq}`
	case '≥':
		return `\ensuremath{\geq}`
	case '−':
		return `\ensuremath{-}`
	case '×':
		return `\ensuremath{\times}`
	case 'µ', 'μ':
		return `\ensuremath{\mu}`
	case '…':
		return `\ldots{}`
	case '–':
		return `--{}`
	case '—':
		return `---{}`
	case '’':
		return `'{}`
	case '‘':
		return "`{}"
	case '“':
		return "``{}"
	case '”':
		return `''{}`
	case '\u00a0':
		return "~"
	case 'ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü':
		return `\"{` + map[rune]string{'ä': "a", 'ö': "o", 'ü': "u", 'Ä': "A", 'Ö': "O", 'Ü': "U"}[r] + "}"
	case 'ß':
		return `\ss{}`
	case 'é':
		return `\'{e}`
	case 'è':
		return "\\`{e}"
	}
	return ""
}

// texCode sets a text in the typewriter font, which may break after characters that
// end a word, and within long words.
func texCode(text string) string {
	var b strings.Builder
	b.WriteString(`\texttt{`)
	run := 0
	for _, r := range text {
		if r == '\'' {
			b.WriteString(`{\ttfamily\char13}`) // straight, to be copied
		} else {
			b.WriteString(texRune(r))
		}
		switch run++; {
		case r == ' ':
			run = 0
		case strings.ContainsRune("/,=_:;+@()}]", r) || run == 30:
			run = 0
			b.WriteString(`\allowbreak{}`)
		}
	}
	b.WriteString("}")
	return b.String()
}
