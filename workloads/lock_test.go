package workloads

import (
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// newClients returns two clients of a lock, on one server; a grant lasts a
// minute.
func newClients(t *testing.T, name string) (a, b *performer) {
	t.Helper()
	w, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	all := newPerformers(t, dialer(newServer(t, "aof-always")), w, Options{TTL: time.Minute}, NewKeys(1, 0), 2)
	return all[0], all[1]
}

// mustExpire checks that the lock would expire within a minute, and has it expire
// now.
func mustExpire(t *testing.T, p *performer) {
	t.Helper()
	if ttl := must(t, p.conn, "PTTL", "test:k1").(int64); ttl <= 0 || ttl > time.Minute.Milliseconds() {
		t.Errorf("%d ms to live, want a minute at most", ttl)
	}
	must(t, p.conn, "PEXPIRE", "test:k1", 1)
	processtest.Eventually(t, "the lock has expired", func() bool { return must(t, p.conn, "EXISTS", "test:k1") == int64(0) })
}

func TestLock(t *testing.T) {
	a, b := newClients(t, "lock")
	a.mustDo(t, step{"acquire", `"ta"`, history.OK, `"ta"`, ""})
	b.mustDo(t,
		step{"acquire", `"tb"`, history.OK, `{"held_by":"ta"}`, ""},
		step{"release", `"tb"`, history.Fail, "", "not-held"}, // it never had it
	)
	a.mustDo(t,
		step{"acquire", `"ta2"`, history.OK, `{"held_by":"ta"}`, ""},
		step{"release", `"ta"`, history.OK, `"ta"`, ""},
	)
	b.mustDo(t,
		step{"acquire", `"tb"`, history.OK, `"tb"`, ""},
		step{"release", `"tb"`, history.OK, `"tb"`, ""},
	)
}

// A lock that expires while it is held: the holder learns it when it releases.
func TestLockExpires(t *testing.T) {
	a, b := newClients(t, "lock")
	a.mustDo(t, step{"acquire", `"ta"`, history.OK, `"ta"`, ""})
	mustExpire(t, b)
	b.mustDo(t, step{"acquire", `"tb"`, history.OK, `"tb"`, ""})
	a.mustDo(t, step{"release", `"ta"`, history.OK, "false", ""})
	if got := must(t, b.conn, "GET", "test:k1"); got != "tb" {
		t.Errorf("the lock is held by %v: a's release touched it", got)
	}
}

// An acquire of unknown outcome is abandoned by the process that comes after it:
// by the token it releases what may have been granted, and nothing else.
func TestLockAbandoned(t *testing.T) {
	a, next := newClients(t, "lock")
	next.mustDo(t, step{"release", `"ta"`, history.Fail, "", "not-held"})
	a.mustDo(t, step{"acquire", `"ta"`, history.OK, `"ta"`, ""})
	next.mustDo(t,
		step{"release", `"other"`, history.Fail, "", "not-held"},
		step{"release", `"ta"`, history.OK, `"ta"`, ""},
	)
	a.mustDo(t, step{"release", `"ta"`, history.OK, "false", ""})
}

// The naive lock's release deletes whatever lock there is.
func TestLockNaiveDeletesAnothersLock(t *testing.T) {
	a, b := newClients(t, "lock-naive")
	a.mustDo(t,
		step{"acquire", `"ta"`, history.OK, `"ta"`, ""},
		step{"acquire", `"ta2"`, history.OK, "false", ""},
	)
	mustExpire(t, b)
	b.mustDo(t, step{"acquire", `"tb"`, history.OK, `"tb"`, ""})
	a.mustDo(t,
		step{"release", `"ta"`, history.OK, `"ta"`, ""},
		step{"acquire", `"ta2"`, history.OK, `"ta2"`, ""}, // while b holds it
	)
	must(t, a.conn, "DEL", "test:k1")
	a.mustDo(t, step{"release", `"ta2"`, history.OK, "false", ""})
}

// Between its two commands the naive lock has no time to live. A client that
// gets no further leaves it locked for ever, and must say that it may have.
func TestLockNaiveWithoutExpiry(t *testing.T) {
	node := newServer(t, "aof-always")
	commands := 0
	conn := NewConn(dialer(node), patience, func() {
		if commands++; commands == 2 {
			do(t, "kill", node.Kill)
		}
	})
	defer conn.Close()
	client := lockNaive().New(Options{TTL: time.Minute}).Client(Env{Conn: conn, Prefix: "test:"})
	conn.Begin()
	_, err := client.Do(testContext(t), Op{F: "acquire", Key: "k1", Value: history.Str("ta")})
	if outcome, word := conn.Outcome(err); outcome != history.Info || word != "conn-refused" {
		t.Errorf("got %v %q, want info conn-refused", outcome, word)
	}
	do(t, "start", node.Start)
	if ttl := must(t, conn, "PTTL", "test:k1"); ttl != int64(-1) {
		t.Errorf("got %v to live, want -1: for ever", ttl)
	}
}

func TestLockFenced(t *testing.T) {
	a, b := newClients(t, "lock-fenced")
	a.mustDo(t, step{"acquire", "null", history.OK, "1", ""})
	b.mustDo(t, step{"acquire", "null", history.OK, `{"held_by":1}`, ""})
	a.mustDo(t,
		step{"write", "1", history.OK, "1", ""},
		step{"write", "1", history.OK, "1", ""}, // as often as it likes
		step{"release", "1", history.OK, "1", ""},
		step{"acquire", "null", history.OK, "2", ""},
	)
	mustExpire(t, b)
	b.mustDo(t, step{"acquire", "null", history.OK, "3", ""})
	a.mustDo(t,
		// The resource cannot know of 3 before it has seen it.
		step{"write", "2", history.OK, "2", ""},
		step{"release", "2", history.OK, "false", ""},
	)
	b.mustDo(t, step{"write", "3", history.OK, "3", ""})
	a.mustDo(t, step{"write", "2", history.Fail, "", "stale-token"})
	b.mustDo(t, step{"release", "3", history.OK, "3", ""})
	other := Op{F: "write", Key: "k2", Value: history.Int(1)}
	if outcome, _, word := a.perform(t, other); outcome != history.OK {
		t.Errorf("a write under another lock: got %v %q", outcome, word)
	}
}

// Two runs do not share their resource.
func TestResourceOfARun(t *testing.T) {
	newer, _ := newClients(t, "lock-fenced")
	newer.mustDo(t, step{"write", "9", history.OK, "9", ""})
	older, _ := newClients(t, "lock-fenced")
	older.mustDo(t, step{"write", "1", history.OK, "1", ""})
}
