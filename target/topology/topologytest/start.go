package topologytest

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/netfault"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

// Start is Prepare, and starts the target.
func Start(t testing.TB, c topology.Config) (*topology.Target, *netfault.Fabric) {
	t.Helper()
	tg, fabric := Prepare(t, c)
	ctx, cancel := context.WithTimeout(context.Background(), targettest.Patience)
	defer cancel()
	if err := tg.Start(ctx); err != nil {
		t.Fatal(err)
	}
	return tg, fabric
}

// Prepare returns a target without persistence, and its fabric; both are closed after
// the test. It skips the test where there is no server to run.
func Prepare(t testing.TB, c topology.Config) (*topology.Target, *netfault.Fabric) {
	t.Helper()
	processtest.Require(t)
	p, err := target.ParsePersistence(target.None)
	if err != nil {
		t.Fatal(err)
	}
	fabric := netfault.New(1)
	dir := filepath.Join(t.TempDir(), "servers")
	tg, err := topology.New(c, fabric, func(specs []target.Spec) (target.Target, error) {
		return process.New(process.Config{Dir: dir, Persistence: p, Specs: specs})
	})
	if err != nil {
		t.Fatal(errors.Join(err, fabric.Close()))
	}
	t.Cleanup(func() {
		if err := errors.Join(tg.Close(), fabric.Close()); err != nil {
			t.Errorf("close servers: %v", err)
		}
	})
	return tg, fabric
}
