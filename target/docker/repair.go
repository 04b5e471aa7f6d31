package docker

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/moby/moby/api/types/mount"

	"github.com/jepsen-lite/jepsen-lite/target/aofcheck"
)

// RepairLog cuts the append-only file off where it stops making sense, with the
// image's own program for that: redis-check-aof, or valkey-check-aof. The server must
// be down.
func (n *Node) RepairLog(ctx context.Context) error {
	e, server, err := n.target.reach(ctx)
	if err != nil {
		return fmt.Errorf("repair the append-only file of %s: %w", n.name, err)
	}
	program := strings.TrimSuffix(server, "-server") + strings.TrimPrefix(aofcheck.Program, "redis")
	printed, status, err := e.run(ctx, job{
		image: n.config.Image, program: program, args: aofcheck.Arguments(n.inside("data")),
		input: aofcheck.Consent, mounts: []mount.Mount{n.folder()},
	})
	switch {
	case errors.Is(err, errNoProgram):
		err = fmt.Errorf("image %s has no %s that works (make image builds one that has): %w", n.config.Image, program, err)
	case err == nil && status != 0:
		err = fmt.Errorf("exit status %d", status)
	}
	return aofcheck.Conclude(n.name, n.outputPath(), []byte(printed), err)
}
