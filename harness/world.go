package harness

import (
	"context"
	"fmt"
	"os"

	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/target/process"
)

// Backends of schedules.
const (
	simTarget     = "sim"
	processTarget = "process"
)

// stage is where schedules are performed: a backend, and what belongs to it.
type stage struct {
	backend string
	// redis says what the servers are.
	redis  string
	binary string
	// folder is for the servers' files; empty where there are none.
	folder    string
	temporary bool
}

// openStage finds out whether a backend works here. "auto" is sim: a schedule
// needs no server.
func openStage(backend, binary string) (*stage, error) {
	switch backend {
	case simTarget, "auto", "":
		return &stage{backend: simTarget, redis: "a simulated redis 7.0"}, nil
	case processTarget:
		server, err := process.Find(binary)
		if err != nil {
			return nil, fmt.Errorf("%w; or use --target sim, which needs no server", err)
		}
		version, err := process.Version(context.Background(), server)
		if err != nil {
			return nil, err
		}
		folder, err := os.MkdirTemp("", "jepsen-lite-")
		if err != nil {
			return nil, fmt.Errorf("make a folder for servers: %w", err)
		}
		return &stage{processTarget, version, server, folder, true}, nil
	}
	return nil, &UsageError{fmt.Errorf("unknown target %q: expected sim, process or auto", backend)}
}

// world makes a world on the stage.
func (s *stage) world() (schedule.World, error) {
	if s.backend == simTarget {
		return schedule.Simulated(), nil
	}
	folder, err := os.MkdirTemp(s.folder, "world-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for servers: %w", err)
	}
	return schedule.Process(s.binary, folder), nil
}

// close removes the servers' files.
func (s *stage) close() {
	if s.temporary {
		_ = os.RemoveAll(s.folder)
	}
}
