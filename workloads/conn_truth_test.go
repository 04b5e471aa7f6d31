package workloads

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target/process"
)

// outcomes are the values that clients added, by how that ended.
type outcomes struct {
	mu sync.Mutex
	of map[string]history.Type
}

// addUntil adds value after value, as a lane does: after an unknown outcome on a
// new connection, by a new process.
func (o *outcomes) addUntil(ctx context.Context, node *process.Node, lane Lane) {
	timeout := time.Duration(5+10*lane.Number) * time.Millisecond
	conn := NewConn(dialer(node), timeout, func() {})
	defer func() { conn.Close() }()
	client := set().New(Options{}).Client(Env{Conn: conn, Prefix: ""})
	fresh := values{lane: lane}
	for ctx.Err() == nil {
		op := Op{F: "add", Key: "k", Value: fresh.fresh()}
		conn.Begin()
		_, err := client.Do(context.Background(), op)
		outcome, _ := conn.Outcome(err)
		o.mu.Lock()
		o.of[op.Value.String()] = outcome
		o.mu.Unlock()
		switch outcome {
		case history.Info:
			conn.Close()
			conn = NewConn(dialer(node), timeout, func() {})
			client = set().New(Options{}).Client(Env{Conn: conn, Prefix: ""})
		case history.Fail:
			time.Sleep(time.Millisecond) // nobody answers: no use hurrying
		}
	}
}

// harm ends and pauses the server again and again, and leaves it running.
func harm(t *testing.T, node *process.Node, rounds int) {
	t.Helper()
	for i := range rounds {
		time.Sleep(10 * time.Millisecond) // let clients work
		switch i % 3 {
		case 0:
			do(t, "kill", node.Kill)
			do(t, "start", node.Start)
		case 1:
			do(t, "pause", node.Pause)
			time.Sleep(time.Duration(10+5*i) * time.Millisecond) // some give up meanwhile
			do(t, "resume", node.Resume)
		default:
			do(t, "stop", node.Stop)
			do(t, "start", node.Start)
		}
	}
}

// The point of it all: under faults, on a server that loses nothing, what failed
// is never seen, and what succeeded always is.
func TestOutcomesAreTrue(t *testing.T) {
	node := newServer(t, "aof-always")
	o := &outcomes{of: map[string]history.Type{}}
	ctx, cancel := context.WithCancel(testContext(t))
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()
	const lanes = 6
	for i := range lanes {
		workers.Go(func() { o.addUntil(ctx, node, Lane{Number: i, Of: lanes}) })
	}
	harm(t, node, 15)
	cancel()
	workers.Wait()

	members, err := connect(t, node, patience).Redis.SMembersMap(testContext(t), "k").Result()
	if err != nil {
		t.Fatal(err)
	}
	counts := map[history.Type]int{}
	seenOfUnknown := 0
	for value, outcome := range o.of {
		counts[outcome]++
		_, seen := members[value]
		switch {
		case outcome == history.Fail && seen:
			t.Errorf("%s failed, and is there", value)
		case outcome == history.OK && !seen:
			t.Errorf("%s succeeded, and is not there", value)
		case outcome == history.Info && seen:
			seenOfUnknown++
		}
	}
	t.Logf("%v, of the unknown %d were executed", counts, seenOfUnknown)
	if counts[history.OK] == 0 || counts[history.Fail] == 0 || counts[history.Info] == 0 {
		t.Errorf("got %v: this test proves nothing", counts)
	}
}
