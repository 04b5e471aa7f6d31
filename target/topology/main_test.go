package topology

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/netfault"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// patience bounds every wait of a test; none should come near it.
const patience = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// start returns a running target, which is closed after the test, and its fabric.
func start(t *testing.T, c Config) (*Target, *netfault.Fabric) {
	t.Helper()
	processtest.Require(t)
	p, err := target.ParsePersistence(target.None)
	if err != nil {
		t.Fatal(err)
	}
	fabric := netfault.New(1)
	dir := filepath.Join(t.TempDir(), "servers")
	tg, err := New(c, fabric, func(specs []target.Spec) (target.Target, error) {
		return process.New(process.Config{Dir: dir, Persistence: p, Specs: specs})
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tg.Close(); err != nil {
			t.Errorf("close target: %v", err)
		}
		if err := fabric.Close(); err != nil {
			t.Errorf("close fabric: %v", err)
		}
	})
	if err := tg.Start(testContext(t)); err != nil {
		t.Fatal(err)
	}
	return tg, fabric
}
