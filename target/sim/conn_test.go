package sim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/held"
)

// client returns a go-redis client whose connections have that hook; conns gets
// each of them.
func client(t testing.TB, s *Server, hook held.Hook, conns func(*held.Conn)) *redis.Client {
	t.Helper()
	options := target.ClientOptions("simulated", time.Second)
	options.Dialer = func(context.Context, string, string) (net.Conn, error) {
		c, err := s.Dial(hook)
		if err != nil {
			// Not an error: go-redis would dial again in a goroutine of its own.
			return refused{err: err}, nil
		}
		if conns != nil {
			conns(c)
		}
		return c, nil
	}
	c := redis.NewClient(options)
	t.Cleanup(func() { c.Close() })
	return c
}

// refused is the connection of a dial that failed.
type refused struct {
	*held.Conn
	err error
}

func (r refused) Read([]byte) (int, error)              { return 0, r.err }
func (r refused) Write([]byte) (int, error)             { return 0, r.err }
func (r refused) Close() error                          { return nil }
func (r refused) SyscallConn() (syscall.RawConn, error) { return nil, r.err }

func TestGoRedisWorksOnASimulatedServer(t *testing.T) {
	s := started(t, "aof-always")
	c, ctx := client(t, s, nil, nil), t.Context()
	if n, err := c.IncrBy(ctx, "n", 5).Result(); n != 5 || err != nil {
		t.Errorf("INCRBY: %d, %v", n, err)
	}
	if err := c.Get(ctx, "none").Err(); !errors.Is(err, redis.Nil) {
		t.Errorf("GET of nothing: %v", err)
	}
	if got, err := redis.NewScript(`return {1, redis.call('GET', KEYS[1])}`).Run(ctx, c, []string{"n"}).Slice(); err != nil || got[1] != "5" {
		t.Errorf("script: %v, %v", got, err)
	}
	if _, err := c.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.SAdd(ctx, "s", 1, 2)
		p.LPush(ctx, "l", 3)
		return nil
	}); err != nil {
		t.Error(err)
	}
	if got, err := c.SMembers(ctx, "s").Result(); err != nil || len(got) != 2 {
		t.Errorf("SMEMBERS: %v, %v", got, err)
	}
	info, err := target.Info(ctx, c, "persistence")
	if err != nil || info["loading"] != "0" || info["aof_enabled"] != "1" {
		t.Errorf("INFO: %v, %v", info, err)
	}
}

func TestAClientSeesThatItsServerHasDied(t *testing.T) {
	s := started(t, "aof-always")
	var dials int
	c, ctx := client(t, s, nil, func(*held.Conn) { dials++ }), t.Context()
	if err := c.Set(ctx, "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	s.Kill()
	if err := c.Get(ctx, "k").Err(); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a dead server: %v, want a refused dial, for the connection was idle", err)
	}
	start(t, s)
	c = client(t, s, nil, nil)
	if got, err := c.Get(ctx, "k").Result(); got != "v" || err != nil {
		t.Errorf("after the start: %q, %v", got, err)
	}
}

func TestEachRequestHasItsMoments(t *testing.T) {
	s := started(t, "aof-always")
	var moments []string
	hook := func(m held.Moment) error {
		moments = append(moments, fmt.Sprintf("%d:%d", m, s.log.executed()))
		return nil
	}
	c := client(t, s, hook, nil)
	if err := c.Incr(t.Context(), "n").Err(); err != nil {
		t.Fatal(err)
	}
	if want := []string{"1:0", "2:1"}; !slices.Equal(moments, want) {
		t.Errorf("got %v, want %v: ready before it is executed, and none for the greeting", moments, want)
	}
}

// A client that gives up: before its request is executed, and after.
func TestAClientThatGivesUp(t *testing.T) {
	for _, test := range []struct {
		name      string
		at        held.Moment
		then      string // what the counter is right after
		late      bool   // a late execution finds the request
		atTheLast string
	}{
		{"before the server looks", held.Ready, absent, true, "$1\r\n1"},
		{"before the reply arrives", held.Executed, "$1\r\n1", false, "$1\r\n1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := started(t, "aof-always")
			var conn *held.Conn
			hook := func(m held.Moment) error {
				if m == test.at {
					return os.ErrDeadlineExceeded
				}
				return nil
			}
			c := client(t, s, hook, func(c *held.Conn) { conn = c })
			if err := c.Incr(t.Context(), "n").Err(); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("got %v", err)
			}
			if got := get(s, "n"); got != test.then {
				t.Errorf("got %q, want %q", got, test.then)
			}
			if late := conn.ExecuteLate(); late != test.late {
				t.Errorf("executed late: %v, want %v", late, test.late)
			}
			if got := get(s, "n"); got != test.atTheLast {
				t.Errorf("in the end %q, want %q", got, test.atTheLast)
			}
		})
	}
}

func TestWhatAKilledServerDidNotDeliver(t *testing.T) {
	for _, test := range []struct {
		at   held.Moment
		want string
	}{{held.Ready, absent}, {held.Executed, "$1\r\n1"}} {
		s := started(t, "aof-always")
		hook := func(m held.Moment) error {
			if m == test.at {
				s.Kill()
			}
			return nil
		}
		if err := client(t, s, hook, nil).Incr(t.Context(), "n").Err(); err == nil {
			t.Errorf("moment %d: a reply came from a dead server", test.at)
		}
		start(t, s)
		if got := get(s, "n"); got != test.want {
			t.Errorf("moment %d: got %q, want %q", test.at, got, test.want)
		}
	}
}
