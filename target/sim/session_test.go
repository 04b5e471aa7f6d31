package sim

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// ask executes commands, each given as words, and returns the last reply.
func ask(c *Session, commands ...string) string {
	reply := ""
	for _, text := range commands {
		reply = string(c.Execute(strings.Fields(text)...))
	}
	return reply
}

// What RESP3 says differently, and the errors that depend on nothing.
func TestRepliesAreThoseOfRedis(t *testing.T) {
	w := dial(t, processtest.Start(t, "none").Nodes()[0].Addr())
	c := started(t, "none").Connect()
	for _, text := range []string{
		"GET", "SET k", "EVAL x", "EXEC", "DISCARD", "MULTI", "MULTI", "WATCH k", "GET", "EXEC", "SELECT 16", "SELECT x", "SELECT -1",
		"SADD s a", "SPOP s x", "SPOP s -1", "SPOP s 1 2", "SRANDMEMBER s x", "SRANDMEMBER s 1 2", "SPOP none", "SPOP none 2", "SRANDMEMBER none 2", "SPOP s 0",
		"SET k v", "SPOP k", "SRANDMEMBER k", "MULTI", "SAVE", "EXEC", "BGSAVE x", "FLUSHALL x",
		"SET i 00", "INCR i", "INCRBY i 1", "DECR i", "SET i +1", "INCR i", "SET i -0", "INCR i", "SET i -1", "INCR i", "INCRBY i 01", "INCRBY s 01", "INCRBY s 1",
		"SET i 9223372036854775807", "INCR i", "INCR none", "HSET h f 01", "HINCRBY h f 1", "HINCRBY h g 01", "HINCRBY h g 1", "HINCRBY i g 1", "SET i 1x", "DECRBY i 2",
		"EVALSHA 0123456789012345678901234567890123456789 0", "SCRIPT LOAD return(1)", "EVALSHA A6B9A9ED2D1A3B2FD9C6F7A8E1F3D53FA9C4F4A1 0",
		"EVAL return(redis.call('INCR','k')) 0", "EVAL return(redis.call('GET')) 0", "EVAL return(redis.call('MULTI')) 0", "EVAL error('x') 0",
		"EVAL return(redis.pcall('INCR','k')) 0", "EVAL return({err='MY_own'}) 0", "EVAL return(redis.error_reply('MY_own')) 0",
		"HELLO 3", "GET none", "SPOP none", "SPOP none 2", "SRANDMEMBER none", "SRANDMEMBER none 2", "SRANDMEMBER s 2", "SRANDMEMBER s -2", "SMEMBERS s", "SPOP s 2",
		"WATCH k", "SET k w", "MULTI", "GET k", "EXEC", "SADD s a", "SPOP s", "HELLO", "HELLO 2", "HELLO", "HELLO 4", "GET none",
	} {
		args := strings.Fields(text)
		simulated, real := string(c.Execute(args...)), w.execute(t, args...)
		if args[0] == "HELLO" { // but for the number of the connection
			simulated, real = withoutID(simulated), withoutID(real)
		}
		if simulated != real {
			t.Errorf("%s: simulated %q, real %q", text, simulated, real)
		}
	}
}

func withoutID(reply string) string {
	before, after, _ := strings.Cut(reply, "$2\r\nid\r\n:")
	_, after, _ = strings.Cut(after, "\r\n")
	return before + after
}

// What was drawn is in the log, and is the same whenever the same was done.
func TestWhatWasDrawnIsLogged(t *testing.T) {
	for _, pop := range []string{"SPOP s 3", "SPOP s", "EVAL redis.call('SPOP','s','3')redis.call('SPOP','s') 0"} {
		left := map[string]bool{}
		for range 3 {
			s := started(t, "aof-always")
			ask(s.Connect(), "SADD s 1 2 3 4 5 6 7 8 9", pop)
			before := ask(s.Connect(), "SMEMBERS s")
			left[before] = true
			s.Kill()
			start(t, s)
			if after := ask(s.Connect(), "SMEMBERS s"); after != before {
				t.Errorf("%s left %q, and after a restart %q", pop, before, after)
			}
		}
		if len(left) != 1 {
			t.Errorf("%s: three times the same, and %d results", pop, len(left))
		}
	}
	c := started(t, "none").Connect()
	ask(c, "SADD s 1 2 3 4 5 6 7 8 9")
	drawn := map[string]bool{}
	for range 100 {
		drawn[ask(c, "SRANDMEMBER s")] = true
	}
	if len(drawn) != 9 {
		t.Errorf("of 9 members, 100 times one, only %d were drawn", len(drawn))
	}
}

// Clients may ask for persistence.
func TestClientsSave(t *testing.T) {
	for _, test := range []struct {
		preset, command, want string
	}{
		{"none", "SAVE", five},
		{"rdb", "BGSAVE", five},
		{"rdb", "BGSAVE SCHEDULE", five},
		{"rdb", "BGREWRITEAOF", absent}, // it has no such file
		{"aof-no", "SAVE", two},         // a start reads the append-only file
		{"aof-no", "BGREWRITEAOF", five},
	} {
		t.Run(test.preset+" "+test.command, func(t *testing.T) {
			s := started(t, test.preset)
			incr(s, 2)
			s.Sync()
			incr(s, 3)
			s.Advance(time.Minute)
			if reply := ask(s.Connect(), test.command); reply[0] != '+' {
				t.Fatal(reply)
			}
			if test.command != "BGREWRITEAOF" {
				if got, want := ask(s.Connect(), "LASTSAVE"), fmt.Sprintf(":%d\r\n", epoch.Unix()+60); got != want {
					t.Errorf("LASTSAVE %q, want %q", got, want)
				}
			}
			s.PowerLoss()
			start(t, s)
			if got := get(s, "n"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestDatabasesAreKeptApart(t *testing.T) {
	s := started(t, "aof-always")
	c := s.Connect()
	ask(c, "SET k 0", "SELECT 3", "SET k 3", "MULTI", "SELECT 4", "SET k 4", "EXEC", "EVAL redis.call('SELECT','5')redis.call('SET','k','5') 0")
	if got := ask(c, "GET k"); got != "$1\r\n4\r\n" {
		t.Errorf("after a script that selected another database: %q", got)
	}
	s.Kill()
	start(t, s)
	for _, db := range []string{"0", "3", "4", "5"} {
		if got := ask(s.Connect(), "SELECT "+db, "GET k"); got != "$1\r\n"+db+"\r\n" {
			t.Errorf("database %s: %q", db, got)
		}
	}
	ask(s.Connect(), "SELECT 3", "FLUSHDB")
	if got := ask(s.Connect(), "SELECT 4", "GET k"); got == "$-1\r\n" {
		t.Error("FLUSHDB emptied another database")
	}
}

// A server that loads refuses what Redis refuses then.
//
//	start -------- loading, 3 s -------- ready
//	    GET: LOADING      INFO: loading:1      GET
func TestWhileItLoads(t *testing.T) {
	s := started(t, "aof-always")
	ask(s.Connect(), "SET k v")
	s.SetLoadTime(3 * time.Second)
	if got := ask(s.Connect(), "GET k"); got != "$1\r\nv\r\n" {
		t.Errorf("the setting is for starts: %q", got)
	}
	s.Kill()
	start(t, s)
	c := s.Connect()
	const loading = "-LOADING Redis is loading the dataset in memory\r\n"
	for _, text := range []string{"GET k", "SET k w", "PING", "EVAL return(1) 0", "SCRIPT LOAD x", "DBSIZE", "SAVE"} {
		if got := ask(c, text); got != loading {
			t.Errorf("%s: %q", text, got)
		}
	}
	for _, text := range []string{"SELECT 0", "HELLO 2", "ECHO k", "TIME", "CLIENT SETNAME x", "WATCH k", "UNWATCH", "LASTSAVE", "ROLE", "MULTI"} {
		if got := ask(c, text); got[0] == '-' {
			t.Errorf("%s: %q", text, got)
		}
	}
	if got := ask(c, "GET k"); got != loading {
		t.Errorf("in a transaction: %q", got)
	}
	if got := ask(c, "EXEC"); got != "-EXECABORT Transaction discarded because of previous errors.\r\n" {
		t.Errorf("EXEC: %q", got)
	}
	s.Advance(3*time.Second - 1)
	if got := ask(c, "GET k"); got != loading || !strings.Contains(ask(c, "INFO"), "loading:1\r\n") {
		t.Errorf("too early: %q", got)
	}
	s.Advance(1)
	if got := ask(c, "GET k"); got != "$1\r\nv\r\n" || !strings.Contains(ask(c, "INFO"), "loading:0\r\n") {
		t.Errorf("loaded: %q", got)
	}
}

// A key that expires while it is watched was touched.
func TestAWatchedKeyThatExpires(t *testing.T) {
	w := dial(t, processtest.Start(t, "none").Nodes()[0].Addr())
	s := started(t, "none")
	c := s.Connect()
	for _, text := range []string{"SET k v PX 1000", "WATCH k", "", "MULTI", "PING", "EXEC"} {
		if text == "" {
			s.Advance(1100 * time.Millisecond)
			time.Sleep(1100 * time.Millisecond)
			continue
		}
		args := strings.Fields(text)
		if simulated, real := string(c.Execute(args...)), w.execute(t, args...); simulated != real {
			t.Errorf("%s: simulated %q, real %q", text, simulated, real)
		}
	}
}

// The snapshot of a FLUSHALL does not have what follows it in its transaction.
func TestFlushAllInATransaction(t *testing.T) {
	s := started(t, "rdb:900/1000000")
	c := s.Connect()
	for _, args := range [][]string{{"SET", "n", "1"}, {"MULTI"}, {"FLUSHALL"}, {"SET", "n", "2"}, {"EXEC"}} {
		c.Execute(args...)
	}
	s.Kill()
	start(t, s)
	if got := get(s, "n"); got != absent {
		t.Errorf("got %q, want nothing: the snapshot was made before", got)
	}
}
