package processtest

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

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

// Start is StartIn in a folder of its own.
func Start(t testing.TB, persistence string, args ...string) *process.Target {
	t.Helper()
	return StartIn(t, filepath.Join(t.TempDir(), "servers"), persistence, args...)
}

// StartIn returns a running target with its files in that folder, with that
// persistence and those extra lines of redis.conf. It is closed after the test.
func StartIn(t testing.TB, dir, persistence string, args ...string) *process.Target {
	t.Helper()
	Require(t)
	p, err := target.ParsePersistence(persistence)
	if err != nil {
		t.Fatal(err)
	}
	tg, err := process.New(process.Config{Dir: dir, Persistence: p, Args: args})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tg.Close(); err != nil || tg.Nodes()[0].(*process.Node).Running() {
			t.Errorf("close target: %v, or the server still runs", err)
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), targettest.Patience)
	defer cancel()
	if err := tg.Start(ctx); err != nil {
		t.Fatal(err)
	}
	return tg
}

// Eventually is that of targettest.
func Eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	targettest.Eventually(t, what, condition)
}
