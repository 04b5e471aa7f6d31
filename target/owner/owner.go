package owner

import (
	"os"
	"strconv"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/target/procstat"
)

// Self returns this process' name: its id, when it started, this boot of the
// machine and the namespace in which the id counts, with colons between. What the
// system does not tell is empty.
func Self() string {
	pid := os.Getpid()
	return strings.Join([]string{strconv.Itoa(pid), procstat.StartTime(pid), boot(), namespace()}, ":")
}

// IsGone tells whether a name is that of a process that has ended. It is false for
// one that lives, for text that is no name, and for a process of a namespace that
// is not ours, whose id says nothing here. A boot that is not this one has ended.
func IsGone(name string) bool {
	parts := strings.Split(name, ":")
	if len(parts) != 4 {
		return false
	}
	pid, err := strconv.Atoi(parts[0])
	if err != nil || pid < 1 {
		return false
	}
	began, booted, space := parts[1], parts[2], parts[3]
	switch {
	case booted != boot():
		return booted != "" && boot() != ""
	case space != namespace():
		return false
	case !procstat.Lives(pid):
		return true
	}
	return began != "" && procstat.StartTime(pid) != began
}

// boot returns what tells one boot of the machine from others. See random(4),
// boot_id. The id is the same in every container.
func boot() string {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// namespace returns the inode of the namespace that our id is of. See
// pid_namespaces(7).
func namespace() string {
	link, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	_, inode, _ := strings.Cut(link, ":")
	return strings.Trim(inode, "[]")
}
