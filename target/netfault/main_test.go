package netfault

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// patience bounds every wait of a test; none should come near it.
const patience = 30 * time.Second

// glance is how long a test looks at something that must not happen.
const glance = 30 * time.Millisecond

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testContext ends after patience.
func testContext(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// newFabric returns a fabric that is closed after the test.
func newFabric(t testing.TB) *Fabric {
	t.Helper()
	f := New(1)
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// apply lays a rule on links.
func apply(t testing.TB, f *Fabric, links Links, rule Rule) *Harm {
	t.Helper()
	h, err := f.Apply(links, rule)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// server is a listener whose connections the test gets.
type server struct {
	net.Listener
	accepted chan *net.TCPConn
}

func newServer(t testing.TB) *server {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{l, make(chan *net.TCPConn, 100)}
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(s.accepted)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.accepted <- conn.(*net.TCPConn)
		}
	})
	t.Cleanup(func() {
		l.Close()
		wg.Wait()
		for conn := range s.accepted {
			conn.Close()
		}
	})
	return s
}

// next returns the next connection that the server gets.
func (s *server) next(t testing.TB) *net.TCPConn {
	t.Helper()
	select {
	case conn := <-s.accepted:
		t.Cleanup(func() { conn.Close() })
		bound(t, conn)
		return conn
	case <-time.After(patience):
		t.Fatal("the server got no connection")
		return nil
	}
}

// none checks that the server gets no connection.
func (s *server) none(t testing.TB) {
	t.Helper()
	select {
	case <-s.accepted:
		t.Error("the server got a connection")
	case <-time.After(glance):
	}
}

// way is how a client reaches a server by way of a fabric.
type way struct {
	name string
	dial func(t testing.TB, ctx context.Context, f *Fabric, p *Proxy) (net.Conn, error)
}

// ways are both of them; the client is c0.
func ways() []way {
	return []way{
		{"proxy", func(t testing.TB, ctx context.Context, f *Fabric, p *Proxy) (net.Conn, error) {
			t.Helper()
			if err := f.Name("127.0.0.1", "c0"); err != nil {
				t.Fatal(err)
			}
			var d net.Dialer
			return d.DialContext(ctx, "tcp", p.Addr())
		}},
		{"dial", func(_ testing.TB, ctx context.Context, f *Fabric, p *Proxy) (net.Conn, error) {
			return f.Dial(ctx, "c0", p.Addr())
		}},
	}
}

// scene is a client c0 and a server n1 with a connection.
type scene struct {
	t      testing.TB
	fabric *Fabric
	server *server
	proxy  *Proxy
	way    way
	client net.Conn
	peer   *net.TCPConn // the server's side
}

// newScene sets up everything but a connection.
func newScene(t testing.TB, w way) *scene {
	t.Helper()
	s := &scene{t: t, fabric: newFabric(t), server: newServer(t), way: w}
	p, err := s.fabric.Listen("n1", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.Forward(s.server.Addr().String())
	s.proxy = p
	return s
}

// connected returns the scene with a connection.
func connected(t testing.TB, w way) *scene {
	t.Helper()
	s := newScene(t, w)
	s.client = s.open()
	s.peer = s.server.next(t)
	eventually(t, "the fabric knows the connection", func() bool {
		return s.fabric.Stats(Link{"c0", "n1"}).Connections == 1
	})
	return s
}

// open connects the client.
func (s *scene) open() net.Conn {
	s.t.Helper()
	conn, err := s.way.dial(s.t, testContext(s.t), s.fabric, s.proxy)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { conn.Close() })
	bound(s.t, conn)
	return conn
}

func bound(t testing.TB, conn net.Conn) {
	t.Helper()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
}

// both runs a test for both ways to the server.
func both(t *testing.T, test func(t *testing.T, s *scene)) {
	t.Helper()
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) { test(t, connected(t, w)) })
	}
}

// send writes all of the text.
func send(t testing.TB, conn net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}

// hear checks what comes next.
func hear(t testing.TB, conn net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if n, err := io.ReadFull(conn, got); err != nil || string(got) != want {
		t.Fatalf("heard %q, %v; want %q", got[:n], err, want)
	}
}

// silence checks that nothing comes, not even an end.
func silence(t testing.TB, conn net.Conn) {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(glance)); err != nil {
		t.Fatal(err)
	}
	n, err := conn.Read(make([]byte, 1))
	if timeout, ok := err.(net.Error); n != 0 || !ok || !timeout.Timeout() {
		t.Fatalf("heard %d bytes, %v; want silence", n, err)
	}
	bound(t, conn)
}

// hearError checks that nothing comes but an error.
func hearError(t testing.TB, conn net.Conn, is func(error) bool) {
	t.Helper()
	n, err := conn.Read(make([]byte, 1))
	if n != 0 || err == nil || !is(err) {
		t.Fatalf("heard %d bytes, %v", n, err)
	}
}

// eventually waits until the condition holds.
func eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not so within %v: %s", patience, what)
		}
	}
}
