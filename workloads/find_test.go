package workloads

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAll(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range All() {
		if w.Name == "" || w.About == "" || seen[w.Name] {
			t.Errorf("%q: no name, nothing about it, or twice", w.Name)
		}
		seen[w.Name] = true
		if found, err := Find(w.Name); err != nil || found.Name != w.Name {
			t.Errorf("find %s: got %q, %v", w.Name, found.Name, err)
		}
		if len(w.Checks(Options{})) == 0 {
			t.Errorf("%s: nothing judges it", w.Name)
		}
	}
}

func TestFindNamesTheNearest(t *testing.T) {
	tests := []struct{ typed, want string }{
		{"regster", "register"}, {"Register", "register"}, {"registers", "register"},
		{"count", "counter"}, {"locks", "lock"}, {"lock_fenced", "lock-fenced"}, {"lock-niave", "lock-naive"},
		{"locknaive", "lock-naive"}, {"queues", "queue"}, {"sets", "set"}, {"inventry", "inventory"},
		{"", "set"},
	}
	for _, test := range tests {
		t.Run(test.typed, func(t *testing.T) {
			_, err := Find(test.typed)
			if err == nil {
				t.Fatal("got no error")
			}
			for _, part := range []string{"did you mean " + test.want + "?", "register, counter, inventory, lock, lock-naive, lock-fenced, queue, set"} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("got %v, want it to say %q", err, part)
				}
			}
		})
	}
}

func TestNearest(t *testing.T) {
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
			if got := Nearest(test.word, test.candidates); got != test.want {
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
