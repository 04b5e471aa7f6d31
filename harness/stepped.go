package harness

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/schedule"
)

// Files of a run that followed a schedule.
const (
	ScheduleFile = "schedule.json"
	pictureFile  = "schedule.txt"
)

// pictureWidth is how wide pictures are that are kept.
const pictureWidth = 80

// saveStepped makes the run folder of an execution, and judges it there.
func saveStepped(store string, s *schedule.Schedule, e *schedule.Execution, on *stage) (*Results, error) {
	started := time.Now()
	c := Defaults()
	c.Workload, c.Target, c.Persistence, c.Seed, c.Store = s.Workload.Name, on.backend, s.Target.Persistence, s.Seed, store
	c.TTL, c.Hold, c.Stock = s.Workload.TTL, s.Workload.Hold, s.Workload.Stock
	c.Concurrency, c.Nemesis, c.RedisServer = len(s.Clients), nil, on.binary
	folder, err := makeFolder(c, started)
	if err != nil {
		return nil, err
	}
	checks := s.Checks
	if checks == nil {
		w, err := FindWorkload(s.Workload.Name)
		if err != nil {
			return nil, err
		}
		checks = w.Checks(s.Workload.Options)
	}
	info := Info{
		Version: formatVersion, Config: c, Checks: checks, Stepped: true, Started: started.UTC(), Ended: time.Now().UTC(),
		Command: fmt.Sprintf("jepsen-lite replay %s --target %s", quote(filepath.Join(folder, ScheduleFile)), on.backend),
		Target:  on.backend, Redis: on.redis, Tool: ToolVersion, Go: runtime.Version(),
	}
	if err := writeJSON(filepath.Join(folder, InfoFile), info); err != nil {
		return nil, err
	}
	var events []byte
	for i := range e.Events {
		events = history.AppendEvent(events, &e.Events[i])
	}
	for _, file := range []struct {
		name string
		text []byte
	}{{ScheduleFile, s.Encode()}, {HistoryFile, events}, {pictureFile, []byte(e.Picture(s, pictureWidth))}} {
		if err := writeFile(filepath.Join(folder, file.name), file.text); err != nil {
			return nil, err
		}
	}
	on.left.log(folder)
	return Judge(context.Background(), folder, JudgeOptions{})
}
