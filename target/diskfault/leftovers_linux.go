package diskfault

import (
	"errors"
	"fmt"
	"os"

	"github.com/jepsen-lite/jepsen-lite/target/procstat"
)

// self returns this process as an owner.
func self() (owner, error) {
	namespace, err := os.Readlink("/proc/self/ns/pid") // pid:[4026531836]
	o := owner{os.Getpid(), procstat.StartTime(os.Getpid()), trimNamespace(namespace)}
	if err == nil && (o.started == "" || o.namespace == "") {
		err = errors.New("/proc does not tell when this process started")
	}
	return o, err
}

// trimNamespace leaves the number of pid:[4026531836].
func trimNamespace(link string) string {
	var digits []byte
	for _, b := range []byte(link) {
		if '0' <= b && b <= '9' {
			digits = append(digits, b)
		}
	}
	return string(digits)
}

// Leftovers returns the mounts of ours, in this mount namespace, whose owner has
// ended, the newest first. It leaves out those of process namespaces other than
// ours: whether their owners live cannot be seen from here.
func Leftovers() ([]Leftover, error) {
	me, err := self()
	if err != nil {
		return nil, fmt.Errorf("look for leftover mounts: %w", err)
	}
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
		o, ours := parseOwner(entries[i].source)
		if !ours || entries[i].fsType != fsType || o.namespace != me.namespace {
			continue
		}
		if !o.alive() {
			left = append(left, Leftover{entries[i].point, o.pid})
		}
	}
	return left, nil
}

// alive tells whether the process still holds its files: a zombie does not.
func (o owner) alive() bool {
	fields := procstat.Fields(fmt.Sprintf("/proc/%d", o.pid))
	return procstat.StartTime(o.pid) == o.started && len(fields) > 0 && fields[0] != "Z" && fields[0] != "X"
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
