package diskfault

import (
	"fmt"
	"strconv"
	"strings"
)

// fsType and fsSubtype are how mountinfo(5) shows our mounts' type.
const (
	fsSubtype = "jepsen-lite"
	fsType    = "fuse." + fsSubtype
)

// owner is the process that serves a mount. Its text is the mount's source, so
// that others can tell whose it is.
type owner struct {
	pid       int
	started   string // as procstat.StartTime
	namespace string // of process ids, in which pid means something
}

// String returns the text that parseOwner reads: jepsen-lite:PID:START:NAMESPACE.
func (o owner) String() string {
	return fmt.Sprintf("%s:%d:%s:%s", fsSubtype, o.pid, o.started, o.namespace)
}

func parseOwner(text string) (owner, bool) {
	parts := strings.Split(text, ":")
	if len(parts) != 4 || parts[0] != fsSubtype || parts[2] == "" || parts[3] == "" {
		return owner{}, false
	}
	pid, err := strconv.Atoi(parts[1])
	o := owner{pid, parts[2], parts[3]}
	return o, err == nil && pid > 0 && o.String() == text
}
