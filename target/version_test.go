package target_test

import (
	"fmt"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func ExampleParseVersion() {
	fmt.Println(target.ParseVersion("Valkey server v=8.1.1 sha=00000000:0 malloc=libc bits=64 build=1"))
	fmt.Println(target.ParseVersion("GNU bash, version 5"))
	// Output:
	// valkey 8.1.1 true
	//  false
}
