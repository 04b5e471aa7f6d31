package docker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/docker/dockertest"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

// childVariable makes this test binary a program that starts servers, says so, and
// waits to be killed.
const childVariable = "JEPSEN_LITE_TEST_CHILD"

func TestMain(m *testing.M) {
	TakeOver()
	if order := os.Getenv(childVariable); order != "" {
		beChild(order)
		return
	}
	goleak.VerifyTestMain(m)
}

func beChild(order string) {
	var config Config
	p, err := target.ParsePersistence("none")
	if err == nil {
		err = json.Unmarshal([]byte(order), &config)
	}
	config.Persistence = p
	tg, newErr := New(config)
	if err = errors.Join(err, newErr); err == nil {
		err = tg.Start(context.Background())
	}
	fmt.Println("started:", err)
	time.Sleep(2 * targettest.Patience)
}

// newTarget returns a target that is closed after the test.
func newTarget(t *testing.T, config Config) *Target {
	t.Helper()
	if config.Image == "" {
		config.Image = dockertest.Require(t, Available)
	}
	if config.Dir == "" {
		config.Dir = t.TempDir()
	}
	if config.Persistence.Preset() == "" {
		config.Persistence = targettest.Persistence(t, "aof-always")
	}
	tg, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tg.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if left := containersIn(t, config.Dir); len(left) > 0 {
			t.Errorf("containers are left: %v", left)
		}
	})
	return tg
}

// started is newTarget with the nodes running, and its first node.
func started(t *testing.T, config Config) (*Target, *Node) {
	t.Helper()
	tg := newTarget(t, config)
	if err := tg.Start(targettest.Context(t)); err != nil {
		t.Fatal(err)
	}
	return tg, tg.nodes[0]
}
