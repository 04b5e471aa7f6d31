package nearest_test

import (
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/nearest"
)

func ExampleWord() {
	fmt.Println(nearest.Word("resister", []string{"register", "counter", "set"}))
	// Output: register
}
