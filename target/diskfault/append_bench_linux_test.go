package diskfault_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
)

// BenchmarkAppend is a write of 100 bytes, on a disk of ours and in a plain folder.
func BenchmarkAppend(b *testing.B) {
	folders := map[string]func() string{
		"ours":  func() string { return newLab(b, diskfault.Config{SkipDiskSync: true}).Point() },
		"plain": b.TempDir,
	}
	for name, folder := range folders {
		b.Run(name, func(b *testing.B) {
			file, err := os.OpenFile(filepath.Join(folder(), "a"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
			if err != nil {
				b.Fatal(err)
			}
			defer file.Close()
			data := make([]byte, 100)
			for b.Loop() {
				if _, err := file.Write(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
