package process

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"
)

// patience bounds every wait of a test; none should come near it.
const patience = 30 * time.Second

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		beChild()
		return
	}
	goleak.VerifyTestMain(m)
}

// testContext ends after patience.
func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func persistence(t *testing.T, text string) target.Persistence {
	t.Helper()
	p, err := target.ParsePersistence(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
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
		config.Persistence = persistence(t, "aof-always")
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
	if err := tg.Start(testContext(t)); err != nil {
		t.Fatal(err)
	}
	return tg, n
}

// dial returns a client of a node that is running.
func dial(t *testing.T, n *Node) *redis.Client {
	t.Helper()
	client := redis.NewClient(target.ClientOptions(n.Addr(), patience))
	t.Cleanup(func() { client.Close() })
	if err := client.Ping(testContext(t)).Err(); err != nil {
		t.Fatal(err)
	}
	return client
}

// fill writes keys k1, k2, … and returns how many.
func fill(t *testing.T, n *Node, keys int) {
	t.Helper()
	script := `for i = 1, ARGV[1] do redis.call('SET', 'k' .. i, i) end`
	if err := dial(t, n).Eval(testContext(t), script, nil, keys).Err(); err != nil && !errors.Is(err, redis.Nil) {
		t.Fatal(err)
	}
}

// do checks what an action on a node reports.
func do(t *testing.T, name string, action func(context.Context) (bool, error), want bool) {
	t.Helper()
	if got, err := action(testContext(t)); got != want || err != nil {
		t.Fatalf("%s: got %v, %v; want %v", name, got, err, want)
	}
}

// eventually waits until the condition holds.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !condition(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not so within %v: %s", patience, what)
		}
	}
}
