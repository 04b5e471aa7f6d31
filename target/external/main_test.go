package external

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jepsen-lite/jepsen-lite/target"
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

// server returns the address of a server that runs until the test ends, and how to
// give it commands before it asks for a password.
func server(t *testing.T, args ...string) (addr string, command func(words ...any) any) {
	t.Helper()
	processtest.Require(t)
	p, err := target.ParsePersistence(target.None)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "servers")
	tg, err := process.New(process.Config{Dir: dir, Persistence: p, Specs: []target.Spec{{Name: "n1", Lines: args}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tg.Close(); err != nil {
			t.Errorf("close server: %v", err)
		}
	})
	if err := tg.Start(testContext(t)); err != nil {
		t.Fatal(err)
	}
	addr = tg.Nodes()[0].Addr()
	return addr, func(words ...any) any {
		t.Helper()
		reply, err := target.Command(testContext(t), addr, words...)
		if err != nil {
			t.Fatalf("%v: %v", words, err)
		}
		return reply
	}
}

func parse(t *testing.T, url string) Address {
	t.Helper()
	a, err := Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// open returns a target, which is closed after the test.
func open(t *testing.T, c Config) *Target {
	t.Helper()
	tg, err := Open(testContext(t), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tg.Close(); err != nil {
			t.Errorf("close target: %v", err)
		}
	})
	return tg
}

// refused wants Open to fail with one line that says this, and whether it is the
// asking that is wrong.
func refused(t *testing.T, c Config, isAsked bool, want string) {
	t.Helper()
	_, err := Open(testContext(t), c)
	if err == nil {
		t.Fatalf("it was opened: want an error with %q", want)
	}
	var wrong *AskedError
	if is := errors.As(err, &wrong); !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || is != isAsked {
		t.Errorf("got %T %v\nwant one line with %q", err, err, want)
	}
}

// freePort is a port on which nobody listens.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// once dials one connection, which there is already.
func once(conn net.Conn) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) { return conn, nil }
}
