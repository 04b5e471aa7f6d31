package timeline

import (
	"unicode/utf8"

	"github.com/jepsen-lite/jepsen-lite/history"
)

const (
	// maxTextRunes bounds one text of a timeline, maxTextBytes all of them.
	maxTextRunes = 300
	maxTextBytes = 3 << 20
)

// texts holds each text once. When there is no room for more, texts are replaced by
// an ellipsis.
type texts struct {
	all   []string
	at    map[string]int
	bytes int
	// shortened and left count texts that do not stand there whole, or not at all.
	shortened, left int
}

func newTexts() *texts {
	return &texts{all: []string{"…"}, at: map[string]int{}}
}

// add returns the number of a text.
func (t *texts) add(text string) int {
	short := shorten(text)
	if len(short) < len(text) {
		t.shortened++
	}
	if at, ok := t.at[short]; ok {
		return at
	}
	if t.bytes+len(short) > maxTextBytes {
		t.left++
		return 0
	}
	t.at[short] = len(t.all)
	t.bytes += len(short)
	t.all = append(t.all, short)
	return len(t.all) - 1
}

// shorten cuts a text after maxTextRunes.
func shorten(text string) string {
	if len(text) <= maxTextRunes {
		return text
	}
	end := 0
	for range maxTextRunes {
		_, size := utf8.DecodeRuneInString(text[end:])
		if end += size; end == len(text) {
			return text
		}
	}
	return text[:end] + "…"
}

// Values are packed as one number each: the kind in the lowest two bits.
const (
	wordValue = iota // of words below
	intValue         // zigzag of the difference to the integer before it in the column
	textValue        // the number of its JSON in the texts
)

const (
	absentWord = iota
	nullWord
	falseWord
	trueWord
	sameWord // as the input
)

// maxInt bounds the integers that are packed as such: their differences are exact
// in a JavaScript number.
const maxInt = 1 << 31

// values packs a column of values.
type values struct {
	column
	before int64
	texts  *texts
}

func (c *values) add(v history.Value) {
	switch n, isInt := v.Int(); {
	case v.IsAbsent():
		c.word(absentWord)
	case v.IsNull():
		c.word(nullWord)
	case v.IsFalse():
		c.word(falseWord)
	case v.Kind() == history.Boolean:
		c.word(trueWord)
	case isInt && -maxInt < n && n < maxInt:
		c.number(zigzag(n-c.before)<<2 | intValue)
		c.before = n
	default:
		c.number(uint64(c.texts.add(v.String()))<<2 | textValue)
	}
}

func (c *values) word(word uint64) { c.number(word << 2) } // a wordValue
