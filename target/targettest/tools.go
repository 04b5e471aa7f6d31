package targettest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Patience bounds every wait of a test; none should come near it.
const Patience = time.Minute

// Context ends after Patience.
func Context(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	t.Cleanup(cancel)
	return ctx
}

// Persistence parses a preset.
func Persistence(t testing.TB, text string) target.Persistence {
	t.Helper()
	p, err := target.ParsePersistence(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Dial returns a client of a node that is running, which answers.
func Dial(t testing.TB, n target.Node) *redis.Client {
	t.Helper()
	client := redis.NewClient(target.ClientOptions(n.Addr(), Patience))
	t.Cleanup(func() { client.Close() })
	if err := client.Ping(Context(t)).Err(); err != nil {
		t.Fatal(err)
	}
	return client
}

// Fill writes that many keys k1, k2, …
func Fill(t testing.TB, n target.Node, keys int) {
	t.Helper()
	script := `for i = 1, ARGV[1] do redis.call('SET', 'k' .. i, i) end`
	if err := Dial(t, n).Eval(Context(t), script, nil, keys).Err(); err != nil && !errors.Is(err, redis.Nil) {
		t.Fatal(err)
	}
}

// Do checks what an action on a node reports.
func Do(t testing.TB, name string, action func(context.Context) (bool, error), want bool) {
	t.Helper()
	if got, err := action(Context(t)); got != want || err != nil {
		t.Fatalf("%s: got %v, %v; want %v", name, got, err, want)
	}
}

// Eventually waits until the condition holds, and fails the test if that takes
// too long.
func Eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(Patience); !condition(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not so within %v: %s", Patience, what)
		}
	}
}
