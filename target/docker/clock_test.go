package docker

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/docker/dockertest"
	"github.com/jepsen-lite/jepsen-lite/target/faketime/faketimetest"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

func TestTheClockOfAContainer(t *testing.T) {
	library, image := faketimetest.Require(t), dockertest.Require(t, Available)
	if err := TakesFaketime(targettest.Context(t), image, library); err != nil {
		t.Skip(err)
	}
	_, n := started(t, Config{Faketime: library})
	targettest.Clock(t, n)
}

// A loader that cannot use the library says so and goes on: the clock would be set
// without effect.
func TestAnImageThatDoesNotTakeFaketimeIsRefused(t *testing.T) {
	image := dockertest.Require(t, Available)
	library := filepath.Join(t.TempDir(), "lib.so")
	if err := os.WriteFile(library, []byte("no library"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := TakesFaketime(targettest.Context(t), image, library)
	if err == nil || !strings.Contains(err.Error(), "does not take this machine's libfaketime") || !strings.Contains(err.Error(), "--target process") {
		t.Errorf("got %v", err)
	}
	if left := containersIn(t, library); len(left) > 0 {
		t.Errorf("containers are left: %v", left)
	}
}

func TestTellsTrialYear(t *testing.T) {
	for _, test := range []struct{ name, printed, want string }{
		{"set", "1:C 15 Jun 2001 12:00:00.000 # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n", ""},
		{"set after a warning", "WARNING: something\n1:C 15 Jun 2001 12:00:00.000 * Valkey is starting\n", ""},
		{"left out", "ERROR: ld.so: object '/jepsen-lite/libfaketime.so' from LD_PRELOAD cannot be preloaded (wrong ELF class): ignored.\n1:C 21 Nov 2026 19:00:00.000 # Redis is starting\n", "cannot be preloaded"},
		{"musl", "Error loading shared library libc.so.6: No such file or directory (needed by /jepsen-lite/libfaketime.so)\n", "Error loading shared library"},
		{"silent", "\n", "nothing"},
		{"the year elsewhere", "1:C 21 Nov 2026 19:00:00.000 # 15 Jun 2001 \n", "2026"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := tellsTrialYear(test.printed)
			if (err != nil) != (test.want != "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
