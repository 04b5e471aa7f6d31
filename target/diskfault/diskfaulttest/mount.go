package diskfaulttest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
)

// Require skips the test, or fails it, unless a disk can be mounted.
func Require(t testing.TB) {
	t.Helper()
	err := diskfault.Available()
	switch {
	case err == nil:
	case os.Getenv("JEPSEN_LITE_REQUIRE_FUSE") == "1":
		t.Fatal(err)
	default:
		t.Skip(err)
	}
}

// Mount returns a disk that is unmounted after the test. Folders that the
// configuration does not name are made.
func Mount(t testing.TB, config diskfault.Config) *diskfault.Disk {
	t.Helper()
	Require(t)
	dir := t.TempDir()
	for folder, path := range map[string]*string{"backing": &config.Backing, "mount": &config.Point} {
		if *path == "" {
			*path = filepath.Join(dir, folder)
			if err := os.Mkdir(*path, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	disk, err := diskfault.Mount(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := disk.Unmount(); err != nil {
			t.Error(err)
		}
	})
	return disk
}
