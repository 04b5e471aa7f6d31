package history

import (
	"fmt"
	"strconv"
	"strings"
)

// AppendEvent appends the event as one line of JSON, newline included.
func AppendEvent(dst []byte, e *Event) []byte {
	dst = append(dst, `{"index":`...)
	dst = strconv.AppendInt(dst, int64(e.Index), 10)
	dst = append(dst, `,"time":`...)
	dst = strconv.AppendInt(dst, e.Time, 10)
	dst = append(dst, `,"process":`...)
	switch e.Process {
	case Nemesis:
		dst = append(dst, `"nemesis"`...)
	case Nobody:
		dst = append(dst, `null`...)
	default:
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

// fields tells which fields an event had.
type fields struct {
	index, time, process, typ, f, key, value, error bool
}

// missing returns an error if a field is missing that must not be.
func (f *fields) missing(process, typ, name string) error {
	switch {
	case !f.process:
		return fmt.Errorf(`no %s field: expected a number or "nemesis"`, process)
	case !f.typ:
		return fmt.Errorf(`no %s field: expected invoke, ok, fail or info`, typ)
	case !f.f:
		return fmt.Errorf(`no %s field: expected the operation's name`, name)
	}
	return nil
}

// once notes that a field was seen, and refuses its second sight.
func once(name string, seen *bool) error {
	if *seen {
		return fmt.Errorf("the field %q stands twice", name)
	}
	*seen = true
	return nil
}

// lineParser reads events that are JSON objects.
type lineParser struct {
	words   words
	foreign bool // read it as the JSON of others
	scanner scanner
}

// ParseEvent reads one line. An event without index or time gets -1 there.
func ParseEvent(line []byte) (Event, error) {
	var (
		p = lineParser{words: words{}}
		e foreignEvent
	)
	err := p.parse(line, &e)
	return e.Event, err
}

// parse sets e to the event that the line is.
func (p *lineParser) parse(line []byte, e *foreignEvent) error {
	var seen fields
	*e = foreignEvent{Event: Event{Index: -1, Time: -1}}
	p.scanner = scanner{data: line}
	s := &p.scanner
	err := s.object(func(field []byte) error { return p.field(s, e, &seen, field) })
	if err == nil {
		err = s.end()
	}
	if err != nil {
		return err
	}
	if p.foreign {
		e.nameTransaction(&seen)
	}
	return seen.missing(`"process"`, `"type"`, `"f"`)
}

func (p *lineParser) field(s *scanner, e *foreignEvent, seen *fields, field []byte) (err error) {
	switch string(field) {
	case "index":
		n, err := p.integer("index", &seen.index)
		e.Index = int(n)
		return err
	case "time":
		e.Time, err = p.integer("time", &seen.time)
		return err
	case "process":
		return p.process(e, seen)
	case "type":
		if err := once("type", &seen.typ); err != nil {
			return err
		}
		word, err := s.string()
		if err != nil {
			return err
		}
		var known bool
		if e.Type, known = parseType(word); !known {
			return fmt.Errorf("unknown type %q: expected invoke, ok, fail or info", word)
		}
		return nil
	case "f":
		if err := once("f", &seen.f); err != nil {
			return err
		}
		word, err := s.string()
		e.F = p.words.of(word)
		return err
	case "key":
		if err := once("key", &seen.key); err != nil {
			return err
		}
		return p.key(e)
	case "value":
		if err := once("value", &seen.value); err != nil {
			return err
		}
		e.Value, err = p.value()
		return err
	}
	return p.other(e, seen, string(field))
}

// other reads the error, and the fields that only are kept.
func (p *lineParser) other(e *foreignEvent, seen *fields, name string) error {
	v, err := p.scanner.value()
	if err != nil {
		return err
	}
	if name == "error" {
		if text, ok := v.Text(); ok {
			e.Error = p.words.of([]byte(text))
		} else if e.Error = v.String(); p.foreign {
			e.Error = errorText(v)
		}
		return once("error", &seen.error)
	}
	if e.Extra != "" {
		e.Extra += ","
	}
	e.Extra += string(v.AppendJSON(append(appendString(nil, name), ':')))
	return nil
}

func (p *lineParser) process(e *foreignEvent, seen *fields) error {
	if err := once("process", &seen.process); err != nil {
		return err
	}
	v, err := p.scanner.value()
	if err != nil {
		return err
	}
	if p.foreign {
		e.Process, err = foreignProcess(v)
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
func (p *lineParser) key(e *foreignEvent) error {
	if p.scanner.peek() == '"' {
		text, err := p.scanner.string()
		if e.Key = p.words.of(text); p.foreign {
			e.key = Str(e.Key)
		}
		return err
	}
	v, err := p.value()
	switch {
	case err != nil || v.IsNull():
		return err
	case p.foreign:
		e.key = v
	default:
		e.Key = p.words.of(v.AppendJSON(nil))
	}
	return nil
}

// value reads a value; one of others with its fields in order, because theirs
// have none and ours compare as text.
func (p *lineParser) value() (Value, error) {
	v, err := p.scanner.value()
	if err != nil || !p.foreign || v.kind != Raw || strings.IndexByte(v.text, '{') < 0 {
		return v, err
	}
	return canonical(v)
}

// integer reads a field that counts from 0 and may stand only once.
func (p *lineParser) integer(name string, seen *bool) (int64, error) {
	if err := once(name, seen); err != nil {
		return 0, err
	}
	v, err := p.scanner.value()
	if err != nil {
		return 0, err
	}
	if p.foreign {
		return foreignInteger(name, v)
	}
	n, ok := v.Int()
	if !ok || n < 0 {
		return 0, fmt.Errorf("%s is %.40s: expected an integer from 0", name, v)
	}
	return n, nil
}
