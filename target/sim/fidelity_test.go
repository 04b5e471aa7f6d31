package sim

import (
	"crypto/sha1"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// twins are a simulated and a real server that are told the same.
type twins struct {
	t       *testing.T
	sim     *Server
	session *Session
	node    *process.Node
	wire    *wire
}

// connect opens new connections, after a start.
func (p *twins) connect() {
	p.session, p.wire = p.sim.Connect(), dial(p.t, p.node.Addr())
}

// restart ends both in a way and starts them again.
func (p *twins) restart(t *rapid.T, simulated func() bool, real func() (bool, error)) {
	if did, err := real(); !did || err != nil || !simulated() {
		t.Fatalf("the servers did not end: %v, %v", did, err)
	}
	if did, err := p.sim.Start(); !did || err != nil {
		t.Fatalf("start simulated: %v, %v", did, err)
	}
	if did, err := p.node.Start(p.t.Context()); !did || err != nil {
		t.Fatalf("start real: %v, %v", did, err)
	}
	p.connect()
}

// settle waits until the real server holds no write back behind an fsync that is
// under way: which one does, the disk decides.
func (p *twins) settle(t *rapid.T) {
	for range 10_000 {
		info := p.wire.execute(p.t, "INFO", "persistence")
		if !strings.Contains(info, "aof_buffer_length:") || strings.Contains(info, "aof_buffer_length:0\r") {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("the real server does not write its log")
}

// snapshot makes both save, and waits for the real one.
func (p *twins) snapshot(t *rapid.T) {
	p.sim.Save()
	if reply := p.wire.execute(p.t, "SAVE"); reply != "+OK\r\n" {
		t.Fatalf("SAVE: %q", reply)
	}
}

func (p *twins) compareData(t *rapid.T, after string) {
	simulated := dump(func(args ...string) string { return string(p.session.Execute(args...)) })
	real := dump(func(args ...string) string { return p.wire.execute(p.t, args...) })
	if simulated != real {
		t.Fatalf("after %s the data differ\nsimulated:\n%sreal:\n%s", after, simulated, real)
	}
}

// command draws a command on few keys, so that types and values collide. Its
// replies do not depend on the order in which a server keeps things.
func command(t *rapid.T) []string {
	key := rapid.SampledFrom([]string{"s", "n", "l", "h", "z", "m"}).Draw(t, "key")
	value := fmt.Sprint(rapid.IntRange(0, 4).Draw(t, "value"))
	template := rapid.SampledFrom([]string{
		"SET K V", "SET K V NX", "SET K V XX", "SET K V NX GET", "SET K V PX 900000", "SETNX K V", "GET K", "GETSET K V", "APPEND K V",
		"INCR K", "INCRBY K V", "DECRBY K V", "DEL K", "EXISTS K", "EXPIRE K 900", "PERSIST K", "TTL K", "TYPE K", "RENAME K m",
		"LPUSH K V", "RPUSH K V", "LPOP K", "RPOP K", "LLEN K", "LRANGE K 0 -1", "LREM K 0 V", "LMOVE K l LEFT RIGHT",
		"HSET K f V", "HGET K f", "HDEL K f", "HINCRBY K f V", "HLEN K",
		"SET K", "SET K V FOO", "SETEX K 900 V", "MSET K V m V", "MSETNX K V m V", "GETDEL K", "SELECT V", "FLUSHDB", "FLUSHALL SYNC", "FLUSHALL V",
		"SPOP K 9", "SPOP K -1", "SRANDMEMBER K 9", "SRANDMEMBER K V V", "SMOVE K m V", "ECHO", "PING",
		"SADD K V", "SREM K V", "SISMEMBER K V", "SCARD K", "ZADD K V a", "ZADD K 1 V", "ZREM K V", "ZSCORE K a", "ZRANGE K 0 -1", "ZCARD K",
	}).Draw(t, "command")
	words := strings.Fields(template)
	for i, w := range words {
		switch w {
		case "K":
			words[i] = key
		case "V":
			words[i] = value
		}
	}
	return words
}

// What a real server answers, and what it holds after it was killed or stopped,
// the simulated one answers and holds too.
func TestSimulatedAndRealServersAgree(t *testing.T) {
	for _, preset := range []string{target.None, "rdb:900/1000000", target.AOFAlways, target.AOFEverysec, target.AOFNo, "mixed:900/1000000"} {
		t.Run(preset, func(t *testing.T) {
			persistence, err := target.ParsePersistence(preset)
			if err != nil {
				t.Fatal(err)
			}
			node := processtest.Start(t, preset).Nodes()[0].(*process.Node)
			left := schedules(t)
			rapid.Check(t, func(rt *rapid.T) {
				if left--; left < 0 {
					return // the real server takes its time
				}
				agreed := false
				defer func() {
					if !agreed {
						left = 1 << 20 // shrinking takes as many as it needs
					}
				}()
				if _, err := node.Start(t.Context()); err != nil { // one that disagreed may have left it down
					rt.Fatal(err)
				}
				p := &twins{t: t, sim: NewServer(persistence), node: node}
				if _, err := p.sim.Start(); err != nil {
					rt.Fatal(err)
				}
				defer p.sim.Close()
				p.connect()
				p.wire.execute(t, "FLUSHALL")
				p.wire.execute(t, "SCRIPT", "FLUSH")
				p.snapshot(rt)
				for range rapid.IntRange(1, 25).Draw(rt, "steps") {
					p.step(rt)
				}
				p.compareData(rt, "the last step")
				agreed = true
			})
		})
	}
}

// schedules is how many are compared for each preset: JEPSEN_LITE_FIDELITY, or a
// few. More than 100 need -rapid.checks too.
func schedules(t *testing.T) int {
	text := os.Getenv("JEPSEN_LITE_FIDELITY")
	if text == "" {
		return 6
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (p *twins) step(t *rapid.T) {
	switch rapid.IntRange(0, 19).Draw(t, "step") {
	case 0:
		p.settle(t)
		p.restart(t, p.sim.Kill, func() (bool, error) { return p.node.Kill(p.t.Context()) })
		p.compareData(t, "a kill")
	case 1:
		p.restart(t, p.sim.Stop, func() (bool, error) { return p.node.Stop(p.t.Context()) })
		p.compareData(t, "a restart")
	case 2:
		p.snapshot(t)
	case 3:
		p.ask(t, "MULTI")
		for range rapid.IntRange(0, 3).Draw(t, "queued") {
			p.ask(t, command(t)...)
		}
		p.ask(t, rapid.SampledFrom([]string{"EXEC", "EXEC", "DISCARD"}).Draw(t, "end"))
	case 4:
		p.ask(t, append([]string{"EVAL", cappedIncrement, "1"}, "n", "3")...)
	case 5:
		p.ask(t, append([]string{"EVALSHA", cappedIncrementSHA, "1"}, "n", "3")...)
	case 6:
		p.watch(t)
	case 7:
		p.ask(t, "MULTI")
		p.ask(t, command(t)...)
		p.ask(t, "EVAL", severalChanges, "2", "s", "n", "1")
		p.ask(t, command(t)...)
		p.ask(t, "EXEC")
	case 8:
		p.ask(t, "EVAL", severalChanges, "2", rapid.SampledFrom([]string{"s", "l", "m"}).Draw(t, "key"), "n", "2")
	default:
		p.ask(t, command(t)...)
	}
}

// watch goes through a transaction with a watch; others may write meanwhile.
func (p *twins) watch(t *rapid.T) {
	p.ask(t, "WATCH", rapid.SampledFrom([]string{"s", "n", "l", "m"}).Draw(t, "watched"), "z")
	if rapid.Bool().Draw(t, "others") {
		other, wire := p.sim.Connect(), dial(p.t, p.node.Addr())
		args := command(t)
		if simulated, real := string(other.Execute(args...)), wire.execute(p.t, args...); !agree(args, simulated, real) {
			t.Fatalf("%q: simulated %q, real %q", args, simulated, real)
		}
		wire.Close()
	}
	if rapid.Bool().Draw(t, "unwatch") {
		p.ask(t, "UNWATCH")
	}
	p.ask(t, "MULTI")
	p.ask(t, "UNWATCH")
	p.ask(t, command(t)...)
	p.ask(t, "EXEC")
}

// severalChanges goes on after an error, and may end with one after a change.
const severalChanges = `redis.pcall('INCR', KEYS[1])
redis.call('SELECT', ARGV[1])
redis.pcall('APPEND', KEYS[2], '1')
redis.pcall('SADD', 'm', 'x', 'y')
redis.pcall('SPOP', 'm', '9')
return redis.call('LPUSH', KEYS[1], 'v')`

// cappedIncrement writes only sometimes, and refuses what is no number.
const cappedIncrement = `if tonumber(redis.call('GET', KEYS[1]) or 0) >= tonumber(ARGV[1]) then return false end
return redis.call('INCR', KEYS[1])`

var cappedIncrementSHA = fmt.Sprintf("%x", sha1.Sum([]byte(cappedIncrement)))

func (p *twins) ask(t *rapid.T, args ...string) {
	simulated, real := string(p.session.Execute(args...)), p.wire.execute(p.t, args...)
	if !agree(args, simulated, real) {
		t.Fatalf("%q: simulated %q, real %q", args, simulated, real)
	}
}

// agree compares replies, but for the order of a set.
func agree(args []string, simulated, real string) bool {
	if args[0] == "SPOP" || args[0] == "SRANDMEMBER" {
		simulated, real = sorted(simulated), sorted(real)
	}
	return simulated == real
}

func sorted(reply string) string {
	lines := strings.Split(reply, "\r\n")
	slices.Sort(lines)
	return strings.Join(lines, "\r\n")
}
