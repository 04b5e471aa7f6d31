package faketime

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// variable is the environment variable that names the library.
const variable = "JEPSEN_LITE_FAKETIME"

// ErrNone says that this machine has no libfaketime where we look.
var ErrNone = errors.New("no libfaketime found, which sets the clocks of servers: install it (Debian: apt-get install libfaketime), or name libfaketimeMT.so.1 by " + variable)

// Find returns the path of libfaketime: what JEPSEN_LITE_FAKETIME names, else where
// Linux distributions have it, else [ErrNone].
func Find() (path string, err error) {
	if named := os.Getenv(variable); named != "" {
		if _, err := os.Stat(named); err != nil {
			return "", fmt.Errorf("libfaketime, named by %s: %w", variable, err)
		}
		return filepath.Abs(named)
	}
	for _, pattern := range []string{"/usr/lib/*/faketime/", "/usr/lib/faketime/", "/usr/lib64/faketime/", "/usr/local/lib/faketime/"} {
		if found, _ := filepath.Glob(pattern + "libfaketimeMT.so.1"); len(found) > 0 {
			return found[0], nil
		}
	}
	return "", ErrNone
}
