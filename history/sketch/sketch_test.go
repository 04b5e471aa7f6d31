package sketch_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history/sketch"
)

func ExampleParse() {
	ops, err := sketch.Parse(`
0 r1 |-write 1-|
1 r1      |-read → 1-|
2 r1          |-write 2--?
3 r1              |-cas [5,6]-x
`)
	if err != nil {
		fmt.Println(err)
	}
	for _, op := range ops {
		fmt.Println(op.Process, op.Key, op.F, op.Input, op.Outcome, op.Output, op.Call, op.Invoked, op.Completed)
	}
	// Output:
	// 0 r1 write 1 ok null 5 0 3
	// 1 r1 read null ok 1 10 1 5
	// 2 r1 write 2 info null 14 2 -1
	// 3 r1 cas [5,6] fail null 18 4 6
}

func TestParseRefuses(t *testing.T) {
	for _, test := range []struct{ drawing, want string }{
		{"0 write 1", "expected an interval"},
		{"|-write 1-|", "expected the process"},
		{"x |-write 1-|", "expected the process' number"},
		{"0 |-write 1-", "expected |, ? or x"},
		{"0 |--|", "expected an operation"},
		{"0 |-write {-|", "the line ends inside"},
	} {
		if _, err := sketch.Parse(test.drawing); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: got %v, want %q", test.drawing, err, test.want)
		}
	}
}
