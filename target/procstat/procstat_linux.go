package procstat

import (
	"bytes"
	"fmt"
	"os"
	"strings"
)

// StandsStill tells whether every thread of the process is stopped (state T).
// Once all that exist are, none of them can start another.
func StandsStill(pid int) bool {
	tasks := fmt.Sprintf("/proc/%d/task", pid)
	threads, err := os.ReadDir(tasks)
	if err != nil {
		return false
	}
	for _, thread := range threads {
		if fields := statFields(tasks + "/" + thread.Name()); len(fields) == 0 || fields[0] != "T" {
			return false
		}
	}
	return len(threads) > 0
}

// Lives tells whether there is such a process that is not a zombie.
func Lives(pid int) bool {
	fields := statFields(fmt.Sprintf("/proc/%d", pid))
	return len(fields) > 0 && fields[0] != "Z" && fields[0] != "X"
}

// StartTime identifies the process beyond its id, which can be used again: when
// it started, in clock ticks since boot. It is empty if there is no such process.
func StartTime(pid int) string {
	const field = 22 - 3
	if fields := statFields(fmt.Sprintf("/proc/%d", pid)); len(fields) > field {
		return fields[field]
	}
	return ""
}

// statFields returns the fields of a stat file from the third on, the state. The
// second is the program's name in brackets, which may hold anything. See proc(5).
func statFields(folder string) []string {
	text, err := os.ReadFile(folder + "/stat")
	if err != nil {
		return nil
	}
	return strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
}
