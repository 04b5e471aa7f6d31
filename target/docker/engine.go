package docker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	tclog "github.com/testcontainers/testcontainers-go/log"
)

const (
	// answerLimit bounds the wait for an engine's first answer.
	answerLimit = 10 * time.Second
	// callLimit bounds a call that takes the engine half a second. Such calls are
	// not cut off when the caller's context ends: what the engine did would be
	// unknown.
	callLimit = time.Minute
)

// desktop is how an engine names its system that runs in a machine of its own, and
// whose host's network is that machine's.
const desktop = "Docker Desktop"

// engine is the Docker engine of this machine.
type engine struct {
	client.APIClient
	// network is where containers go: Bridge or Host.
	network string
	// rootless: the engine runs as a user, and that user is root in containers.
	rootless bool

	provider *testcontainers.DockerProvider
}

// NoEngineError says that no Docker engine of this machine answers.
type NoEngineError struct {
	Host string
	Err  error
}

// Error returns one line with the next thing to try.
func (e *NoEngineError) Error() string {
	if strings.Contains(e.Err.Error(), "permission denied") { // all that the client says of it
		return fmt.Sprintf("the Docker engine at %s is not ours to use: become a member of the group docker, or run as root, or use --target process (%v)", e.Host, e.Err)
	}
	return fmt.Sprintf("no Docker engine answers at %s: start it, or name another one by DOCKER_HOST, or use --target process (%v)", e.Host, e.Err)
}

// Unwrap returns the cause.
func (e *NoEngineError) Unwrap() error { return e.Err }

// open connects to the engine and chooses a network, the one asked for if it is not
// empty. The caller must close it.
func open(ctx context.Context, network string) (*engine, error) {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	if err := checkNamed(ctx); err != nil {
		return nil, err
	}
	e := &engine{network: network}
	if err := e.connect(); err != nil {
		return nil, err
	}
	if err := e.look(ctx); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

// checkNamed asks the engine that DOCKER_HOST names, or is at the usual place, for a
// sign of life.
//
// Why, as testcontainers does so too: it waits without limit, and would go on to an
// engine that was not named. Where nothing is named and nothing at the usual place,
// it knows others, as that of a user without root.
func checkNamed(ctx context.Context) error {
	cli, err := client.New(client.FromEnv)
	if err != nil {
		return fmt.Errorf("reach Docker: %w", err)
	}
	defer cli.Close()
	host := cli.DaemonHost()
	if err := checkLocal(host); err != nil {
		return err
	}
	_, err = cli.Ping(ctx, client.PingOptions{})
	if err == nil {
		return nil
	}
	if socket, ok := strings.CutPrefix(host, "unix://"); ok && os.Getenv("DOCKER_HOST") == "" {
		if _, missing := os.Stat(socket); errors.Is(missing, fs.ErrNotExist) {
			return nil
		}
	}
	return &NoEngineError{host, err}
}

// checkLocal refuses an engine on another machine: it has neither our folders nor
// our loopback.
func checkLocal(host string) error {
	at, err := url.Parse(host)
	if err != nil {
		return fmt.Errorf("read DOCKER_HOST %q: %w", host, err)
	}
	if at.Scheme == "unix" || at.Scheme == "npipe" {
		return nil
	}
	if ip := net.ParseIP(at.Hostname()); at.Scheme != "ssh" && (at.Hostname() == "localhost" || ip.IsLoopback()) {
		return nil
	}
	return fmt.Errorf("the Docker engine at %s is on another machine: unset DOCKER_HOST, or use --target process", host)
}

func (e *engine) connect() error {
	provider, err := testcontainers.NewDockerProvider(
		testcontainers.Generic2DockerOptions(testcontainers.WithLogger(tclog.NewNoopLogger()))...)
	if err != nil {
		return &NoEngineError{client.DefaultDockerHost, err}
	}
	e.provider, e.APIClient = provider, provider.Client()
	return nil
}

// look finds out what the engine offers.
func (e *engine) look(ctx context.Context) error {
	host := e.DaemonHost()
	if err := checkLocal(host); err != nil {
		return err
	}
	info, err := e.Info(ctx, client.InfoOptions{})
	if err != nil {
		return &NoEngineError{host, err}
	}
	for _, option := range info.Info.SecurityOptions {
		e.rootless = e.rootless || strings.Contains(option, "name=rootless")
	}
	networks, err := e.NetworkList(ctx, client.NetworkListOptions{})
	if err != nil {
		return fmt.Errorf("list networks: %w", err)
	}
	bridged := false
	for _, n := range networks.Items {
		bridged = bridged || n.Name == Bridge
	}
	switch {
	case e.network == Bridge && !bridged:
		return errors.New("the Docker engine has no bridge network: use the host's network, or start the engine with one")
	case e.network == "" && bridged:
		e.network = Bridge
	case e.network == "":
		e.network = Host
	}
	if own := info.Info.OperatingSystem; e.network == Host && (e.rootless || own == desktop) {
		return errors.New("servers that are told of each other need this machine's own network, and a rootless engine or " + desktop + " has another one: use --target process, or an engine that root runs on Linux")
	}
	// What testcontainers takes for the default network is attached to containers
	// unless it has this name; and where there is none, it makes one.
	testcontainers.WithDefaultBridgeNetwork(e.network).ApplyDockerTo(e.provider.DockerProviderOptions)
	return nil
}

// close closes the connections to the engine.
func (e *engine) close() error { return e.provider.Close() }

// user returns the user of containers: the one who owns the files that we make.
func (e *engine) user() string {
	if e.rootless {
		return "0:0"
	}
	return fmt.Sprintf("%d:%d", os.Getuid(), os.Getgid())
}

// unhurried returns a context for one call to the engine, which lasts beyond ctx.
func unhurried(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), callLimit)
}
