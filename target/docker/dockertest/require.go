package dockertest

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"
)

// patience bounds the wait for the engine and for a registry.
const patience = time.Minute

// Require returns an image that is there: the one named by JEPSEN_LITE_DOCKER_IMAGE,
// else the default one, whose name is empty, else the one that make image builds.
// Without any, or without an engine, it skips the test, or fails it. It is given
// docker.Available, which it cannot import.
func Require(t testing.TB, available func(ctx context.Context, image string) (local bool, err error)) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	images := []string{"", "jepsen-lite/redis:local"}
	if named := os.Getenv("JEPSEN_LITE_DOCKER_IMAGE"); named != "" {
		images = []string{named}
	}
	var why error
	for _, image := range images {
		local, err := available(ctx, image)
		if local {
			return image
		}
		if err == nil {
			err = fmt.Errorf("image %q has not been pulled", image)
		}
		why = err
	}
	if os.Getenv("JEPSEN_LITE_REQUIRE_DOCKER") == "1" {
		t.Fatal(why)
	}
	t.Skipf("%v (scripts/ensure-docker.sh and scripts/image.sh prepare this test)", why)
	return ""
}
