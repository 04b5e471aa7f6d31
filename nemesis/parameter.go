package nemesis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/nearest"
)

// Parameter is something that a plan may say about a fault.
type Parameter struct {
	Name  string
	About string
	// Default is its value where the plan says nothing; empty: it must say
	// something.
	Default string
	// Trial is its value in [Try]; empty: its default.
	Trial string
	// Type is what it is: a duration, a place, …
	Type Type
}

// Type is a set of texts.
type Type struct {
	// Name is what one of them is called: "a size, as 10mb".
	Name string
	// read returns what it expects where a text is none of them; empty: it is one.
	read func(text string) (wrong string)
}

// oneOf is some words.
func oneOf(words ...string) Type {
	list := strings.Join(words, ", ")
	return Type{Name: "one of " + list, read: func(text string) string {
		if slices.Contains(words, text) {
			return ""
		}
		return fmt.Sprintf("expects %s (did you mean %s?)", list, nearest.Word(text, words))
	}}
}

// anyText is whatever there is.
func anyText(name string) Type { return Type{Name: name, read: func(string) string { return "" }} }

// reads makes a type of a function that reads a value.
func reads[T any](name string, read func(string) (T, error)) Type {
	return Type{Name: name, read: func(text string) string {
		if _, err := read(text); err != nil {
			return "expects " + name
		}
		return ""
	}}
}

// or is the type, or a word besides.
func (t Type) or(word string) Type {
	return Type{Name: t.Name + ", or " + word, read: func(text string) string {
		if text == word {
			return ""
		}
		return t.read(text)
	}}
}

// Args are the values of a fault's parameters.
type Args struct {
	kind   Kind
	values map[string]string // given
}

func newArgs(kind Kind) Args { return Args{kind, map[string]string{}} }

// ReadArgs gives arguments to the parameters of a kind: by name, and those without
// one to the first parameter that has none yet and whose type the value is of.
func (k Kind) ReadArgs(given []Argument) (Args, error) {
	args := newArgs(k)
	for _, a := range given {
		if err := args.take(a); err != nil {
			return args, err
		}
	}
	return args, args.missing()
}

// text returns the parameter's value.
func (a Args) text(name string) string {
	if value, ok := a.values[name]; ok {
		return value
	}
	for _, p := range a.kind.Parameters {
		if p.Name == name {
			return p.Default
		}
	}
	panic("nemesis: " + a.kind.Name + " has no parameter " + name)
}

// take gives an argument to a parameter.
func (a Args) take(given Argument) error {
	if len(a.kind.Parameters) == 0 {
		return fmt.Errorf("%s takes no arguments", a.kind.Name)
	}
	if given.Name != "" {
		return a.takeNamed(given)
	}
	var wrong []string
	for _, p := range a.kind.Parameters {
		if _, taken := a.values[p.Name]; taken {
			continue
		}
		reason := p.Type.read(given.Value)
		if reason == "" {
			a.values[p.Name] = given.Value
			return nil
		}
		wrong = append(wrong, p.Name+" "+reason)
	}
	if wrong == nil {
		return fmt.Errorf("%q is one argument too many: it takes %s", given.Value, a.kind.Signature())
	}
	return fmt.Errorf("%q does not fit %s: %s", given.Value, a.kind.Name, strings.Join(wrong, "; "))
}

func (a Args) takeNamed(given Argument) error {
	var names []string
	for _, p := range a.kind.Parameters {
		names = append(names, p.Name)
		if p.Name != given.Name {
			continue
		}
		if _, taken := a.values[p.Name]; taken {
			return fmt.Errorf("%s is given twice", p.Name)
		}
		if wrong := p.Type.read(given.Value); wrong != "" {
			return fmt.Errorf("%s %s, but found %q", p.Name, wrong, given.Value)
		}
		a.values[p.Name] = given.Value
		return nil
	}
	return fmt.Errorf("%s has no argument %q: did you mean %s? (it takes %s)", a.kind.Name, given.Name, nearest.Word(given.Name, names), a.kind.Signature())
}

// missing returns which parameter the plan had to say something about.
func (a Args) missing() error {
	for _, p := range a.kind.Parameters {
		if _, given := a.values[p.Name]; !given && p.Default == "" {
			return fmt.Errorf("%s needs %s, %s: it takes %s", a.kind.Name, p.Name, p.Type.Name, a.kind.Signature())
		}
	}
	return nil
}

// expected says what the next argument may be.
func (a Args) expected() string {
	for _, p := range a.kind.Parameters {
		if _, taken := a.values[p.Name]; !taken {
			return fmt.Sprintf("%s, %s", p.Name, p.Type.Name)
		}
	}
	return ")"
}
