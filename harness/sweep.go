package harness

import (
	"context"
	"errors"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
	"github.com/jepsen-lite/jepsen-lite/target/docker"
	"github.com/jepsen-lite/jepsen-lite/target/scratch"
)

// Leftover is something that a jepsen-lite left behind that was killed.
type Leftover struct {
	// Kind is mount, container, network, volume, or folder of temporary files.
	Kind string `json:"kind"`
	Name string `json:"name"`
}

// sweepLimit bounds how long a Docker engine is asked for leftovers.
const sweepLimit = 10 * time.Second

// Leftovers returns what processes of jepsen-lite that have ended left on this
// machine. Where no Docker engine answers, there are no containers.
func Leftovers(ctx context.Context) ([]Leftover, error) {
	folders := func() ([]string, error) { return scratch.Leftovers(), nil }
	return gather(ctx, diskfault.Leftovers, docker.Leftovers, folders)
}

// Sweep removes the leftovers, and returns those that it removed. What belongs to a
// process that lives, or that cannot be told, stays.
//
// Why so little is left: servers are killed by the kernel and by a guard, proxies
// and reserved ports end with their process, and no namespaces are made.
func Sweep(ctx context.Context) ([]Leftover, error) {
	return gather(ctx, diskfault.Clean, docker.Clean, scratch.Clean)
}

// gather asks for folders last: the others may lie in them.
func gather(ctx context.Context, mounts func() ([]diskfault.Leftover, error),
	engine func(context.Context) ([]docker.Leftover, error), folders func() ([]string, error)) (all []Leftover, err error) {
	ctx, cancel := context.WithTimeout(ctx, sweepLimit)
	defer cancel()
	mounted, mountErr := mounts()
	for _, l := range mounted {
		all = append(all, Leftover{"mount", l.Point})
	}
	contained, engineErr := engine(ctx)
	for _, l := range contained {
		all = append(all, Leftover{l.Kind, l.Name})
	}
	if missing := (*docker.NoEngineError)(nil); errors.As(engineErr, &missing) {
		engineErr = nil
	}
	left, folderErr := folders()
	for _, dir := range left {
		all = append(all, Leftover{"folder", dir})
	}
	return all, errors.Join(mountErr, engineErr, folderErr)
}

// swept is what was removed before servers are started, and what could not be.
type swept struct {
	removed []Leftover
	err     error
}

// sweep removes what killed runs left behind. That it could not is no part of the
// result of what follows.
func sweep(ctx context.Context) swept {
	removed, err := Sweep(ctx)
	return swept{removed, err}
}

// log writes it down in the log of a run folder.
func (s swept) log(folder string) {
	for _, l := range s.removed {
		_ = appendLog(folder, "removed a "+l.Kind+" that a run which was killed left behind: "+l.Name)
	}
	if s.err != nil {
		_ = appendLog(folder, "look for what killed runs left behind: "+s.err.Error())
	}
}
