package sim

import (
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// user drives a server over two connections at a time and writes down all it
// says.
type user struct {
	server   *Server
	sessions [2]*Session
}

func newUser(s *Server) *user {
	u := &user{server: s}
	u.connect()
	return u
}

func (u *user) connect() {
	_, _ = u.server.Start()
	u.sessions = [2]*Session{u.server.Connect(), u.server.Connect()}
}

// deed is one thing that can be done to a server.
type deed struct {
	kind    string
	session int
	args    []string
	d       time.Duration
}

func drawDeed(t *rapid.T) deed {
	kind := rapid.SampledFrom([]string{
		"ask", "ask", "ask", "ask", "ask", "ask", "transact", "transact", "script",
		"advance", "sync", "save", "busy", "kill", "power loss", "stop", "connect",
	}).Draw(t, "kind")
	d := deed{kind: kind, session: rapid.IntRange(0, 1).Draw(t, "session")}
	switch kind {
	case "ask":
		d.args = command(t)
	case "transact":
		d.args = rapid.SampledFrom([][]string{{"MULTI"}, {"EXEC"}, {"DISCARD"}, {"WATCH", "n"}, {"WATCH", "s"}, {"UNWATCH"}}).Draw(t, "transaction")
	case "script":
		d.args = rapid.SampledFrom([][]string{
			{"EVAL", cappedIncrement, "1", "n", "3"}, {"EVALSHA", cappedIncrementSHA, "1", "n", "3"},
			{"SADD", "s", "1", "2", "3", "4", "5"}, {"SPOP", "s", "2"}, {"SRANDMEMBER", "s"}, {"SELECT", "3"}, {"LASTSAVE"}, {"BGSAVE"}, {"BGREWRITEAOF"},
			{"SCRIPT", "EXISTS", cappedIncrementSHA}, {"SCRIPT", "FLUSH"}, {"TIME"}, {"INFO"}, {"HELLO", "3"},
		}).Draw(t, "script")
	case "advance":
		d.d = time.Duration(rapid.IntRange(1, 2_000_000).Draw(t, "ms")) * time.Millisecond
	}
	return d
}

// do returns what there was to see.
func (u *user) do(d deed) string {
	s := u.server
	switch d.kind {
	case "advance":
		s.Advance(d.d)
	case "sync":
		s.Sync()
	case "save":
		s.Save()
	case "busy":
		s.Busy(!s.file.slow)
	case "kill":
		s.Kill()
		u.connect()
	case "power loss":
		s.PowerLoss()
		u.connect()
	case "stop":
		s.Stop()
		u.connect()
	case "connect":
		u.sessions[d.session] = s.Connect()
	default:
		return fmt.Sprintf("%q", u.sessions[d.session].Execute(d.args...))
	}
	c := s.Connect()
	return dump(func(args ...string) string { return string(c.Execute(args...)) })
}

// Whatever happened before, a server that was reset answers as a new one does.
func TestAResetServerIsANewOne(t *testing.T) {
	used := &Server{}
	defer used.Close()
	rapid.Check(t, func(t *rapid.T) {
		persistence := func(label string) target.Persistence {
			p, err := target.ParsePersistence(rapid.SampledFrom([]string{"none", "rdb:5/2", "aof-always", "aof-everysec", "mixed:900/3"}).Draw(t, label))
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		used.Reset(persistence("before"))
		user := newUser(used)
		for _, d := range rapid.SliceOfN(rapid.Custom(drawDeed), 0, 20).Draw(t, "before") {
			user.do(d)
		}
		old := user.sessions[0]

		p := persistence("after")
		used.Reset(p)
		fresh := NewServer(p)
		defer fresh.Close()
		if used.Running() || used.Now() != 0 || old.Execute("PING") != nil {
			t.Fatal("a server that was reset runs, knows the time, or answers an old connection")
		}
		again, first := newUser(used), newUser(fresh)
		if old.Alive() || old.Execute("PING") != nil {
			t.Fatal("an old connection came back to life")
		}
		for i, d := range rapid.SliceOfN(rapid.Custom(drawDeed), 1, 30).Draw(t, "after") {
			got, want := again.do(d), first.do(d)
			if got != want {
				t.Fatalf("%d: %v: the reset server says\n%s\nand a new one\n%s", i, d, got, want)
			}
			if !sameMarks(used, fresh) {
				t.Fatalf("%d: %v: the logs stand at %+v and %+v", i, d, used.log, fresh.log)
			}
		}
	})
}

// sameMarks compares everything about the two but their data.
func sameMarks(a, b *Server) bool {
	return a.log.executed() == b.log.executed() && a.log.written == b.log.written && a.log.synced == b.log.synced &&
		a.log.saved == b.log.saved && a.now == b.now && a.savedAt == b.savedAt && a.file == b.file
}

// looks returns what a client sees that looks at its idle connection, as go-redis
// does.
func looks(t *testing.T, c *Session) string {
	t.Helper()
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	err = raw.Read(func(uintptr) bool {
		t.Fatal("there is no socket to look at")
		return true
	})
	return fmt.Sprint(err)
}

// Lives cost no descriptors, and each connection sees how its own life stands.
func TestPulses(t *testing.T) {
	alive, dead := fmt.Sprint(nil), fmt.Sprint(io.EOF)
	s := started(t, "aof-always")
	before := descriptors(t)
	for range 2 * engineLives {
		was := s.Connect()
		s.Reset(s.persistence)
		start(t, s)
		if is := s.Connect(); looks(t, was) != dead || looks(t, is) != alive {
			t.Fatalf("an old connection sees %q, a new one %q", looks(t, was), looks(t, is))
		}
	}
	if after := descriptors(t); after != before {
		t.Errorf("%d descriptors, before %d", after, before)
	}
	s.Kill()
	if got := looks(t, s.Connect()); got != dead {
		t.Errorf("the server is dead, and its connection sees %q", got)
	}
}

// descriptors counts the open ones of this process; 0 where that is not known.
func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if os.IsNotExist(err) {
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// BenchmarkReset is BenchmarkLife on one server.
func BenchmarkReset(b *testing.B) {
	s := started(b, "aof-always")
	for b.Loop() {
		s.Reset(s.persistence)
		start(b, s)
		incr(s, 15)
		s.Kill()
		start(b, s)
	}
}
