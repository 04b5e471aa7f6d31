package docker

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"

	"github.com/jepsen-lite/jepsen-lite/target/faketime"
	"github.com/jepsen-lite/jepsen-lite/target/owner"
	"github.com/jepsen-lite/jepsen-lite/target/port"
)

// Labels of everything that we make in an engine.
const (
	// label tells ours from others'; its value is 1.
	label = "jepsen-lite"
	// ownerLabel names the process that it belongs to, as package owner does.
	ownerLabel = "jepsen-lite.owner"
	// nodeLabel is the node's name.
	nodeLabel = "jepsen-lite.node"
)

// containerName returns a name that no other container has.
func containerName(node string) string {
	return fmt.Sprintf("jepsen-lite-%d-%s-%s", os.Getpid(), strconv.FormatInt(time.Now().UnixNano(), 36), node)
}

// create makes a container with our labels, and does not start it.
func (e *engine) create(ctx context.Context, request testcontainers.ContainerRequest) (id string, err error) {
	request.Labels = map[string]string{label: "1", ownerLabel: owner.Self(), nodeLabel: request.Labels[nodeLabel]}
	made, err := e.provider.CreateContainer(ctx, request)
	if made != nil {
		id = made.GetContainerID()
	}
	if err != nil {
		err = errors.Join(fmt.Errorf("create container: %w", err), e.remove(ctx, id))
		if strings.Contains(err.Error(), "reaper") {
			err = fmt.Errorf("%w; set %s=true: we remove our containers ourselves", err, reaperVariable)
		}
		return "", err
	}
	return id, nil
}

// remove ends a container and removes it with its volumes. No id, and one that is
// gone, are nothing to remove.
func (e *engine) remove(ctx context.Context, id string) error {
	if id == "" {
		return nil
	}
	ctx, cancel := unhurried(ctx)
	defer cancel()
	_, err := e.ContainerRemove(ctx, id, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	if err == nil || errdefs.IsNotFound(err) {
		return nil
	}
	if errdefs.IsConflict(err) { // another removal is under way
		waiting := e.ContainerWait(ctx, id, client.ContainerWaitOptions{Condition: container.WaitConditionRemoved})
		select {
		case <-waiting.Result:
			return nil
		case err := <-waiting.Error:
			if errdefs.IsNotFound(err) {
				return nil
			}
		}
	}
	return fmt.Errorf("remove container: %w", err)
}

// request describes the node's container: the server, its configuration and its
// data on the node's port.
//
// Why the ports are given, although nothing waits for them: testcontainers would
// publish those that the image names, to every machine.
func (n *Node) request(e *engine, server string) testcontainers.ContainerRequest {
	name := fmt.Sprintf("%d/tcp", n.port.Number)
	return testcontainers.ContainerRequest{
		Image: n.config.Image, Name: n.container, Entrypoint: []string{server}, Cmd: n.spec.Arguments(n.inside("redis.conf")),
		Labels:       map[string]string{nodeLabel: n.name},
		ExposedPorts: []string{name},
		ConfigModifier: func(c *container.Config) {
			// Not in its data: Docker's runc enters the folder as root, and a disk that a
			// user has mounted is that user's alone (mount.fuse3(8), allow_other).
			c.User, c.WorkingDir, c.StopSignal = e.user(), n.inside(""), "SIGTERM"
			if n.config.Faketime != "" {
				c.Env = append(c.Env, faketime.Environment(insideLibrary, n.inside("clock"))...)
			}
		},
		HostConfigModifier: func(c *container.HostConfig) {
			c.NetworkMode = container.NetworkMode(e.network)
			c.PortBindings = network.PortMap{network.MustParsePort(name): {{
				HostIP: netip.MustParseAddr(port.Loopback), HostPort: strconv.Itoa(n.port.Number),
			}}}
			c.RestartPolicy = container.RestartPolicy{Name: container.RestartPolicyDisabled}
			c.LogConfig = container.LogConfig{Type: "json-file"}
			c.Mounts = []mount.Mount{n.folder()}
			if n.config.Faketime != "" {
				c.Mounts = append(c.Mounts, libraryMount(n.config.Faketime))
			}
			e.ownFiles(c)
		},
	}
}

// folder mounts the node's folder, and what is mounted in it.
func (n *Node) folder() mount.Mount {
	return mount.Mount{Type: mount.TypeBind, Source: n.dir, Target: n.inside("")}
}
