package diskfault

import (
	"errors"
	"fmt"
	"os"

	"github.com/jepsen-lite/jepsen-lite/target/owner"
)

// Leftovers returns the mounts of ours, in this mount namespace, whose owner has
// ended, the newest first. It leaves out those of process namespaces other than
// ours: whether their owners live cannot be seen from here.
func Leftovers() ([]Leftover, error) {
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, fmt.Errorf("look for leftover mounts: %w", err)
	}
	entries, err := parseMountinfo(string(text))
	if err != nil {
		return nil, fmt.Errorf("look for leftover mounts: %w", err)
	}
	var left []Leftover
	for i := len(entries) - 1; i >= 0; i-- {
		name, ours := ownerOf(entries[i].source)
		if ours && entries[i].fsType == fsType && owner.IsGone(name) {
			left = append(left, Leftover{entries[i].point, name})
		}
	}
	return left, nil
}

// Clean removes the Leftovers and returns those that it removed. It touches no
// other mount.
func Clean() ([]Leftover, error) {
	left, err := Leftovers()
	if err != nil {
		return nil, err
	}
	var removed []Leftover
	var errs []error
	for _, l := range left {
		if err := detach(l.Point); err != nil {
			errs = append(errs, fmt.Errorf("remove leftover mount %s: %w", l.Point, err))
			continue
		}
		removed = append(removed, l)
	}
	return removed, errors.Join(errs...)
}
