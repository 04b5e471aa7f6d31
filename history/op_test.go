package history_test

import (
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
)

func TestFind(t *testing.T) {
	ops := []history.Op{{Invoked: 0}, {Invoked: 3}, {Invoked: 4}}
	for _, test := range []struct {
		invoked, at int
		found       bool
	}{{0, 0, true}, {1, 1, false}, {3, 1, true}, {4, 2, true}, {9, 3, false}} {
		if at, found := history.Find(ops, test.invoked); at != test.at || found != test.found {
			t.Errorf("%d: got %d, %v", test.invoked, at, found)
		}
	}
}
