package harness

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/schedule"
	"github.com/jepsen-lite/jepsen-lite/target/docker"
	"github.com/jepsen-lite/jepsen-lite/target/external"
	"github.com/jepsen-lite/jepsen-lite/target/faketime"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

// Backends.
const (
	autoTarget    = "auto"
	simTarget     = "sim"
	processTarget = "process"
	dockerTarget  = "docker"
	// externalTarget is what a run folder calls a URL.
	externalTarget = "external"
)

// simulatedRedis says what the servers of sim are.
const simulatedRedis = "a simulated redis 7.0"

// stage is where runs and schedules are performed: a backend that works here, and
// what belongs to it.
type stage struct {
	backend string
	// redis says what the servers are.
	redis string
	// binary is the server's program: a path, or for docker a name in the image.
	binary string
	// image is that of docker's containers, where faults are tried; empty: the
	// default one.
	image string
	// noClocks is why the servers' clocks cannot be set although this machine has
	// what it takes; nil also where nobody has tried.
	noClocks error
	// note is what a reader of a run's verdict should know about it; empty: nothing.
	note string
	// folder is for the servers' files of schedules; empty where there are none.
	folder    string
	temporary bool
	// left is what was removed before schedules are performed.
	left swept
	// external are servers that run already, and topology and shown what their URL
	// says; nil: they are ours.
	external        *external.Target
	topology, shown string
}

// openStage finds out whether a backend works here for schedules. "auto" is sim:
// a schedule needs no server. Where servers are started, what killed runs left
// behind is removed first.
func openStage(ctx context.Context, backend, binary string) (*stage, error) {
	switch backend {
	case simTarget, autoTarget, "":
		return &stage{backend: simTarget, redis: simulatedRedis}, nil
	case processTarget:
		s, err := processStage(binary)
		if err != nil {
			return nil, fmt.Errorf("%w; or use --target sim, which needs no server", err)
		}
		s.left = sweep(ctx)
		if s.folder, err = schedule.Scratch(); err != nil {
			return nil, err
		}
		s.temporary = true
		return s, nil
	}
	return nil, &UsageError{fmt.Errorf("unknown target %q: expected sim, process or auto", backend)}
}

// openLiveStage finds out whether the config's backend works here for a run, and
// whether its faults do there. "auto" is process where there is a server, and else
// sim. What is impossible is refused before an image is pulled.
func openLiveStage(ctx context.Context, c Config) (*stage, error) {
	if c.isExternal() {
		return externalStage(ctx, c)
	}
	s, err := findStage(c)
	if err != nil {
		return nil, err
	}
	if err := s.refuse(c); err != nil {
		return nil, err
	}
	if s.backend != dockerTarget {
		return s, nil
	}
	if err := s.askImage(ctx, c.Image); err != nil || !c.needs(nemesis.Clocks) {
		return s, err
	}
	s.askClocks(ctx, c.Image)
	return s, s.refuse(c)
}

// findStage asks no engine.
func findStage(c Config) (*stage, error) {
	const simulation = "this was a simulation of Redis 7.0 in virtual time, good for trying out workloads and clients; "
	switch c.Target {
	case simTarget:
		return &stage{backend: simTarget, redis: simulatedRedis,
			note: simulation + "--target process runs on a real server"}, nil
	case dockerTarget:
		return &stage{backend: dockerTarget}, nil
	}
	s, err := processStage(c.RedisServer)
	if errors.Is(err, process.ErrNoServer) && c.Target == autoTarget && len(c.RedisArgs) == 0 && c.Topology == topology.Standalone {
		return &stage{backend: simTarget, redis: simulatedRedis,
			note: simulation + err.Error() + ", to run on a real one"}, nil
	}
	return s, err
}

func processStage(binary string) (*stage, error) {
	server, err := process.Find(binary)
	if err != nil {
		return nil, err
	}
	version, err := process.Version(context.Background(), server)
	if err != nil {
		return nil, err
	}
	return &stage{backend: processTarget, redis: version, binary: server}, nil
}

// askImage finds out what the image holds.
func (s *stage) askImage(ctx context.Context, image string) error {
	server, err := docker.FindServer(ctx, image)
	s.redis, s.binary = server.Version, server.Name
	return err
}

// askClocks finds out whether the clocks of the image's servers can be set.
func (s *stage) askClocks(ctx context.Context, image string) {
	library, err := faketime.Find()
	if err == nil {
		err = docker.TakesFaketime(ctx, image, library)
	}
	s.noClocks = err
}

// world makes a world of schedules on the stage.
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
