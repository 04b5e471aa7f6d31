package workloads

import (
	"strings"
	"testing"
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
