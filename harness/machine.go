package harness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/docker"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/scratch"
	"github.com/jepsen-lite/jepsen-lite/target/sim"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

// Machine is what can be done here.
type Machine struct {
	// System is the operating system, Root whether we are its administrator.
	System string `json:"system"`
	Root   bool   `json:"root"`
	// Backends and Needs are what servers can be, and be made with.
	Backends []Part     `json:"backends"`
	Needs    []Part     `json:"needs"`
	Table    []Prospect `json:"table"`
}

// Part is something that this machine has or lacks.
type Part struct {
	Name  string `json:"name"`
	Works bool   `json:"works"`
	// About says what it is, or why it does not work and what to try.
	About string `json:"about"`
}

// ExamineOptions say what to look at.
type ExamineOptions struct {
	// RedisServer and Image are those of [Config].
	RedisServer string
	Image       string
}

// trialLimit bounds what is tried on one backend.
const trialLimit = time.Minute

// Examine finds out what works on this machine. On a single server of each backend
// it tries every fault; what other topologies can do it tells without starting
// them. It returns an error if no run with the defaults is possible, or ctx ended.
func Examine(ctx context.Context, o ExamineOptions) (Machine, error) {
	m := Machine{System: runtime.GOOS, Root: os.Geteuid() == 0}
	onProcess := &stage{backend: processTarget}
	for _, need := range []nemesis.Need{nemesis.Clocks, nemesis.Disks} {
		part := Part{Name: string(need), Works: true, About: "can be set by libfaketime"}
		if need == nemesis.Disks {
			part.About = "can be mounted through FUSE"
		}
		if err := onProcess.lacks(need); err != nil {
			part.Works, part.About = false, err.Error()
		}
		m.Needs = append(m.Needs, part)
	}
	server, err := processStage(o.RedisServer)
	noServer := errors.Is(err, process.ErrNoServer)
	m.add(ctx, cmp.Or(server, onProcess), err)
	m.addDocker(ctx, o.Image)
	m.add(ctx, &stage{backend: simTarget, redis: simulatedRedis}, nil)
	if ctx.Err() != nil {
		return m, ctx.Err()
	}
	if !m.works(processTarget) && !(noServer && m.works(simTarget)) {
		return m, errors.New("no run is possible here")
	}
	return m, nil
}

func (m *Machine) works(backend string) bool {
	for _, b := range m.Backends {
		if b.Name == backend {
			return b.Works
		}
	}
	return false
}

// add examines a backend, unless it is known why it does not work.
func (m *Machine) add(ctx context.Context, s *stage, broken error) {
	part := Part{Name: s.backend, Works: true}
	var tried []Prospect
	if broken == nil {
		tried, part.About, broken = s.trial(ctx)
	}
	if broken != nil {
		part.Works, part.About = false, broken.Error()
	}
	m.Backends = append(m.Backends, part)
	m.Table = append(m.Table, tried...)
	for _, kind := range topologiesOf(s.backend) {
		if len(tried) > 0 && kind == topology.Standalone {
			continue
		}
		m.Table = append(m.Table, s.outlook(kind, broken)...)
	}
}

// outlook returns the prospects of a topology; all of them are bleak where the
// backend is broken.
func (s *stage) outlook(kind string, broken error) []Prospect {
	var rows []Prospect
	if broken == nil {
		rows, broken = s.prospects(kind)
	}
	if broken == nil {
		return rows
	}
	for _, name := range nemesis.Names() {
		p := Prospect{Backend: s.backend, Topology: kind, Fault: name}
		p.fails(fmt.Errorf("target %s does not work", s.backend))
		rows = append(rows, p)
	}
	return rows
}

// trial tries every fault that can work, each on a server of its own: none meets
// what another one did.
func (s *stage) trial(ctx context.Context) (rows []Prospect, about string, err error) {
	ctx, cancel := context.WithTimeout(ctx, trialLimit)
	defer cancel()
	rows, err = s.prospects(topology.Standalone)
	if err != nil {
		return nil, "", err
	}
	var ready time.Duration
	for i := range rows {
		p := &rows[i]
		if !p.Works {
			continue
		}
		took, startErr, err := s.tryOne(ctx, p)
		if startErr != nil {
			return nil, "", startErr
		}
		if p.Tried = true; err != nil {
			p.fails(fmt.Errorf("tried: %w", err))
		}
		ready = max(ready, took)
	}
	return rows, fmt.Sprintf("%s, ready in %v at most", s.redis, ready.Round(time.Millisecond)), nil
}

// tryOne tries a fault, and tells how long the server took to start.
func (s *stage) tryOne(ctx context.Context, p *Prospect) (ready time.Duration, startErr, err error) {
	servers, remove, err := s.alone()
	if err != nil {
		return 0, err, nil
	}
	defer remove()
	began := time.Now()
	if err := servers.Start(ctx); err != nil {
		return 0, err, nil
	}
	return time.Since(began), nil, p.try(ctx, servers)
}

// alone prepares one server; remove ends it and removes its files.
func (s *stage) alone() (servers target.Target, remove func(), err error) {
	c, _ := s.equipped(topology.Standalone)
	persistence, err := target.ParsePersistence(c.Persistence)
	if err != nil {
		return nil, nil, err
	}
	if s.backend == simTarget {
		t := sim.NewTarget(persistence, target.Wall())
		return t, func() { t.Close() }, nil
	}
	dir, err := scratch.Make("")
	if err != nil {
		return nil, nil, err
	}
	world, err := s.live(c, dir)
	if err != nil {
		os.RemoveAll(dir)
		return nil, nil, err
	}
	return world.servers(), func() { world.close(); os.RemoveAll(dir) }, nil
}

// addDocker examines Docker, without pulling an image.
func (m *Machine) addDocker(ctx context.Context, image string) {
	s := &stage{backend: dockerTarget, image: image}
	local, err := docker.Available(ctx, image)
	switch {
	case err != nil:
	case local:
		err = s.askImage(ctx, image)
		s.askClocks(ctx, image)
	default:
		m.Backends = append(m.Backends, Part{Name: dockerTarget, Works: true, About: "the engine answers, and run pulls the image first"})
		for _, kind := range topologiesOf(dockerTarget) {
			m.Table = append(m.Table, s.outlook(kind, nil)...)
		}
		return
	}
	m.add(ctx, s, err)
}
