package workloads

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// impatience is the timeout of connections that a test wants to time out.
const impatience = 150 * time.Millisecond

// A client must see that its server is back as soon as it is: one that stays
// blind hides what happens right after a recovery.
func TestRefusedDial(t *testing.T) {
	node := newServer(t, "none")
	c := connect(t, node, patience)
	do(t, "kill", node.Kill)
	for range 3 {
		before := time.Now()
		if outcome, word := ask(t, c, "SET", "k", 1); outcome != history.Fail || word != "conn-refused" {
			t.Errorf("got %v %q, want fail conn-refused", outcome, word)
		}
		if d := time.Since(before); d > time.Second {
			t.Errorf("a refused dial took %v", d)
		}
	}
	do(t, "start", node.Start)
	if outcome, word := ask(t, c, "SET", "k", 1); outcome != history.OK {
		t.Errorf("right after the start: got %v %q", outcome, word)
	}
}

// What a paused server has in its sockets it executes when it goes on, after the
// client has given up. That is why a timeout is info.
func TestTimeoutOfAPausedServer(t *testing.T) {
	node := newServer(t, "none")
	admin, c := connect(t, node, patience), connect(t, node, impatience)
	must(t, admin, "SET", "k", "old")
	must(t, c, "PING")
	do(t, "pause", node.Pause)
	outcome, word := ask(t, c, "SET", "k", "new")
	if outcome != history.Info || word != "timeout" {
		t.Errorf("got %v %q, want info timeout", outcome, word)
	}
	c.Close()
	do(t, "resume", node.Resume)
	processtest.Eventually(t, "the request was executed", func() bool { return must(t, admin, "GET", "k") == "new" })
}

// On a new connection go-redis greets first. A server that does not answer the
// greeting has never got the request.
func TestTimeoutOfTheGreeting(t *testing.T) {
	node := newServer(t, "none")
	admin, c := connect(t, node, patience), connect(t, node, impatience)
	must(t, admin, "SET", "k", "old")
	do(t, "pause", node.Pause)
	outcome, word := ask(t, c, "SET", "k", "new")
	if outcome != history.Fail || word != "timeout" {
		t.Errorf("got %v %q, want fail timeout", outcome, word)
	}
	do(t, "resume", node.Resume)
	if outcome, word = ask(t, c, "SET", "other", 1); outcome != history.OK {
		t.Errorf("after the resume: got %v %q", outcome, word)
	}
	if got := must(t, admin, "GET", "k"); got != "old" {
		t.Errorf("k is %v: the request was executed after all", got)
	}
}

func TestKilledInFlight(t *testing.T) {
	node := newServer(t, "none")
	admin, c := connect(t, node, patience), connect(t, node, patience)
	must(t, c, "PING")
	type ending struct {
		outcome history.Type
		word    string
	}
	ended := make(chan ending, 1)
	go func() {
		outcome, word := ask(t, c, "BLPOP", "nothing", 0)
		ended <- ending{outcome, word}
	}()
	processtest.Eventually(t, "the request is being executed", func() bool {
		return strings.Contains(must(t, admin, "CLIENT", "LIST").(string), "cmd=blpop")
	})
	do(t, "kill", node.Kill)
	got := <-ended
	if got.outcome != history.Info || !slices.Contains([]string{"eof", "conn-reset"}, got.word) {
		t.Errorf("got %+v, want info by eof or reset", got)
	}
}

// A connection whose server was exchanged between two operations is found dead
// before anything is sent on it.
func TestIdleSocketOfADeadServer(t *testing.T) {
	for _, again := range []bool{true, false} {
		node := newServer(t, "none")
		c := connect(t, node, patience)
		must(t, c, "SET", "k", 1)
		do(t, "kill", node.Kill)
		want, wantWord := history.Fail, "conn-refused"
		if again {
			do(t, "start", node.Start)
			want, wantWord = history.OK, ""
		}
		if outcome, word := ask(t, c, "SET", "k", 2); outcome != want || word != wantWord {
			t.Errorf("server started again %v: got %v %q, want %v %q", again, outcome, word, want, wantWord)
		}
	}
}

// The socket cannot always be looked at first, nor is the look always in time.
// Then the request leaves, and nobody knows.
func TestRequestIntoADeadSocket(t *testing.T) {
	node := newServer(t, "none")
	c := NewConn(func(ctx context.Context) (net.Conn, error) {
		conn, err := dialer(node)(ctx)
		return struct{ net.Conn }{conn}, err // hides SyscallConn
	}, patience, func() {})
	defer c.Close()
	must(t, c, "SET", "k", 1)
	do(t, "kill", node.Kill)
	do(t, "start", node.Start)
	outcome, word := ask(t, c, "SET", "k", 2)
	if outcome != history.Info || !slices.Contains([]string{"eof", "conn-reset"}, word) {
		t.Errorf("got %v %q, want info by eof or reset", outcome, word)
	}
	if outcome, word = ask(t, c, "SET", "k", 3); outcome != history.OK {
		t.Errorf("on the next connection: got %v %q", outcome, word)
	}
}

// brokenConn fails every write after the greeting, of which it takes some bytes.
type brokenConn struct {
	net.Conn
	writes, taken int
}

func (b *brokenConn) Write(p []byte) (int, error) {
	if b.writes++; b.writes == 1 {
		return b.Conn.Write(p)
	}
	return min(b.taken, len(p)), errors.New("broken")
}

// Half a request counts as sent: what is missing of it may be on its way.
func TestWriteThatFails(t *testing.T) {
	node := newServer(t, "none")
	for taken, want := range map[int]history.Type{0: history.Fail, 1: history.Info} {
		c := NewConn(func(ctx context.Context) (net.Conn, error) {
			conn, err := dialer(node)(ctx)
			return &brokenConn{Conn: conn, taken: taken}, err
		}, patience, func() {})
		if outcome, word := ask(t, c, "SET", "k", 1); outcome != want || word != "error: broken" {
			t.Errorf("%d bytes taken: got %v %q, want %v", taken, outcome, word, want)
		}
		c.Close()
	}
}

// A client that gives up while its connection is being made has sent nothing; the
// connection that comes of it later serves the next operation, and is watched.
func TestDialThatTakesTooLong(t *testing.T) {
	node := newServer(t, "none")
	arrive := make(chan struct{})
	c := NewConn(func(ctx context.Context) (net.Conn, error) {
		<-arrive
		return dialer(node)(context.Background())
	}, patience, func() {})
	defer c.Close()
	hurried, cancel := context.WithTimeout(testContext(t), impatience)
	defer cancel()
	c.Begin()
	if outcome, word := c.Outcome(c.Redis.Set(hurried, "k", "first", 0).Err()); outcome != history.Fail || word != "timeout" {
		t.Errorf("got %v %q, want fail timeout", outcome, word)
	}
	close(arrive)
	if outcome, word := ask(t, c, "SET", "k", "second", "NX"); outcome != history.OK || !c.sent.Load() {
		t.Errorf("got %v %q, seen to leave %v", outcome, word, c.sent.Load())
	}
}

func TestClosedConn(t *testing.T) {
	node := newServer(t, "none")
	c := connect(t, node, patience)
	must(t, c, "PING")
	c.Close()
	if outcome, word := ask(t, c, "SET", "k", 1); outcome != history.Fail || word != "conn-closed" {
		t.Errorf("got %v %q, want fail conn-closed", outcome, word)
	}
}

// At its limit of clients, a server turns new ones away with an error.
func TestTooManyClients(t *testing.T) {
	node := newServer(t, "none")
	admin, c := connect(t, node, patience), connect(t, node, patience)
	must(t, admin, "CONFIG", "SET", "maxclients", 1)
	outcome, word := ask(t, c, "SET", "k", 1)
	if outcome == history.OK || word == "" { // info if the greeting was over by then
		t.Errorf("got %v %q", outcome, word)
	}
	must(t, admin, "CONFIG", "SET", "maxclients", 10)
	if got := must(t, admin, "EXISTS", "k"); got != int64(0) {
		t.Error("the request was executed")
	}
	if outcome, word := ask(t, c, "SET", "k", 1); outcome != history.OK {
		t.Errorf("afterwards: got %v %q", outcome, word)
	}
}

// While a server loads its data it refuses everything else.
func TestLoading(t *testing.T) {
	node := newServer(t, "rdb", "key-load-delay 2000", "loading-process-events-interval-bytes 1024")
	admin := connect(t, node, patience)
	must(t, admin, "EVAL", "for i = 1, 2000 do redis.call('SET', 'k' .. i, string.rep('x', 50)) end", 0)
	do(t, "stop", node.Stop)
	started := make(chan error, 1)
	go func() {
		_, err := node.Start(testContext(t))
		started <- err
	}()
	c := connect(t, node, patience)
	var outcome history.Type
	var word string
	processtest.Eventually(t, "the server answers", func() bool {
		outcome, word = ask(t, c, "SET", "k1", "new")
		return word != "conn-refused"
	})
	if outcome != history.Fail || word != "loading" {
		t.Errorf("got %v %q, want fail loading", outcome, word)
	}
	if outcome, word = ask(t, c, "EVALSHA", strings.Repeat("0", 40), 0); outcome != history.Fail || word != "loading" {
		t.Errorf("a script: got %v %q, want fail loading", outcome, word)
	}
	must(t, c, "CONFIG", "SET", "key-load-delay", 0)
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	if got := must(t, admin, "GET", "k1"); got == "new" {
		t.Error("the refused command had an effect")
	}
}
