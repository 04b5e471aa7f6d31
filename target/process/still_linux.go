package process

import (
	"fmt"
	"os"

	"github.com/jepsen-lite/jepsen-lite/target/procstat"
)

// standsStill tells whether every thread of the process is stopped (state T).
// Once all that exist are, none of them can start another.
func standsStill(pid int) bool {
	tasks := fmt.Sprintf("/proc/%d/task", pid)
	threads, err := os.ReadDir(tasks)
	if err != nil {
		return false
	}
	for _, thread := range threads {
		if fields := procstat.Fields(tasks + "/" + thread.Name()); len(fields) == 0 || fields[0] != "T" {
			return false
		}
	}
	return len(threads) > 0
}
