package diskfault_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault/diskfaulttest"
)

// patience bounds every wait of a test; none should come near it.
const patience = 30 * time.Second

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		beChild()
		return
	}
	goleak.VerifyTestMain(m)
}

// lab is a disk with its backing folder.
type lab struct {
	*diskfault.Disk
	backing string
}

func newLab(t testing.TB, config diskfault.Config) lab {
	t.Helper()
	config.Backing = t.TempDir()
	return lab{diskfaulttest.Mount(t, config), config.Backing}
}

func (l lab) path(name string) string { return filepath.Join(l.Point(), name) }

// open opens a file on the disk until the test ends.
func (l lab) open(t testing.TB, name string, flags int) *os.File {
	t.Helper()
	file, err := os.OpenFile(l.path(name), flags, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// write adds the text to a file.
func (l lab) write(t testing.TB, file *os.File, text string) {
	t.Helper()
	if _, err := file.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

// sync makes a file or the folder of that name durable.
func (l lab) sync(t testing.TB, name string) {
	t.Helper()
	if err := l.open(t, name, os.O_RDONLY).Sync(); err != nil {
		t.Fatal(err)
	}
}

// keep makes a durable file.
func (l lab) keep(t testing.TB, name, text string) {
	t.Helper()
	l.write(t, l.open(t, name, os.O_CREATE|os.O_WRONLY), text)
	l.sync(t, name)
	l.sync(t, filepath.Dir(name))
}

// losePower cuts the power.
func (l lab) losePower(t testing.TB, survival diskfault.Survival, seed uint64) diskfault.Loss {
	t.Helper()
	loss, err := l.PowerLoss(rand.New(rand.NewPCG(seed, 0)), survival)
	if err != nil {
		t.Fatal(err)
	}
	return loss
}

// must checks that the mount point and the backing folder hold just these files.
func (l lab) must(t testing.TB, want map[string]string) {
	t.Helper()
	for _, folder := range []string{l.Point(), l.backing} {
		got := tree(t, folder)
		for name, text := range got {
			if text == folderText {
				delete(got, name)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: got %q, want %q", folder, got, want)
		}
		for name, text := range want {
			if got[name] != text {
				t.Errorf("%s: %s is %q, want %q", folder, name, got[name], text)
			}
		}
	}
}

// folderText stands for a folder in a tree.
const folderText = "<folder>"

// tree returns what each file below the folder holds.
func tree(t testing.TB, folder string) map[string]string {
	t.Helper()
	return mustTree(t, folder)
}

func readTree(folder string) (map[string]string, error) {
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		name, _ := filepath.Rel(folder, path)
		if d.IsDir() {
			all[name] = folderText
			return nil
		}
		text, err := os.ReadFile(path)
		all[name] = string(text)
		return err
	})
	return all, err
}
