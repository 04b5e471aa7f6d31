package docker

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/moby/moby/api/types/mount"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/faketime"
)

var _ target.ClockSetter = (*Node)(nil)

// ClockFixed returns why the server's clock cannot be set, or nil.
func (n *Node) ClockFixed() error { return n.clock.Fixed() }

// ShiftClock puts the server's wall clock forward, or back. Monotonic clocks, by
// which Redis measures durations, go on as before.
func (n *Node) ShiftClock(by time.Duration) error { return n.clock.Shift(by) }

// DriftClock changes how fast the server's wall clock goes.
func (n *Node) DriftClock(rate float64) error { return n.clock.Drift(rate) }

// insideLibrary is where containers have libfaketime: this machine's, mounted.
const insideLibrary = "/jepsen-lite/libfaketime.so"

// libraryMount mounts this machine's libfaketime.
func libraryMount(library string) mount.Mount {
	return mount.Mount{Type: mount.TypeBind, Source: library, Target: insideLibrary, ReadOnly: true}
}

// TakesFaketime returns nil if the servers of an image take this machine's
// libfaketime, the library at that path, and else why they do not. The image is
// pulled if it is not there; an empty one is DefaultImage.
//
// Why by trying: the library is made for one C library, of this version or a later
// one. Another version's loader leaves it out and goes on, so that clocks would be
// set without effect; musl's (Alpine) ends the server.
func TakesFaketime(ctx context.Context, image, library string) error {
	e, err := open(ctx, "")
	if err != nil {
		return err
	}
	defer e.close()
	image = cmp.Or(image, DefaultImage)
	server, err := e.findServer(ctx, image)
	if err != nil {
		return err
	}
	library, err = filepath.EvalSymlinks(library)
	if err != nil {
		return fmt.Errorf("find libfaketime: %w", err)
	}
	// A server that is to listen nowhere says that it starts, and when, and ends.
	trial := job{
		image: image, program: server.Name, args: []string{"--port", "0", "--save", "", "--dir", "/"},
		environment: append(faketime.Environment(insideLibrary, "/none"), "FAKETIME=@"+trialYear+"-06-15 12:00:00"),
		mounts:      []mount.Mount{libraryMount(library)},
	}
	printed, _, err := e.run(ctx, trial)
	if err == nil {
		err = tellsTrialYear(printed)
	}
	if err != nil {
		return fmt.Errorf("image %s does not take this machine's libfaketime, so that its clock cannot be set: %w; use one with the C library of this machine or a newer one (make image), or --target process", image, err)
	}
	return nil
}

// trialYear is long over.
const trialYear = "2001"

// tellsTrialYear returns nil if a server whose clock was set to the year says so in its
// log, whose lines begin with the process, a role and the time: 1:C 15 Jun 2001 12:00:00.
func tellsTrialYear(printed string) error {
	stamp := regexp.MustCompile(`(?m)^\d+:[A-Z] \d+ [A-Z][a-z]{2} (\d{4}) `).FindStringSubmatch(printed)
	switch {
	case stamp != nil && stamp[1] == trialYear:
		return nil
	case strings.TrimSpace(printed) == "":
		return fmt.Errorf("its server printed nothing")
	}
	first, _, _ := strings.Cut(strings.TrimSpace(printed), "\n")
	return fmt.Errorf("its server printed %.200q", first)
}
