package docker

import (
	"os"

	tclog "github.com/testcontainers/testcontainers-go/log"
)

// reaperVariable is testcontainers' switch for Ryuk, a container of its own that
// removes the containers of processes that end.
const reaperVariable = "TESTCONTAINERS_RYUK_DISABLED"

// TakeOver settles how testcontainers behaves in a program that uses it for nothing
// but this package: it writes nothing to standard error, and runs no container of
// its own unless the environment asks for it. Call it before anything else here.
//
// Why: what Ryuk removes, we remove; and its image would have to be pulled first.
func TakeOver() {
	tclog.SetDefault(tclog.NewNoopLogger())
	if os.Getenv(reaperVariable) == "" {
		_ = os.Setenv(reaperVariable, "true")
	}
}
