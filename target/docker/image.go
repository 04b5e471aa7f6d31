package docker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/pkg/authconfig"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// pullLimit bounds the download of an image.
const pullLimit = 5 * time.Minute

// Server is what an image holds.
type Server struct {
	// Name is that of the program: redis-server or valkey-server.
	Name string
	// Version is as in "redis 7.4.1".
	Version string
}

// Available returns nil if a Docker engine of this machine answers and has the
// image, which is local then, or could pull it: the registry is asked, and nothing
// is pulled. An empty image is DefaultImage. Any error ends with the next thing to
// try.
func Available(ctx context.Context, image string) (local bool, err error) {
	e, err := open(ctx, "")
	if err != nil {
		return false, err
	}
	defer e.close()
	image = cmp.Or(image, DefaultImage)
	_, err = e.ImageInspect(ctx, image)
	if !errdefs.IsNotFound(err) {
		return err == nil, err
	}
	_, err = e.DistributionInspect(ctx, image, client.DistributionInspectOptions{EncodedRegistryAuth: credentials(ctx, image)})
	if err != nil {
		return false, nowhere(image, err)
	}
	return false, nil
}

// FindServer returns the server in an image, by asking it. The image is pulled if
// it is not there; an empty one is DefaultImage.
func FindServer(ctx context.Context, image string) (Server, error) {
	e, err := open(ctx, "")
	if err != nil {
		return Server{}, err
	}
	defer e.close()
	return e.findServer(ctx, image)
}

// ensureImage pulls the image if it is not there.
//
// Why not leave that to testcontainers: it tries for a quarter of an hour to reach
// a registry, and does not notice when a pull breaks off.
func (e *engine) ensureImage(ctx context.Context, image string) error {
	_, err := e.ImageInspect(ctx, image)
	if !errdefs.IsNotFound(err) {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, pullLimit)
	defer cancel()
	pull, err := e.ImagePull(ctx, image, client.ImagePullOptions{RegistryAuth: credentials(ctx, image)})
	if err == nil {
		defer pull.Close()
		err = pull.Wait(ctx)
	}
	if err != nil {
		return nowhere(image, err)
	}
	return nil
}

func nowhere(image string, err error) error {
	return fmt.Errorf("image %s is not here and cannot be pulled: %w; make image builds one from packages, for --image jepsen-lite/redis:local", image, err)
}

// credentials returns what the user's Docker configuration has for the image's
// registry; empty: nothing, which does for public images.
func credentials(ctx context.Context, image string) string {
	_, auth, err := testcontainers.DockerImageAuth(ctx, image)
	if err != nil {
		return ""
	}
	encoded, err := authconfig.Encode(auth)
	if err != nil {
		return ""
	}
	return encoded
}

func (e *engine) findServer(ctx context.Context, image string) (Server, error) {
	image = cmp.Or(image, DefaultImage)
	if err := e.ensureImage(ctx, image); err != nil {
		return Server{}, err
	}
	var last error
	for _, name := range []string{"redis-server", "valkey-server"} {
		output, _, err := e.run(ctx, job{image: image, program: name, args: []string{"--version"}})
		if errors.Is(err, errNoProgram) {
			last = err
			continue
		}
		if err != nil {
			return Server{}, fmt.Errorf("look for the server in %s: %w", image, err)
		}
		if version, ok := target.ParseVersion(output); ok {
			return Server{name, version}, nil
		}
		last = fmt.Errorf("%s --version answers %.80q", name, output)
	}
	return Server{}, fmt.Errorf("image %s has no redis-server or valkey-server that works: %w; try --image %s", image, last, DefaultImage)
}
