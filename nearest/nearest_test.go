package nearest

import (
	"testing"

	"pgregory.net/rapid"
)

func TestWord(t *testing.T) {
	tests := []struct {
		name, word string
		candidates []string
		want       string
	}{
		{"itself", "b", []string{"a", "b"}, "b"},
		{"first of two as near", "x", []string{"a", "b"}, "a"},
		{"one letter missing", "kil", []string{"pause", "kill"}, "kill"},
		{"one letter too many", "killl", []string{"pause", "kill"}, "kill"},
		{"one letter wrong", "kull", []string{"pause", "kill"}, "kill"},
		{"empty word", "", []string{"abc", "ab"}, "ab"},
		{"empty candidate", "a", []string{"abc", ""}, ""},
		{"one alone", "whatever", []string{"x"}, "x"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Word(test.word, test.candidates); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// The edit distance is a metric, and one edit is at distance one.
func TestEditDistance(t *testing.T) {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("ab-")), 0, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := text.Draw(t, "a"), text.Draw(t, "b"), text.Draw(t, "c")
		ab := editDistance(a, b)
		if (ab == 0) != (a == b) {
			t.Errorf("%q to %q: %d", a, b, ab)
		}
		if back := editDistance(b, a); back != ab {
			t.Errorf("%q to %q: %d there, %d back", a, b, ab, back)
		}
		if around := editDistance(a, c) + editDistance(c, b); around < ab {
			t.Errorf("%q to %q: %d, but %d by way of %q", a, b, ab, around, c)
		}
		if least, most := max(len(a), len(b))-min(len(a), len(b)), max(len(a), len(b)); ab < least || ab > most {
			t.Errorf("%q to %q: %d, want %d to %d", a, b, ab, least, most)
		}
		at := rapid.IntRange(0, len(a)).Draw(t, "at")
		if edited := a[:at] + "x" + a[at:]; editDistance(a, edited) != 1 {
			t.Errorf("%q to %q: want 1", a, edited)
		}
	})
}
