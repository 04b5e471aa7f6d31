package history

import (
	"testing"

	"pgregory.net/rapid"
)

// What is read in place is what the scanner reads.
func TestPairAndFieldReadWhatElementsDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(
			rapid.Map(rapid.Int64(), Int),
			rapid.Map(rapid.Int64Range(-20, 20), Int),
			rapid.Map(rapid.StringN(0, 6, -1), Str),
			rapid.Map(rapid.SampledFrom([]string{`"a\"b"`, `-0`, `1.5`, `1e3`, `null`, `true`, `[1,2]`, `{"a":1}`, `"]"`, `12345678901234567890`}),
				func(text string) Value {
					v, err := ParseValue([]byte(text))
					if err != nil {
						t.Fatal(err)
					}
					return v
				}),
		)
		list := List(rapid.SliceOfN(value, 0, 3).Draw(t, "list")...)
		members, _ := list.Elements()
		a, b, ok := list.Pair()
		if ok != (len(members) == 2) || ok && (a != members[0] || b != members[1]) {
			t.Fatalf("Pair of %v: %v, %v, %v", list, a, b, ok)
		}
		v := value.Draw(t, "field")
		name := rapid.SampledFrom([]string{"saw", "x", ""}).Draw(t, "name")
		if got, ok := Object(name, v).Field(name); !ok || got != v {
			t.Fatalf("field of %v: %v, %v; want %v", Object(name, v), got, ok, v)
		}
		if _, ok := Object(name+"z", v).Field(name); ok {
			t.Fatalf("%v has a field %q", Object(name+"z", v), name)
		}
	})
}
