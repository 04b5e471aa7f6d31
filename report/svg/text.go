package svg

import "unicode"

// Width returns how wide a text is at most in the fonts that drawings are shown in,
// in pixels. It is an estimate, and rather too wide.
func Width(text string, t Type) float64 {
	width := 0
	for _, r := range text {
		width += advance(r)
	}
	w := float64(width) / 1000 * t.size() * generous
	if t.Bold {
		w *= 1.08
	}
	return w
}

// generous is how much wider than Helvetica a substitute may be: DejaVu Sans, which
// Linux has in its place, is.
const generous = 1.13

// advance returns a character's width in thousandths of its size, by classes: those
// of Helvetica, rounded up.
func advance(r rune) int {
	switch {
	case r == ' ':
		return 285
	case r == 'i' || r == 'j' || r == 'l' || r == '\'' || r == '|':
		return 250
	case r == 'f' || r == 't' || r == 'I' || r == '.' || r == ',' || r == ':' || r == ';' || r == '/' || r == '!' || r == '(' || r == ')' || r == '[' || r == ']' || r == 'r':
		return 335
	case r == 'm' || r == 'M' || r == '%':
		return 880
	case r == 'w' || r == 'W' || r == '@':
		return 950
	case r >= 'A' && r <= 'Z':
		return 715
	case r < 0x80:
		return 560
	case r == '→' || r == '…':
		return 850
	case unicode.Is(unicode.Mn, r):
		return 0
	case r >= 0x1100 && (unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || r >= 0x1f000):
		return 1000
	}
	return 660
}

// Fit returns the text if it is that wide at most, and else what of its beginning
// fits with an ellipsis, or "" where not even that does.
func Fit(text string, width float64, t Type) string {
	if len(text) < 4096 && Width(text, t) <= width {
		return text
	}
	end, left := 0, width-Width("…", t)
	for i, r := range text {
		end = i
		if left -= Width(string(r), t); left < 0 {
			break
		}
	}
	if end == 0 {
		return ""
	}
	return text[:end] + "…"
}
