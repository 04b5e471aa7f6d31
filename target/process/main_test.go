package process

import (
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		beChild()
		return
	}
	goleak.VerifyTestMain(m)
}

// newNode1 returns a target that is closed after the test, and its node. It
// skips the test where there is no server to run.
func newNode1(t *testing.T, config Config) (*Target, *Node) {
	t.Helper()
	if _, err := Find(""); err != nil {
		if os.Getenv("JEPSEN_LITE_REQUIRE_REDIS") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	if config.Dir == "" {
		config.Dir = filepath.Join(t.TempDir(), "servers")
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
	})
	return tg, tg.Nodes()[0].(*Node)
}

// started is newNode1 with the node running.
func started(t *testing.T, config Config) (*Target, *Node) {
	t.Helper()
	tg, n := newNode1(t, config)
	if err := tg.Start(targettest.Context(t)); err != nil {
		t.Fatal(err)
	}
	return tg, n
}
