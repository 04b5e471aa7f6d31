package terminal

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// columns is how wide everything is at most.
const columns = 80

// Clean returns text that only shows itself: whatever would move the cursor, change
// colours or turn the direction of writing is replaced, and so is what is no text.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(text, string(utf8.RuneError)))
}

// width returns how many columns a text that is clean takes.
func width(text string) (n int) {
	for _, r := range text {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r):
		return 0
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana), r >= 0x1f300 && r < 0x1fb00, r >= 0xff01 && r <= 0xff60, r >= 0x3000 && r <= 0x303f:
		return 2
	}
	return 1
}

// fit returns a text that is clean and so many columns wide at most.
func fit(text string, most int) string {
	if len(text) > 8*columns { // enough for any line
		text = text[:8*columns] + "…"
	}
	switch text = Clean(text); {
	case width(text) <= most:
		return text
	case most < 1:
		return ""
	}
	left := most - 1
	for i, r := range text {
		if left -= runeWidth(r); left < 0 {
			return text[:i] + "…"
		}
	}
	return text
}

// pad makes a text that fits so many columns wide.
func pad(text string, to int) string { return text + strings.Repeat(" ", max(0, to-width(text))) }

// Wrap breaks text into lines of at most 80 columns, each indented; a word that is
// longer has a line of its own. Lines of the text stay apart.
func Wrap(text, indent string) string {
	var lines []string
	for part := range strings.Lines(text) {
		line := indent
		for _, word := range strings.Fields(part) {
			if len(line) > len(indent) && width(line)+1+width(word) > columns {
				lines, line = append(lines, line), indent
			}
			if len(line) > len(indent) {
				line += " "
			}
			line += word
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
