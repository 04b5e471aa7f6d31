package workloads

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/target/process"
)

// performer is a lane with a client, as a run has them, but without a clock.
type performer struct {
	conn      *Conn
	generator Generator
	client    Client
}

// newPerformers returns the lanes of one run of a workload.
func newPerformers(t *testing.T, node *process.Node, w Workload, o Options, keys *Keys, lanes int) []*performer {
	t.Helper()
	instance := w.New(o)
	var all []*performer
	for i := range lanes {
		conn := connect(t, node, patience)
		lane := Lane{Number: i, Of: lanes, Keys: keys, Rand: newRand(uint64(i))}
		all = append(all, &performer{conn, instance.Generator(lane), instance.Client(Env{conn, "test:"})})
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
	if refusal, ok := err.(*Refusal); ok {
		result = refusal.Value
	} else if err != nil {
		result = history.Value{}
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

// One operation at a time, by several clients in turn: every workload's results
// are those of its models, and every kind of operation succeeds at some time.
func TestSequentialRunsFollowTheModel(t *testing.T) {
	options := Options{TTL: time.Minute, Hold: time.Millisecond, Stock: 40}
	wantOperations := map[string][]string{
		"register": {"cas", "read", "write"}, "counter": {"add-and-get", "read"}, "inventory": {"read", "take"},
		"lock": {"acquire", "release"}, "lock-naive": {"acquire", "release"}, "lock-fenced": {"acquire", "release", "write"},
		"queue": {"dequeue", "enqueue"}, "set": {"add", "read"},
	}
	node := newServer(t, "none")
	for _, w := range All() {
		t.Run(w.Name, func(t *testing.T) {
			must(t, connect(t, node, patience), "FLUSHALL")
			performers := newPerformers(t, node, w, options, NewKeys(2, 60), 3)
			var ops []history.Op
			succeeded := map[string]bool{}
			rng := newRand(7)
			for range 500 {
				number := rng.IntN(len(performers))
				op := performers[number].next(t)
				op.Process, op.Invoked = history.Process(number), 2*len(ops)
				op.Call, op.Return = int64(2*len(ops)), int64(2*len(ops)+1)
				if op.Outcome == history.Info {
					t.Fatalf("%+v: nothing harms this server", op)
				}
				succeeded[op.F] = succeeded[op.F] || op.Outcome == history.OK
				ops = append(ops, op)
			}
			for _, m := range models(t, w, options) {
				mustFollow(t, m, ops)
			}
			var got []string
			for f, ok := range succeeded {
				if ok {
					got = append(got, f)
				}
			}
			slices.Sort(got)
			if want := wantOperations[w.Name]; !slices.Equal(got, want) {
				t.Errorf("operations that succeeded: got %v, want %v", got, want)
			}
		})
	}
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
