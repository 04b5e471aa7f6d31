package harness

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"go.uber.org/goleak"

	"github.com/jepsen-lite/jepsen-lite/target/docker"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

func TestMain(m *testing.M) {
	redis.SetLogger(&logging.VoidLogger{}) // it reports every refused dial
	docker.TakeOver()
	goleak.VerifyTestMain(m)
}

// patience bounds every wait of a test; none should come near it.
const patience = time.Minute

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// short returns a run of a few seconds with many faults, in a store of the
// test's own. It skips the test where there is no server.
func short(t *testing.T, workload, persistence string) Config {
	t.Helper()
	processtest.Require(t)
	c := Defaults()
	c.Workload, c.Persistence, c.Store, c.Seed = workload, persistence, t.TempDir(), 1
	c.TimeLimit, c.Interval = 1500*time.Millisecond, 200*time.Millisecond
	c.Concurrency, c.Rate, c.Keys, c.OpsPerKey = 5, 1000, 4, 100
	c.OpTimeout = 200 * time.Millisecond
	return c
}
