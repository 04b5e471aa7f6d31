package history

import (
	"errors"
	"fmt"
	"strconv"
)

// AppendEvent appends the event as one line of JSON, newline included.
func AppendEvent(dst []byte, e *Event) []byte {
	dst = append(dst, `{"index":`...)
	dst = strconv.AppendInt(dst, int64(e.Index), 10)
	dst = append(dst, `,"time":`...)
	dst = strconv.AppendInt(dst, e.Time, 10)
	dst = append(dst, `,"process":`...)
	if e.Process == Nemesis {
		dst = append(dst, `"nemesis"`...)
	} else {
		dst = strconv.AppendInt(dst, int64(e.Process), 10)
	}
	dst = append(dst, `,"type":"`...)
	dst = append(dst, e.Type.String()...)
	dst = append(dst, `","f":`...)
	dst = appendString(dst, e.F)
	if e.Key != "" {
		dst = appendString(append(dst, `,"key":`...), e.Key)
	}
	if !e.Value.IsAbsent() {
		dst = e.Value.AppendJSON(append(dst, `,"value":`...))
	}
	if e.Error != "" {
		dst = appendString(append(dst, `,"error":`...), e.Error)
	}
	if e.Extra != "" {
		dst = append(append(dst, ','), e.Extra...)
	}
	return append(dst, '}', '\n')
}

// lineParser reads events, keeping one copy of each recurring word.
type lineParser struct {
	words map[string]string
}

// word returns b as a string, shared with earlier equal ones. Only short words
// are kept, and a bounded number: keys of a long run are many.
func (p *lineParser) word(b []byte) string {
	if w, ok := p.words[string(b)]; ok {
		return w
	}
	w := string(b)
	if len(w) <= 64 && len(p.words) < 100_000 {
		p.words[w] = w
	}
	return w
}

// fields tells which optional fields a line had.
type fields struct {
	index, time, process, typ, f bool
}

// ParseEvent reads one line. An event without index or time gets -1 there.
func ParseEvent(line []byte) (Event, error) {
	p := lineParser{words: map[string]string{}}
	return p.parse(line)
}

func (p *lineParser) parse(line []byte) (Event, error) {
	var (
		e    = Event{Index: -1, Time: -1}
		seen fields
		s    = scanner{data: line}
	)
	err := s.object(func(field []byte) error { return p.field(&s, &e, &seen, field) })
	if err == nil {
		err = s.end()
	}
	switch {
	case err != nil:
		return e, err
	case !seen.process:
		return e, errors.New(`no "process" field: expected a number or "nemesis"`)
	case !seen.typ:
		return e, errors.New(`no "type" field: expected invoke, ok, fail or info`)
	case !seen.f:
		return e, errors.New(`no "f" field: expected the operation's name`)
	}
	return e, nil
}

func (p *lineParser) field(s *scanner, e *Event, seen *fields, field []byte) error {
	switch string(field) {
	case "index":
		n, err := s.integer("index", &seen.index)
		e.Index = int(n)
		return err
	case "time":
		n, err := s.integer("time", &seen.time)
		e.Time = n
		return err
	case "process":
		return p.process(s, e, seen)
	case "type":
		word, err := s.once("type", &seen.typ)
		if err != nil {
			return err
		}
		var known bool
		if e.Type, known = parseType(word); !known {
			return fmt.Errorf("unknown type %q: expected invoke, ok, fail or info", word)
		}
		return nil
	case "f":
		word, err := s.once("f", &seen.f)
		e.F = p.word(word)
		return err
	case "key":
		return p.key(s, e)
	case "value":
		var err error
		e.Value, err = s.value()
		return err
	case "error":
		v, err := s.value()
		if text, ok := v.Text(); ok {
			e.Error = p.word([]byte(text))
		} else {
			e.Error = v.String()
		}
		return err
	}
	name := appendString(nil, string(field))
	v, err := s.value()
	if e.Extra != "" {
		e.Extra += ","
	}
	e.Extra += string(v.AppendJSON(append(name, ':')))
	return err
}

func (p *lineParser) process(s *scanner, e *Event, seen *fields) error {
	if seen.process {
		return errors.New(`the field "process" stands twice`)
	}
	seen.process = true
	v, err := s.value()
	if err != nil {
		return err
	}
	if n, ok := v.Int(); ok && n >= 0 {
		e.Process = Process(n)
		return nil
	}
	if name, _ := v.Text(); name == "nemesis" {
		e.Process = Nemesis
		return nil
	}
	return fmt.Errorf(`process is %.40s: expected a number from 0 or "nemesis"`, v)
}

// key reads the object's name. A number stands for its decimal text.
func (p *lineParser) key(s *scanner, e *Event) error {
	v, err := s.value()
	if err != nil {
		return err
	}
	switch v.Kind() {
	case String:
		e.Key = p.word([]byte(v.text))
	case Null:
	default:
		e.Key = p.word(v.AppendJSON(nil))
	}
	return nil
}

// once reads a string field that may stand only once in an event.
func (s *scanner) once(name string, seen *bool) ([]byte, error) {
	if *seen {
		return nil, fmt.Errorf("the field %q stands twice", name)
	}
	*seen = true
	return s.string()
}

// integer reads a field that counts from 0 and may stand only once.
func (s *scanner) integer(name string, seen *bool) (int64, error) {
	if *seen {
		return 0, fmt.Errorf("the field %q stands twice", name)
	}
	*seen = true
	v, err := s.value()
	if err != nil {
		return 0, err
	}
	n, ok := v.Int()
	if !ok || n < 0 {
		return 0, fmt.Errorf("%s is %.40s: expected an integer from 0", name, v)
	}
	return n, nil
}
