package history_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
)

func ExampleValue_Each() {
	members := history.List(history.Int(7), history.Str("a,b"), history.List(history.Int(1)))
	for v := range members.Each {
		fmt.Println(v)
	}
	// Output:
	// 7
	// "a,b"
	// [1]
}

// What is no list has no members, and who has seen enough gets no more.
func TestEachStops(t *testing.T) {
	for v := range history.Object("a", history.Int(1)).Each {
		t.Errorf("an object has the member %v", v)
	}
	seen := 0
	for range history.List(history.Int(1), history.Str("x"), history.Int(3)).Each {
		if seen++; seen == 2 {
			break
		}
	}
	if seen != 2 {
		t.Errorf("seen %d members, want 2", seen)
	}
}

// FuzzEach wants the members of a list to be the values that each would be if
// it stood alone.
func FuzzEach(f *testing.F) {
	for _, seed := range []string{`[]`, `[1,-2,0]`, `[-0,1.5,1e5,123456789012345678901,-999999999999999999]`,
		`["a\"]","\\","\u00e9é",""]`, `[[1,[2]],{"a":"}]"},null,true]`, ` [ 1 , "x y" , [ ] ] `, `{"a":[1]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := history.ParseValue(text)
		if err != nil || !list.IsList() {
			return
		}
		var alone []json.RawMessage
		if err := json.Unmarshal(text, &alone); err != nil {
			t.Fatalf("%q is a list to us only: %v", text, err)
		}
		for v := range list.Each {
			if len(alone) == 0 {
				t.Fatalf("%q has no member %v", text, v)
			}
			if want, err := history.ParseValue(alone[0]); err != nil || v != want {
				t.Fatalf("%q: got the member %v, want %v (%v)", text, v, want, err)
			}
			alone = alone[1:]
		}
		if len(alone) > 0 {
			t.Fatalf("%q: the members %s are missing", text, alone)
		}
	})
}

func BenchmarkEach(b *testing.B) {
	var text strings.Builder
	for i := range 1_000_000 {
		fmt.Fprintf(&text, ",%d", i)
	}
	list, err := history.ParseValue([]byte("[" + text.String()[1:] + "]"))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		sum := int64(0)
		for v := range list.Each {
			n, _ := v.Int()
			sum += n
		}
		if sum != 499_999_500_000 {
			b.Fatal(sum)
		}
	}
}
