package docker

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/port"
	"github.com/jepsen-lite/jepsen-lite/target/redisconf"
)

// DefaultImage is the image of Config's zero value.
const DefaultImage = "redis:7.4"

// Networks of Config.
const (
	// Bridge gives each container an address of its own; Docker's proxy leads
	// there from a port on loopback.
	Bridge = "bridge"
	// Host has the server listen on this machine's loopback itself.
	Host = "host"
)

// Config says which servers to run.
type Config struct {
	// Image is what the containers are made of: any image with a redis-server or
	// valkey-server on its PATH. It is pulled if it is not there. Empty:
	// DefaultImage.
	Image string
	// Server is the name of the program in the image. Empty: it is looked for,
	// which takes a container of half a second.
	Server string
	// Dir holds a folder for each node, made if missing. Dir/n1 has redis.conf,
	// redis.log, output.log (what the server printed before and beside its log)
	// and data, all of them owned by us. Data that is there already is loaded.
	Dir string
	// Persistence is how the servers keep their data. It must be set.
	Persistence target.Persistence
	// Args are further lines of redis.conf, written last: "maxmemory 100mb".
	// What this package decides itself (port, bind, dir, …) is refused.
	Args []string
	// Specs are the servers to run, by name. Nil: one, n1.
	Specs []target.Spec
	// Faketime is the path of this machine's libfaketime, through which a server then
	// asks for the time, so that its clock can be set. [TakesFaketime] tells whether
	// those of the image can. Empty: it is the machine's, and asking costs nothing.
	Faketime string
	// Disk puts a disk of package diskfault under each server's data, which can be
	// harmed, as that of package process does. Servers of an engine that does not see
	// what is mounted on this machine do not start.
	Disk bool
	// Network is Bridge or Host. Empty: Host for servers that are told of each
	// other, as they do that by addresses of this machine; for others Bridge where
	// the engine has that network, else Host.
	Network string

	// ports finds a port for a node's first start. Nil: port.Choose.
	ports func() (*port.Port, error)
}

// checked returns the configuration with absolute paths and defaults filled in.
func (c Config) checked() (Config, error) {
	switch {
	case c.Dir == "":
		return c, errors.New("no folder given: set Config.Dir")
	case c.Persistence.Preset() == "":
		return c, errors.New("no persistence given: set Config.Persistence from target.ParsePersistence")
	case !slices.Contains([]string{"", Bridge, Host}, c.Network):
		return c, fmt.Errorf("unknown network %q: expected bridge or host", c.Network)
	}
	if err := redisconf.CheckArgs(c.Args); err != nil {
		return c, err
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return c, err
	}
	if c.Faketime != "" { // what is mounted is a file, no link
		if c.Faketime, err = filepath.EvalSymlinks(c.Faketime); err != nil {
			return c, fmt.Errorf("find libfaketime: %w", err)
		}
	}
	c.Dir, c.Args = dir, slices.Clone(c.Args)
	c.Image = cmp.Or(c.Image, DefaultImage)
	if c.Specs == nil {
		c.Specs = target.Servers(1)
	}
	if slices.ContainsFunc(c.Specs, func(s target.Spec) bool { return len(s.Lines) > 0 }) {
		if c.Network == Bridge {
			return c, errors.New("servers that are told of each other need the host's network: leave Config.Network empty")
		}
		c.Network = Host
	}
	if c.ports == nil {
		c.ports = port.Choose
	}
	return c, nil
}
