package processtest

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process"
)

// startLimit bounds the start of a server.
const startLimit = 30 * time.Second

// Require skips the test, or fails it, unless there is a server to run.
func Require(t testing.TB) {
	t.Helper()
	_, err := process.Find("")
	switch {
	case err == nil:
	case os.Getenv("JEPSEN_LITE_REQUIRE_REDIS") == "1":
		t.Fatal(err)
	default:
		t.Skip(err)
	}
}

// Start returns a running target with that persistence and those extra lines of
// redis.conf. It is closed after the test.
func Start(t testing.TB, persistence string, args ...string) *process.Target {
	t.Helper()
	Require(t)
	p, err := target.ParsePersistence(persistence)
	if err != nil {
		t.Fatal(err)
	}
	tg, err := process.New(process.Config{Dir: filepath.Join(t.TempDir(), "servers"), Persistence: p, Args: args})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tg.Close(); err != nil {
			t.Errorf("close target: %v", err)
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	if err := tg.Start(ctx); err != nil {
		t.Fatal(err)
	}
	return tg
}
