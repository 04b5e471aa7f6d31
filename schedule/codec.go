package schedule

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/nearest"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// Version is the version of the file format that this package writes, and the
// newest it reads.
const Version = 1

// file is schedule.json.
type file struct {
	Version  int          `json:"version"`
	Workload fileWorkload `json:"workload"`
	Target   fileTarget   `json:"target"`
	Checks   []string     `json:"checks,omitempty"`
	Seed     uint64       `json:"seed,omitempty"`
	Clients  [][]fileOp   `json:"clients"`
	Steps    []string     `json:"steps"`
}

type fileWorkload struct {
	Name  string `json:"name"`
	TTL   string `json:"ttl,omitempty"`
	Hold  string `json:"hold,omitempty"`
	Stock int64  `json:"stock,omitempty"`
}

type fileTarget struct {
	Persistence string `json:"persistence"`
	Replicas    int    `json:"replicas,omitempty"`
}

type fileOp struct {
	F     string          `json:"f"`
	Key   string          `json:"key,omitempty"`
	Value json.RawMessage `json:"value,omitempty"`
}

// Encode returns the schedule as schedule.json: an operation a line, the steps as
// flowing text.
func (s *Schedule) Encode() []byte {
	f := s.file()
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n  \"version\": %d,\n  \"workload\": %s,\n  \"target\": %s,\n", f.Version, inline(f.Workload), inline(f.Target))
	if f.Checks != nil {
		fmt.Fprintf(&out, "  \"checks\": %s,\n", inline(f.Checks))
	}
	if f.Seed != 0 {
		fmt.Fprintf(&out, "  \"seed\": %d,\n", f.Seed)
	}
	out.WriteString("  \"clients\": [")
	for i, ops := range f.Clients {
		comma(&out, i)
		out.WriteString("\n    [")
		for j, op := range ops {
			comma(&out, j)
			fmt.Fprintf(&out, "\n      %s", inline(op))
		}
		out.WriteString("\n    ]")
	}
	out.WriteString("\n  ],\n  \"steps\": [")
	width := 0
	for i, step := range f.Steps {
		comma(&out, i)
		text := inline(step)
		if width += len(text) + 2; i == 0 || width > 74 {
			out.WriteString("\n    ")
			width = len(text) + 2
		} else {
			out.WriteString(" ")
		}
		out.WriteString(text)
	}
	out.WriteString("\n  ]\n}\n")
	return out.Bytes()
}

func comma(out *bytes.Buffer, i int) {
	if i > 0 {
		out.WriteString(",")
	}
}

// inline returns JSON on one line, with spaces where people put them.
func inline(v any) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // strings, numbers, and values that were JSON before
	text := strings.TrimSpace(out.String())
	var spaced strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		spaced.WriteByte(c)
		switch {
		case c == '\\':
			i++
			spaced.WriteByte(text[i])
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ':' || c == ','):
			spaced.WriteByte(' ')
		}
	}
	return spaced.String()
}

func (s *Schedule) file() file {
	f := file{
		Version:  Version,
		Workload: fileWorkload{s.Workload.Name, duration(s.Workload.TTL), duration(s.Workload.Hold), s.Workload.Stock},
		Target:   fileTarget{s.Target.Persistence, s.Target.Replicas},
		Checks:   s.Checks, Seed: s.Seed,
	}
	for _, ops := range s.Clients {
		list := []fileOp{}
		for _, op := range ops {
			o := fileOp{F: op.F, Key: op.Key}
			if !op.Value.IsAbsent() {
				o.Value = op.Value.AppendJSON(nil)
			}
			list = append(list, o)
		}
		f.Clients = append(f.Clients, list)
	}
	for _, step := range s.Steps {
		f.Steps = append(f.Steps, step.String())
	}
	return f
}

func duration(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// Read reads a schedule file. Its errors name the file and the line.
func Read(path string) (*Schedule, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("open schedule: %w", err)
	}
	s, err := Decode(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// Decode reads schedule.json. It refuses fields that it does not know: a word
// mistyped would otherwise be another schedule. Whether the schedule makes sense
// is for [Schedule.Validate] to say.
func Decode(text []byte) (*Schedule, error) {
	var head struct {
		Version *int `json:"version"`
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, errors.New("this is no schedule: it is empty")
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, place(text, err)
	}
	switch {
	case head.Version == nil:
		return nil, fmt.Errorf("this is no schedule: it has no version (expected \"version\": %d)", Version)
	case *head.Version > Version:
		return nil, fmt.Errorf("version %d is from a newer jepsen-lite: this one reads up to %d", *head.Version, Version)
	case *head.Version < 1:
		return nil, fmt.Errorf("version %d: expected 1 to %d", *head.Version, Version)
	}
	var f file
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, place(text, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("line %d: something follows the schedule", line(text, int(d.InputOffset())))
	}
	return f.schedule()
}

func (f file) schedule() (*Schedule, error) {
	s := &Schedule{
		Workload: Workload{f.Workload.Name, workloads.Options{Stock: f.Workload.Stock}},
		Target:   Target{f.Target.Persistence, f.Target.Replicas}, Checks: f.Checks, Seed: f.Seed,
	}
	for _, d := range []struct {
		name, text string
		to         *time.Duration
	}{{"ttl", f.Workload.TTL, &s.Workload.TTL}, {"hold", f.Workload.Hold, &s.Workload.Hold}} {
		if d.text == "" {
			continue
		}
		value, err := time.ParseDuration(d.text)
		if err != nil || value <= 0 {
			return nil, fmt.Errorf("workload, %s %q: expected a time, as in \"300ms\"", d.name, d.text)
		}
		*d.to = value
	}
	for i, ops := range f.Clients {
		list := []Op{}
		for j, op := range ops {
			o, err := op.op()
			if err != nil {
				return nil, fmt.Errorf("client c%d, operation %d: %w", i, j+1, err)
			}
			list = append(list, o)
		}
		s.Clients = append(s.Clients, list)
	}
	for i, text := range f.Steps {
		step, err := ParseStep(text)
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", i+1, err)
		}
		s.Steps = append(s.Steps, step)
	}
	return s, nil
}

func (o fileOp) op() (Op, error) {
	op := Op{F: o.F, Key: o.Key}
	if o.F == "" {
		return op, errors.New("it has no f: expected the name of an operation")
	}
	if o.Value == nil {
		return op, nil
	}
	var err error
	op.Value, err = history.ParseValue(o.Value)
	return op, err
}

// place adds the line to an error of the JSON decoder.
func place(text []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: %s", line(text, int(syntax.Offset)), strings.TrimPrefix(err.Error(), "json: "))
	case errors.As(err, &kind):
		if kind.Field == "" {
			return fmt.Errorf("line %d: this is no schedule: expected an object, found JSON of the kind %s", line(text, int(kind.Offset)), kind.Value)
		}
		return fmt.Errorf("line %d: %s cannot be of the kind %s", line(text, int(kind.Offset)), kind.Field, kind.Value)
	}
	if _, name, ok := strings.Cut(err.Error(), "unknown field "); ok {
		at := bytes.Index(text, []byte(name))
		fields := []string{"version", "workload", "target", "checks", "seed", "clients", "steps", "name", "ttl", "hold", "stock", "persistence", "replicas", "f", "key", "value"}
		return fmt.Errorf("line %d: unknown field %s: did you mean %q?", line(text, at), name, nearest.Word(strings.Trim(name, `"`), fields))
	}
	return err
}

// line returns the number of the line that the offset is in.
func line(text []byte, offset int) int {
	return 1 + bytes.Count(text[:min(max(offset, 0), len(text))], []byte("\n"))
}

// Equal reports whether two schedules are the same.
func (s *Schedule) Equal(t *Schedule) bool { return slices.Equal(s.Encode(), t.Encode()) }
