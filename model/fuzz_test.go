package model_test

import (
	"fmt"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// FuzzParse wants that whatever is read is read again from the name it got.
func FuzzParse(f *testing.F) {
	for _, name := range modeltest.Names() {
		f.Add(name)
	}
	for _, text := range []string{"", "(", "set()", "lease(1h", "register({})", "bounded-counter(-1)", "lease(-1s)"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := model.Parse(text)
		if err != nil {
			return
		}
		again, err := model.Parse(m.Name())
		if err != nil || again.Name() != m.Name() {
			t.Errorf("%q became %q, which became %q, %v", text, m.Name(), again.Name(), err)
		}
	})
}

func ExampleParse() {
	m, err := model.Parse("bounded-counter(100)")
	fmt.Println(m.Name(), err)
	_, err = model.Parse("lease")
	fmt.Println(err)
	// Output:
	// bounded-counter(100) <nil>
	// model "lease": time to live "": expected a duration, as in lease(300ms)
}
