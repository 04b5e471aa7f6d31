package workloads

import (
	"context"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/sim"
)

// performer is a lane with a client, as a run has them, but without a clock.
type performer struct {
	conn      *Conn
	generator Generator
	client    Client
}

// newPerformers returns the lanes of one run of a workload.
func newPerformers(t *testing.T, dial Dialer, w Workload, o Options, keys *Keys, lanes int) []*performer {
	t.Helper()
	instance := w.New(o)
	var all []*performer
	for i := range lanes {
		conn := NewConn(dial, patience, func() {})
		t.Cleanup(conn.Close)
		lane := Lane{Number: i, Of: lanes, Keys: keys, Rand: newRand(uint64(i))}
		all = append(all, &performer{conn, instance.Generator(lane), instance.Client(Env{Conn: conn, Prefix: "test:"})})
	}
	return all
}

// perform performs an operation and tells how it ended: the result, or what a
// refusal saw.
func (p *performer) perform(t *testing.T, op Op) (history.Type, history.Value, string) {
	t.Helper()
	p.conn.Begin()
	result, err := p.client.Do(testContext(t), op)
	outcome, word := p.conn.Outcome(err)
	if err != nil {
		result = Saw(err)
	}
	return outcome, result, word
}

// next performs the generator's next operation.
func (p *performer) next(t *testing.T) history.Op {
	t.Helper()
	op := p.generator.Next()
	outcome, result, word := p.perform(t, op)
	p.generator.Done(op, outcome, result)
	return history.Op{F: op.F, Key: op.Key, Input: op.Value, Output: result, Outcome: outcome, Error: word}
}

// models are the models that judge a workload's histories.
func models(t *testing.T, w Workload, o Options) []model.Model {
	t.Helper()
	var all []model.Model
	for _, check := range w.Checks(o) {
		name, ok := strings.CutPrefix(check, "linearizable(")
		if !ok {
			continue
		}
		m, err := model.Parse(strings.TrimSuffix(name, ")"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	if w.Name == "lock-fenced" {
		m, err := model.Parse("fenced-mutex")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

var sequentialOptions = Options{TTL: time.Minute, Hold: time.Millisecond, Stock: 40}

// sequentialRun performs one operation at a time, by several clients in turn.
func sequentialRun(t *testing.T, dial Dialer, w Workload) []history.Op {
	t.Helper()
	performers := newPerformers(t, dial, w, sequentialOptions, NewKeys(2, 60), 3)
	var ops []history.Op
	rng := newRand(7)
	for range 500 {
		number := rng.IntN(len(performers))
		op := performers[number].next(t)
		op.Process, op.Invoked = history.Process(number), 2*len(ops)
		op.Call, op.Return = int64(2*len(ops)), int64(2*len(ops)+1)
		if op.Outcome == history.Info {
			t.Fatalf("%+v: nothing harms this server", op)
		}
		ops = append(ops, op)
	}
	return ops
}

// Every workload's results are those of its models, and every kind of operation
// succeeds at some time.
func TestSequentialRunsFollowTheModel(t *testing.T) {
	wantOperations := map[string][]string{
		"register": {"cas", "read", "write"}, "counter": {"add-and-get", "read"}, "inventory": {"read", "take"},
		"lock": {"acquire", "release"}, "lock-naive": {"acquire", "release"}, "lock-fenced": {"acquire", "release", "write"},
		"queue": {"dequeue", "enqueue"}, "set": {"add", "read"},
	}
	node := newServer(t, "none")
	for _, w := range All() {
		t.Run(w.Name, func(t *testing.T) {
			must(t, connect(t, node, patience), "FLUSHALL")
			ops := sequentialRun(t, dialer(node), w)
			for _, m := range models(t, w, sequentialOptions) {
				mustFollow(t, m, ops)
			}
			var got []string
			for _, op := range ops {
				if op.Outcome == history.OK && !slices.Contains(got, op.F) {
					got = append(got, op.F)
				}
			}
			slices.Sort(got)
			if want := wantOperations[w.Name]; !slices.Equal(got, want) {
				t.Errorf("operations that succeeded: got %v, want %v", got, want)
			}
		})
	}
}

// The same clients get the same answers from a simulated server.
func TestASimulatedServerGivesTheSameHistory(t *testing.T) {
	p, err := target.ParsePersistence(target.None)
	if err != nil {
		t.Fatal(err)
	}
	node := newServer(t, target.None)
	for _, w := range All() {
		t.Run(w.Name, func(t *testing.T) {
			s := sim.NewServer(p)
			if _, err := s.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(s.Close)
			must(t, connect(t, node, patience), "FLUSHALL")
			real := sequentialRun(t, dialer(node), w)
			simulated := sequentialRun(t, func(context.Context) (net.Conn, error) { return s.Dial(nil) }, w)
			for i := range real {
				a, b := inOrder(real[i]), inOrder(simulated[i])
				if a != b {
					t.Fatalf("operation %d: real %+v, simulated %+v", i, a, b)
				}
			}
		})
	}
}

// inOrder sorts the members that a read of a set returned: a server may give
// them in any order.
func inOrder(op history.Op) history.Op {
	if members, isList := op.Output.Elements(); isList && op.F == "read" {
		slices.SortFunc(members, history.Value.Compare)
		op.Output = history.List(members...)
	}
	return op
}

// mustFollow steps through the operations in their order, each key by itself.
func mustFollow(t *testing.T, m model.Model, ops []history.Op) {
	t.Helper()
	prepared, err := m.Prepare(ops)
	if err != nil {
		t.Fatal(err)
	}
	if len(prepared) == 0 {
		t.Fatalf("%s: nothing to judge", m.Name())
	}
	p := m.Porcupine()
	states := map[string]any{}
	for i := range prepared {
		op := &prepared[i]
		state, known := states[op.Key]
		if !known {
			state = p.Init()
		}
		ok, next := p.Step(state, op, nil)
		if !ok {
			t.Fatalf("%s: %s is impossible when %s is %s", m.Name(), op, op.Key, p.DescribeState(state))
		}
		states[op.Key] = next
	}
}
