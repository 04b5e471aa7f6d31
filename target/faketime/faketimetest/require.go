package faketimetest

import (
	"os"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/faketime"
)

// Require returns the library's path. It skips the test, or fails it, where there is
// none.
func Require(t testing.TB) string {
	t.Helper()
	path, err := faketime.Find()
	switch {
	case err == nil:
	case os.Getenv("JEPSEN_LITE_REQUIRE_FAKETIME") == "1":
		t.Fatal(err)
	default:
		t.Skip(err)
	}
	return path
}
