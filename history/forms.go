package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// forms splits a text into its outermost forms, which are maps or objects, and
// holds one of them at a time. It looks at brackets, strings, characters and
// comments only; what stands between them is for others to judge. Serves EDN and
// JSON.
type forms struct {
	r    io.Reader
	buf  []byte
	pos  int // where the next form is looked for
	line int // the line of pos, from 1
	eof  bool
	// start is the line on which the last form begins.
	start int
}

var (
	// errTorn says that the text ends inside a form.
	errTorn = errors.New("the text ends inside this value: it was cut off")
	errLong = fmt.Errorf("longer than %d MiB: expected one event a line", maxLineBytes>>20)
)

func newForms(r io.Reader) *forms {
	return &forms{r: r, buf: make([]byte, 0, 256<<10), line: 1, start: 1}
}

// fill reads until the buffer is full, after giving up what stands before pos,
// or else doubling it.
func (f *forms) fill() error {
	if f.pos > 0 {
		f.buf = f.buf[:copy(f.buf, f.buf[f.pos:])]
		f.pos = 0
	}
	if len(f.buf) == cap(f.buf) {
		if len(f.buf) > maxLineBytes {
			return errLong
		}
		f.buf = append(make([]byte, 0, 2*cap(f.buf)), f.buf...)
	}
	n, err := io.ReadFull(f.r, f.buf[len(f.buf):cap(f.buf)])
	f.buf = f.buf[:len(f.buf)+n]
	if f.eof = err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF); f.eof {
		return nil
	}
	return err
}

// peek steps over blanks and returns the byte after them; io.EOF where there is
// none.
func (f *forms) peek() (byte, error) {
	for {
		end := blankEnd(f.buf, f.pos)
		// A comment or a discarded form may go on beyond the buffer.
		if end < len(f.buf) && f.buf[end] != '#' || f.eof {
			f.skip(end)
			if end == len(f.buf) {
				return 0, io.EOF
			}
			if f.buf[end] != '#' {
				return f.buf[end], nil
			}
		}
		discarded, err := f.discard(end)
		if err != nil {
			return 0, err
		}
		if !discarded && end < len(f.buf) {
			f.skip(end)
			return '#', nil
		}
	}
}

// discard steps over #_ and the form after it, which begin at the given place,
// or reads more where that is needed to tell.
func (f *forms) discard(at int) (bool, error) {
	if at+1 < len(f.buf) && f.buf[at+1] != '_' {
		return false, nil
	}
	if at+1 < len(f.buf) {
		from := blankEnd(f.buf, at+2)
		if end, whole := formEnd(f.buf, from); whole || f.eof && end > from {
			f.skip(end)
			return true, nil
		}
		if f.eof {
			f.skip(at)
			return false, errTorn
		}
	} else if f.eof {
		return false, nil
	}
	return true, f.fill()
}

// next returns the form that peek saw. It is valid until the next call. An
// unfinished one at the end of the text is errTorn.
func (f *forms) next() ([]byte, error) {
	f.start = f.line
	for {
		end, whole := formEnd(f.buf, f.pos)
		if whole || f.eof && end > f.pos {
			form := f.buf[f.pos:end]
			f.skip(end)
			return form, nil
		}
		if f.eof {
			return nil, errTorn
		}
		if err := f.fill(); err != nil {
			return nil, err
		}
	}
}

// take steps over the byte that peek saw.
func (f *forms) take() { f.skip(f.pos + 1) }

// skip moves to a later place in the buffer.
func (f *forms) skip(to int) {
	f.line += bytes.Count(f.buf[f.pos:to], []byte{'\n'})
	f.pos = to
}

// blankEnd returns where white space, commas and comments from i on end.
func blankEnd(text []byte, i int) int {
	for ; i < len(text); i++ {
		switch text[i] {
		case ' ', '\n', ',', '\t', '\r', '\f', '\v':
		case ';':
			n := bytes.IndexByte(text[i:], '\n')
			if n < 0 {
				return len(text)
			}
			i += n
		default:
			return i
		}
	}
	return i
}

// formEnd returns where the form that begins at i ends, and whether it does
// within the text; i where it does not. A bare word that the text ends with may
// go on: the place is then the end of the text.
func formEnd(text []byte, i int) (end int, whole bool) {
	// discarded counts the forms outside of brackets that a #_ before them takes.
	start, depth, discarded := i, 0, 0
	for i < len(text) {
		switch c := text[i]; c {
		case '{', '[', '(':
			depth++
			i++
			continue
		case '}', ']', ')':
			depth = max(0, depth-1)
			i++
		case '"':
			if i = stringEnd(text, i); i < 0 {
				return start, false
			}
		case ' ', '\n', ',', '\t', '\r', '\f', '\v', ';':
			i = blankEnd(text, i)
			continue
		case '#': // a tag, or the set's bracket, before its form
			if i++; i < len(text) && text[i] == '_' {
				if i++; depth == 0 {
					discarded++
				}
				continue
			}
			for ; i < len(text) && !isDelimiter(text[i]); i++ {
			}
			continue
		default:
			if i = wordEnd(text, i); depth == 0 && discarded == 0 {
				return i, i < len(text)
			}
		}
		if depth > 0 {
			continue
		}
		if discarded == 0 {
			return i, true
		}
		discarded--
	}
	return start, false
}

// stringEnd returns the place after the string that begins at i, or -1.
func stringEnd(text []byte, i int) int {
	for i++; i < len(text); i++ {
		n := bytes.IndexByte(text[i:], '"')
		if n < 0 {
			return -1
		}
		escaped := 0
		for j := i + n - 1; j >= i && text[j] == '\\'; j-- {
			escaped++
		}
		if i += n; escaped%2 == 0 {
			return i + 1
		}
	}
	return -1
}

// wordEnd returns where the number, symbol, keyword or character at i ends.
func wordEnd(text []byte, i int) int {
	if text[i] == '\\' {
		i++ // the character after it may be a bracket
	}
	for i++; i < len(text) && !isDelimiter(text[i]); i++ {
	}
	return min(i, len(text))
}

// isDelimiter reports whether c ends a word.
func isDelimiter(c byte) bool {
	switch c {
	case ' ', '\n', ',', '\t', '\r', '\f', '\v', ';', '"', '(', ')', '[', ']', '{', '}':
		return true
	}
	return false
}
