package sim

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func started(t testing.TB, preset string) *Server {
	t.Helper()
	p, err := target.ParsePersistence(preset)
	if err != nil {
		t.Fatal(err)
	}
	s := NewServer(p)
	start(t, s)
	t.Cleanup(s.Close)
	return s
}

func start(t testing.TB, s *Server) {
	t.Helper()
	if did, err := s.Start(); !did || err != nil {
		t.Fatalf("start: %v, %v", did, err)
	}
}

// get asks over a connection of its own.
func get(s *Server, key string) string {
	return strings.TrimSpace(string(s.Connect().Execute("GET", key)))
}

func incr(s *Server, times int) {
	c := s.Connect()
	for range times {
		c.Execute("INCR", "n")
	}
}

const (
	absent = "$-1"
	two    = "$1\r\n2"
	five   = "$1\r\n5"
)

// Two additions, a sync of the disk's, three more, and then what the test says.
func TestWhatACrashLeaves(t *testing.T) {
	kill := func(s *Server) { s.Kill() }
	stop := func(s *Server) { s.Stop() }
	for _, test := range []struct {
		preset string
		crash  string
		do     func(*Server)
		want   string
	}{
		{"none", "kill", kill, absent},
		{"none", "stop", stop, absent},
		{"none", "power loss", (*Server).PowerLoss, absent},
		{"rdb", "kill", kill, two},
		{"rdb", "stop", stop, five},
		{"rdb", "power loss", (*Server).PowerLoss, two},
		{"aof-always", "kill", kill, five},
		{"aof-always", "power loss", (*Server).PowerLoss, five},
		{"aof-everysec", "kill", kill, five},
		{"aof-everysec", "stop", stop, five},
		{"aof-everysec", "power loss", (*Server).PowerLoss, two},
		{"aof-no", "kill", kill, five},
		{"aof-no", "power loss", (*Server).PowerLoss, two},
		{"mixed", "kill", kill, five},
		{"mixed", "power loss", (*Server).PowerLoss, two},
	} {
		t.Run(test.preset+" "+test.crash, func(t *testing.T) {
			s := started(t, test.preset)
			incr(s, 2)
			s.Sync()
			if len(s.persistence.SavePoints()) > 0 {
				s.Save()
			}
			incr(s, 3)
			test.do(s)
			if s.Running() {
				t.Fatal("it still runs")
			}
			start(t, s)
			if got := get(s, "n"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// Under everysec, Redis holds its log back behind an fsync that takes long, for
// two seconds; what it holds back dies with it.
func TestALogHeldBackIsLostByAKill(t *testing.T) {
	for _, test := range []struct {
		name    string
		after   time.Duration
		want    string
		delayed int
	}{
		{"soon", time.Second, two, 0},
		{"when Redis has given up waiting", 3 * time.Second, five, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := started(t, "aof-everysec")
			incr(s, 2)
			s.Busy(true)
			s.Advance(time.Second) // it begins an fsync, which does not end
			incr(s, 3)
			s.Advance(test.after)
			if s.file.delayed != test.delayed {
				t.Errorf("delayed %d times, want %d", s.file.delayed, test.delayed)
			}
			s.Kill()
			start(t, s)
			if got := get(s, "n"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestEverySecondTheFileIsSynced(t *testing.T) {
	s := started(t, "aof-everysec")
	incr(s, 2)
	s.Advance(time.Second)
	incr(s, 3)
	s.PowerLoss()
	start(t, s)
	if got := get(s, "n"); got != two {
		t.Errorf("got %q, want what was there a second before", got)
	}
}

// What a kill left in the kernel's hands, a start does not sync: the next write's
// sync does.
func TestAStartDoesNotSync(t *testing.T) {
	for _, test := range []struct {
		preset string
		more   int // written after the start
		want   string
	}{
		{"aof-everysec", 0, two},
		{"aof-everysec", 1, "$1\r\n6"},
		{"aof-no", 1, two},
		{"aof-always", 0, five},
	} {
		t.Run(fmt.Sprint(test.preset, " ", test.more), func(t *testing.T) {
			s := started(t, test.preset)
			incr(s, 2)
			s.Sync()
			incr(s, 3)
			s.Kill()
			start(t, s)
			if got := get(s, "n"); got != five {
				t.Errorf("after the kill: %q", got)
			}
			incr(s, test.more)
			s.Advance(2 * time.Second)
			s.PowerLoss()
			start(t, s)
			if got := get(s, "n"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestSavePoints(t *testing.T) {
	s := started(t, "rdb:5/2")
	incr(s, 1)
	s.Advance(10 * time.Second)
	s.Kill()
	start(t, s)
	if got := get(s, "n"); got != absent {
		t.Errorf("one change of two was saved: %q", got)
	}
	incr(s, 2)
	s.Advance(6 * time.Second)
	s.Kill()
	start(t, s)
	if got := get(s, "n"); got != two {
		t.Errorf("got %q, want the two changes that were saved", got)
	}
}

func TestKeysExpireInVirtualTime(t *testing.T) {
	s := started(t, "aof-always")
	c := s.Connect()
	c.Execute("SET", "short", "1", "PX", "300")
	c.Execute("SET", "long", "1", "PX", "5000")
	s.Advance(299 * time.Millisecond)
	if get(s, "short") == absent {
		t.Error("it expired too early")
	}
	s.Advance(time.Millisecond)
	if get(s, "short") != absent {
		t.Error("it did not expire")
	}
	s.Kill()
	s.Advance(4 * time.Second) // time passes for a server that is down, too
	start(t, s)
	if got := strings.TrimSpace(string(s.Connect().Execute("PTTL", "long"))); got != ":700" {
		t.Errorf("PTTL %s, want :700", got)
	}
	s.Kill()
	s.Advance(time.Second)
	start(t, s)
	if get(s, "long") != absent {
		t.Error("it did not expire while the server was down")
	}
}

func TestAConnectionEndsWithItsServer(t *testing.T) {
	s := started(t, "aof-always")
	c := s.Connect()
	s.Kill()
	if reply := c.Execute("PING"); reply != nil || c.Alive() {
		t.Errorf("a dead server answers %q", reply)
	}
	start(t, s)
	if reply := c.Execute("PING"); reply != nil || c.Alive() {
		t.Errorf("an old connection answers %q", reply)
	}
	if reply := s.Connect().Execute("PING"); string(reply) != "+PONG\r\n" {
		t.Errorf("got %q", reply)
	}
}

func TestWhatItCannotDoItRefuses(t *testing.T) {
	c := started(t, "none").Connect()
	for _, args := range [][]string{{"BLPOP", "k", "0"}, {"CONFIG", "GET", "save"}, {"WAIT", "1", "0"}, {"DEBUG", "SLEEP", "1"}} {
		if reply := string(c.Execute(args...)); !strings.HasPrefix(reply, "-ERR the simulator ") {
			t.Errorf("%v: got %q", args, reply)
		}
	}
}

func TestATransactionIsThereWholeOrNotAtAll(t *testing.T) {
	s := started(t, "aof-always")
	c := s.Connect()
	for _, args := range [][]string{{"MULTI"}, {"INCR", "n"}, {"INCR", "n"}, {"EXEC"}, {"MULTI"}, {"INCR", "n"}, {"DISCARD"}, {"MULTI"}, {"INCR", "n"}} {
		c.Execute(args...)
	}
	if n := s.log.executed(); n != 1 {
		t.Errorf("the log has %d entries, want the one transaction", n)
	}
	s.Kill()
	start(t, s)
	if got := get(s, "n"); got != two {
		t.Errorf("got %q, want %q", got, two)
	}
}

func ExampleServer_PowerLoss() {
	p, _ := target.ParsePersistence("aof-everysec")
	s := NewServer(p)
	s.Start()
	s.Connect().Execute("SET", "k", "old")
	s.Advance(time.Second) // the file is synced
	s.Connect().Execute("SET", "k", "new")
	s.PowerLoss()
	s.Start()
	fmt.Printf("%q\n", s.Connect().Execute("GET", "k"))
	s.Close()
	// Output:
	// "$3\r\nold\r\n"
}

// BenchmarkLife is what a schedule costs at least: a start, fifteen commands, a
// kill, and a start that loads them.
func BenchmarkLife(b *testing.B) {
	p, err := target.ParsePersistence("aof-always")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s := NewServer(p)
		start(b, s)
		incr(s, 15)
		s.Kill()
		start(b, s)
		s.Close()
	}
}

// What stands beside a script that the server does not know is kept all the same.
func TestATransactionWithAnUnknownScript(t *testing.T) {
	s := started(t, "aof-always")
	c := s.Connect()
	for _, args := range [][]string{{"MULTI"}, {"INCR", "n"}, {"EVALSHA", "0123456789012345678901234567890123456789", "0"}, {"INCR", "n"}, {"EXEC"}} {
		c.Execute(args...)
	}
	s.Kill()
	start(t, s)
	if got := get(s, "n"); got != two {
		t.Errorf("got %q, want %q", got, two)
	}
}

// A script that was flushed is not executed, and one that changes nothing leaves
// nothing: what is logged is what scripts do.
func TestAFlushedScriptIsNotLogged(t *testing.T) {
	s := started(t, "aof-always")
	c := s.Connect()
	for _, args := range [][]string{{"EVAL", cappedIncrement, "1", "n", "9"}, {"EVAL", "return 1", "0"}, {"SCRIPT", "FLUSH"}, {"EVALSHA", cappedIncrementSHA, "1", "n", "9"}} {
		c.Execute(args...)
	}
	if n := s.log.executed(); n != 1 {
		t.Errorf("the log has %d entries, want one", n)
	}
}

// FLUSHALL makes a snapshot of nothing where there are save points.
func TestFlushAllSaves(t *testing.T) {
	for preset, want := range map[string]string{"rdb": absent, "none": five} {
		s := started(t, preset)
		incr(s, 5)
		s.Save()
		ask(s.Connect(), "FLUSHALL")
		s.Kill()
		start(t, s)
		if got := get(s, "n"); got != want {
			t.Errorf("%s: got %q, want %q", preset, got, want)
		}
	}
}
