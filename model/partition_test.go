package model_test

import (
	"testing"

	"github.com/anishathalye/porcupine"

	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// Porcupine judges each key by itself, be it given operations or events.
func TestKeysArePartitioned(t *testing.T) {
	for _, test := range []struct {
		name, first, second string
		legal               bool
	}{
		{"two keys", "x", "y", true},
		{"one key", "x", "x", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := model.Parse("register")
			if err != nil {
				t.Fatal(err)
			}
			h := sketch.MustParse(`
0  |-write 1-|
1                |-read → null-|`)
			h[0].Key, h[1].Key = test.first, test.second
			ops, err := m.Prepare(h)
			if err != nil {
				t.Fatal(err)
			}
			if got := porcupine.CheckOperations(m.Porcupine(), m.Operations(ops)); got != test.legal {
				t.Errorf("of operations: legal %v, want %v", got, test.legal)
			}
			var events []porcupine.Event
			for i := range ops {
				events = append(events,
					porcupine.Event{ClientId: i, Kind: porcupine.CallEvent, Value: &ops[i], Id: i},
					porcupine.Event{ClientId: i, Kind: porcupine.ReturnEvent, Id: i})
			}
			if got := porcupine.CheckEvents(m.Porcupine(), events); got != test.legal {
				t.Errorf("of events: legal %v, want %v", got, test.legal)
			}
		})
	}
}
