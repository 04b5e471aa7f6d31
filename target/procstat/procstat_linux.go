package procstat

import (
	"bytes"
	"fmt"
	"os"
	"strings"
)

// StartTime identifies the process beyond its id, which can be used again: when
// it started, in clock ticks since boot. It is empty if there is no such process.
func StartTime(pid int) string {
	const field = 22 - 3
	if fields := Fields(fmt.Sprintf("/proc/%d", pid)); len(fields) > field {
		return fields[field]
	}
	return ""
}

// Fields returns the fields of the stat file in a process' or a thread's folder
// from the third on, the state; nil if there is none. The second is the program's
// name in brackets, which may hold anything. See proc(5).
func Fields(folder string) []string {
	text, err := os.ReadFile(folder + "/stat")
	if err != nil {
		return nil
	}
	return strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
}
