package nemesis

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Parse reads a plan's text, in the language that the package comment defines.
// "none" has no items. An error is a [*PlanError].
func Parse(text string) ([]Item, error) {
	if !utf8.ValidString(text) {
		return nil, &PlanError{1, "the text is not UTF-8"}
	}
	p := parser{text: []rune(text)}
	p.next()
	return p.plan()
}

// parser reads tokens, one ahead.
type parser struct {
	text []rune
	pos  int   // of what follows the token
	tok  token // the present one
}

// token is a word, a quoted word, or one of ( ) , = by itself. At the end it is
// empty and not quoted.
type token struct {
	text   string
	quoted bool
	at     int
}

func (t token) isWord() bool {
	return t.quoted || t.text != "" && !strings.ContainsAny(t.text, "(),=\"")
}

func (t token) is(text string) bool { return t.text == text && !t.quoted }

// String is the token for an error.
func (t token) String() string {
	if t.is("") {
		return "the end"
	}
	return fmt.Sprintf("%q", t.text)
}

// next reads on. A quotation that does not end reaches to the end of the text, and
// is told by its opening mark alone.
func (p *parser) next() {
	for p.pos < len(p.text) && isBlank(p.text[p.pos]) {
		p.pos++
	}
	start := p.pos
	p.tok = token{at: start}
	switch {
	case start == len(p.text):
		return
	case p.text[start] == '"':
		p.quotation()
		return
	case endsWord(p.text[start]):
		p.pos++
	default:
		for p.pos < len(p.text) && !endsWord(p.text[p.pos]) {
			p.pos++
		}
	}
	p.tok.text = string(p.text[start:p.pos])
}

func (p *parser) quotation() {
	var text []rune
	for i := p.pos + 1; i < len(p.text); i++ {
		switch r := p.text[i]; {
		case r == '"':
			p.pos, p.tok.text, p.tok.quoted = i+1, string(text), true
			return
		case r == '\\' && i+1 < len(p.text):
			i++
			text = append(text, p.text[i])
		default:
			text = append(text, r)
		}
	}
	p.pos, p.tok.text = len(p.text), `"`
}

// wrong is the error that the present token is not what it should be.
func (p *parser) wrong(format string, args ...any) error {
	if p.tok.is(`"`) {
		return &PlanError{p.tok.at + 1, "the quotation does not end"}
	}
	return &PlanError{p.tok.at + 1, fmt.Sprintf(format, args...)}
}

func (p *parser) plan() (items []Item, err error) {
	if p.tok.is("none") {
		p.next()
		if !p.tok.is("") {
			return nil, p.wrong("none cannot stand beside a fault")
		}
		return nil, nil
	}
	for {
		item, err := p.item()
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		switch {
		case p.tok.is(""):
			return items, nil
		case !p.tok.is(","):
			return nil, p.wrong("expected %s, but found %v", itemFollows(item), p.tok)
		}
		p.next()
	}
}

// itemFollows says what may stand after the item as far as it was read.
func itemFollows(i Item) string {
	switch {
	case i.For > 0:
		return "a comma"
	case i.When.Every > 0 && !i.When.Exactly:
		return "exactly, for or a comma"
	case i.When.Track():
		return "for or a comma"
	case len(i.Arguments) > 0:
		return "every, once at, for or a comma"
	}
	return "(, every, once at, for or a comma"
}

func (p *parser) item() (item Item, err error) {
	if p.tok.is("none") {
		return item, p.wrong("none cannot stand beside a fault")
	}
	if !p.tok.isWord() {
		return item, p.wrong("expected the name of a fault, but found %v", p.tok)
	}
	kind, err := Find(p.tok.text)
	if err != nil {
		return item, p.wrong("%v", err)
	}
	item.Fault = kind.Name
	missing := newArgs(kind).missing()
	if missing != nil {
		missing = p.wrong("%v", missing)
	}
	p.next()
	if p.tok.is("(") {
		item.Arguments, missing = p.arguments(kind)
	}
	if missing != nil {
		return item, missing
	}
	if item.When, err = p.timing(); err == nil && p.tok.is("for") {
		p.next()
		item.For, err = p.duration("how long it lasts")
	}
	return item, err
}

func (p *parser) timing() (t Timing, err error) {
	switch {
	case p.tok.is("every"):
		p.next()
		if t.Every, err = p.duration("how often"); err == nil && p.tok.is("exactly") {
			t.Exactly = true
			p.next()
		}
	case p.tok.is("once"):
		p.next()
		if !p.tok.is("at") {
			return t, p.wrong("expected at and a time, as in once at 30s, but found %v", p.tok)
		}
		p.next()
		t.Once = true
		t.At, err = p.duration("when")
	}
	return t, err
}

func (p *parser) duration(what string) (time.Duration, error) {
	d, err := time.ParseDuration(p.tok.text)
	if err != nil || d <= 0 || p.tok.quoted {
		return 0, p.wrong("expected %s, as 5s or 500ms, but found %v", what, p.tok)
	}
	p.next()
	return d, nil
}

// arguments reads what stands in parentheses, and asks the kind about each.
func (p *parser) arguments(kind Kind) (given []Argument, err error) {
	p.next()
	for reader := newArgs(kind); ; {
		first := p.tok
		if !first.isWord() {
			return nil, p.wrong("expected %s, but found %v", reader.expected(), p.tok)
		}
		a := Argument{Value: first.text}
		p.next()
		if p.tok.is("=") {
			p.next()
			if !p.tok.isWord() {
				return nil, p.wrong("expected the value of %s, but found %v", a.Value, p.tok)
			}
			a = Argument{Name: first.text, Value: p.tok.text}
			p.next()
		}
		if err := reader.take(a); err != nil {
			return nil, &PlanError{first.at + 1, err.Error()}
		}
		given = append(given, a)
		if p.tok.is(")") {
			missing := reader.missing()
			if missing != nil {
				return nil, p.wrong("%v", missing)
			}
			p.next()
			return given, nil
		}
		if !p.tok.is(",") {
			return nil, p.wrong("expected a comma or ), but found %v", p.tok)
		}
		p.next()
	}
}
