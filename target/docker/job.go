package docker

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// job is a program that runs to its end in a container of its own, without a network.
type job struct {
	image, program string
	args           []string
	environment    []string
	// input is what it reads from its standard input.
	input string
	// mounts are what it has of this machine. With any, it runs as our user.
	mounts []mount.Mount
}

// jobNode is what the containers of jobs are called, in place of a node.
const jobNode = "job"

// errNoProgram says that an image has no such program, or one for another machine.
var errNoProgram = errors.New("the program cannot be run")

// run runs a program and returns what it printed, and how it ended.
func (e *engine) run(ctx context.Context, j job) (printed string, status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	call, cancelCall := unhurried(ctx)
	defer cancelCall()
	id, err := e.create(call, j.request(e))
	if err != nil {
		return "", 0, err
	}
	defer e.remove(ctx, id)
	stream, err := e.ContainerAttach(ctx, id, client.ContainerAttachOptions{Stream: true, Stdin: true, Stdout: true, Stderr: true})
	if err != nil {
		return "", 0, fmt.Errorf("attach to container: %w", err)
	}
	defer stream.Close()
	defer context.AfterFunc(ctx, stream.Close)()
	if _, err := e.ContainerStart(ctx, id, client.ContainerStartOptions{}); ctx.Err() != nil {
		return "", 0, ctx.Err()
	} else if err != nil {
		return "", 0, fmt.Errorf("%w: %w", errNoProgram, err)
	}
	_, _ = stream.Conn.Write([]byte(j.input)) // one that has ended did not want it
	_ = stream.CloseWrite()
	var output bytes.Buffer
	if _, err := stdcopy.StdCopy(&output, &output, stream.Reader); err != nil {
		return "", 0, errors.Join(fmt.Errorf("read output of %s: %w", j.program, err), ctx.Err())
	}
	ended := e.ContainerWait(ctx, id, client.ContainerWaitOptions{Condition: container.WaitConditionNotRunning})
	select {
	case exit := <-ended.Result:
		return output.String(), int(exit.StatusCode), nil
	case err := <-ended.Error:
		return output.String(), 0, fmt.Errorf("wait for the end of %s: %w", j.program, err)
	}
}

func (j job) request(e *engine) testcontainers.ContainerRequest {
	return testcontainers.ContainerRequest{
		Image: j.image, Name: containerName(jobNode), Entrypoint: []string{j.program}, Cmd: j.args,
		ExposedPorts: []string{"1/tcp"},
		ConfigModifier: func(c *container.Config) {
			c.Env = append(c.Env, j.environment...)
			c.OpenStdin, c.StdinOnce, c.AttachStdin = true, true, true
			if len(j.mounts) > 0 {
				c.User = e.user()
			}
		},
		HostConfigModifier: func(c *container.HostConfig) {
			isolated(c)
			c.Mounts = j.mounts
			e.ownFiles(c)
		},
	}
}

// isolated keeps a container off every network.
func isolated(c *container.HostConfig) {
	c.NetworkMode = "none"
	c.PortBindings = nil
}

// ownFiles lets a container use what is mounted of our files as we do.
func (e *engine) ownFiles(c *container.HostConfig) {
	// SELinux would keep the container from a folder that is not labelled.
	c.SecurityOpt = []string{"label=disable"}
	if !e.rootless {
		c.UsernsMode = "host" // ids of users are ours in it
	}
}
