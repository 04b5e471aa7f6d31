package scratch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/jepsen-lite/jepsen-lite/target/owner"
)

// Memory is where Linux has a file system in memory.
const Memory = "/dev/shm"

// prefix is what the names of our folders begin with. The owner follows, as package
// owner names it, and what os.MkdirTemp adds.
const prefix = "jepsen-lite-"

// A colon has a meaning in lists of paths.
func written(name string) string { return strings.ReplaceAll(name, ":", "_") }
func read(name string) string    { return strings.ReplaceAll(name, "_", ":") }

// Make makes a folder in the first of the parents that takes one. An empty one is
// the system's folder for temporary files.
func Make(parents ...string) (dir string, err error) {
	for _, parent := range parents {
		if dir, err = os.MkdirTemp(parent, prefix+written(owner.Self())+"-"); err == nil {
			return dir, nil
		}
	}
	return "", fmt.Errorf("make a folder for servers: %w", err)
}

// Leftovers returns the folders of ours, in memory and where temporary files are,
// whose owner has ended.
func Leftovers() (dirs []string) {
	for _, parent := range slices.Compact([]string{Memory, filepath.Clean(os.TempDir())}) {
		entries, _ := os.ReadDir(parent) // a parent that is not there has nothing
		for _, e := range entries {
			if info, err := e.Info(); err == nil && e.IsDir() && isOurs(info) && isLeft(e.Name()) {
				dirs = append(dirs, filepath.Join(parent, e.Name()))
			}
		}
	}
	return dirs
}

// isOurs keeps us from what another user has made under such a name.
func isOurs(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

func isLeft(name string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	end := strings.LastIndex(rest, "-")
	return ok && end >= 0 && owner.IsGone(read(rest[:end]))
}

// Clean removes the leftovers, and returns those that it removed. What is mounted in
// them must have been unmounted.
func Clean() (removed []string, err error) {
	for _, dir := range Leftovers() {
		if removeErr := os.RemoveAll(dir); removeErr != nil {
			err = errors.Join(err, fmt.Errorf("remove leftover folder: %w", removeErr))
			continue
		}
		removed = append(removed, dir)
	}
	return removed, err
}
