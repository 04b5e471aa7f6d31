package workloads

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// An operation of several commands has failed only if none of them had an
// effect.
func TestOperationOfSeveralCommands(t *testing.T) {
	set, get, push := command{"SET", "a", 1}, command{"GET", "a"}, command{"LPUSH", "text", 1}
	script := command{"EVAL", "return redis.call('SET', KEYS[1], 1)", 1, "a"}
	refusedScript := command{"EVALSHA", "0000000000000000000000000000000000000000", 0}
	tests := []struct {
		name     string
		commands []command
		// kill ends the server before the last command.
		kill     bool
		want     history.Type
		wantWord string
	}{
		{name: "all well", commands: []command{set, set}, want: history.OK},
		{name: "first refused", commands: []command{push}, want: history.Fail, wantWord: "wrongtype"},
		{name: "first refused, second executed", commands: []command{push, set}, want: history.Info, wantWord: "wrongtype"},
		{name: "second refused", commands: []command{set, push}, want: history.Info, wantWord: "wrongtype"},
		{name: "second refused after a script", commands: []command{script, push}, want: history.Info, wantWord: "wrongtype"},
		{name: "second refused after a read", commands: []command{get, push}, want: history.Fail, wantWord: "wrongtype"},
		{name: "second refused after a script that was refused", commands: []command{refusedScript, push}, want: history.Fail, wantWord: "wrongtype"},
		{name: "second refused after an error", commands: []command{{"INCRBY", "text", 1}, push}, want: history.Info, wantWord: "wrongtype"},
		{name: "third refused", commands: []command{set, get, push}, want: history.Info, wantWord: "wrongtype"},
		{name: "second not sent", commands: []command{set, set}, kill: true, want: history.Info, wantWord: "conn-refused"},
		{name: "second not sent after a read", commands: []command{get, set}, kill: true, want: history.Fail, wantWord: "conn-refused"},
		{name: "second not sent after a refusal", commands: []command{push, set}, kill: true, want: history.Fail, wantWord: "conn-refused"},
	}
	node := newServer(t, "none")
	admin := connect(t, node, patience)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			must(t, admin, "SET", "text", "no number")
			must(t, admin, "SET", "a", 0)
			c := connect(t, node, patience)
			c.Begin()
			var err error
			for i, cmd := range test.commands {
				if i == len(test.commands)-1 && test.kill {
					do(t, "kill", node.Kill)
					defer do(t, "start", node.Start)
				}
				if e := c.Redis.Do(testContext(t), cmd...).Err(); e != nil {
					err = e
				}
			}
			if got, word := c.Outcome(err); got != test.want || word != test.wantWord {
				t.Errorf("got %v %q, want %v %q", got, word, test.want, test.wantWord)
			}
		})
	}
}

// Begin forgets what came before.
func TestOperationsAreApart(t *testing.T) {
	node := newServer(t, "none")
	c := connect(t, node, patience)
	for range 2 {
		if outcome, word := ask(t, c, "SET", "text", "no number"); outcome != history.OK {
			t.Errorf("got %v %q", outcome, word)
		}
		if outcome, word := ask(t, c, "LPUSH", "text", 1); outcome != history.Fail || word != "wrongtype" {
			t.Errorf("got %v %q, want fail wrongtype", outcome, word)
		}
	}
}

// In a pipeline some commands can be refused and others executed.
func TestPipeline(t *testing.T) {
	set, get, push := command{"SET", "a", 1}, command{"GET", "text"}, command{"LPUSH", "text", 1}
	tests := []struct {
		name     string
		commands []command
		want     history.Type
		wantWord string
	}{
		{"all well", []command{set, set}, history.OK, ""},
		{"last refused", []command{set, push}, history.Info, "wrongtype"},
		{"first refused", []command{push, set}, history.Info, "wrongtype"},
		{"refused before a read", []command{push, get}, history.Fail, "wrongtype"},
		{"refused after a read", []command{get, push}, history.Fail, "wrongtype"},
		{"all refused", []command{push, push}, history.Fail, "wrongtype"},
		{"one alone, refused", []command{push}, history.Fail, "wrongtype"},
		{"none", nil, history.OK, ""},
	}
	node := newServer(t, "none")
	c := connect(t, node, patience)
	must(t, c, "SET", "text", "no number")
	for _, test := range tests {
		for name, run := range map[string]func(context.Context, func(redis.Pipeliner) error) ([]redis.Cmder, error){
			"pipeline": c.Redis.Pipelined, "transaction": c.Redis.TxPipelined,
		} {
			t.Run(test.name+", "+name, func(t *testing.T) {
				c.Begin()
				_, err := run(testContext(t), func(pipe redis.Pipeliner) error {
					for _, cmd := range test.commands {
						pipe.Do(testContext(t), cmd...)
					}
					return nil
				})
				want := test.want
				if name == "transaction" && want == history.Fail {
					want = history.Info // of MULTI and EXEC no account is kept
				}
				if got, word := c.Outcome(err); got != want || word != test.wantWord {
					t.Errorf("got %v %q, want %v %q", got, word, want, test.wantWord)
				}
			})
		}
	}
}

func TestPipelineNotSent(t *testing.T) {
	node := newServer(t, "none")
	c := connect(t, node, patience)
	do(t, "kill", node.Kill)
	c.Begin()
	_, err := c.Redis.Pipelined(testContext(t), func(pipe redis.Pipeliner) error {
		pipe.Set(testContext(t), "a", 1, 0)
		pipe.Set(testContext(t), "b", 1, 0)
		return nil
	})
	if got, word := c.Outcome(err); got != history.Fail || word != "conn-refused" {
		t.Errorf("got %v %q, want fail conn-refused", got, word)
	}
}

// A script is first called by its digest. What the server answers to that does
// not taint what becomes of the script itself.
func TestScriptNotYetKnown(t *testing.T) {
	push := redis.NewScript(`return redis.call('LPUSH', KEYS[1], 1)`)
	tests := []struct {
		name, key string
		cause     command
		want      history.Type
		wantWord  string
	}{
		{name: "executed", key: "list", want: history.OK},
		{name: "raises", key: "text", want: history.Info, wantWord: "wrongtype: in a script"},
		{name: "refused", key: "list", cause: command{"CONFIG", "SET", "replica-serve-stale-data", "no"}, want: history.Fail, wantWord: "masterdown"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			node := newServer(t, "none")
			var gated int
			c := NewConn(dialer(node), patience, func() { gated++ })
			defer c.Close()
			must(t, c, "SET", "text", "no list")
			if test.cause != nil {
				must(t, c, test.cause...)
				must(t, c, "REPLICAOF", "127.0.0.1", 1)
			}
			gated = 0
			c.Begin()
			got, word := c.Outcome(push.Run(testContext(t), c.Redis, []string{test.key}).Err())
			if got != test.want || word != test.wantWord {
				t.Errorf("got %v %q, want %v %q", got, word, test.want, test.wantWord)
			}
			if want := 2; test.cause == nil && gated != want {
				t.Errorf("the gate was asked %d times, want %d: by EVALSHA and by EVAL", gated, want)
			}
		})
	}
}

// The gate is asked before each command of an operation and not for greetings,
// and while it holds a client back, nothing leaves.
func TestGate(t *testing.T) {
	node := newServer(t, "none")
	admin := connect(t, node, patience)
	var asked []string
	get := func() { asked = append(asked, must(t, admin, "GET", "k").(string)) }
	c := NewConn(dialer(node), patience, get)
	defer c.Close()
	must(t, admin, "SET", "k", "0")
	c.Begin()
	for _, value := range []string{"1", "2"} {
		must(t, c, "SET", "k", value)
	}
	if _, err := c.Redis.Pipelined(testContext(t), func(pipe redis.Pipeliner) error {
		pipe.Set(testContext(t), "k", "3", 0)
		pipe.Set(testContext(t), "k", "4", 0)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"0", "1", "2"}; !slices.Equal(asked, want) {
		t.Errorf("the gate saw %v, want %v", asked, want)
	}
}

// One process has one socket, which dies with it.
func TestOneSocketPerConn(t *testing.T) {
	node := newServer(t, "none")
	admin, c := connect(t, node, patience), connect(t, node, patience)
	for range 10 {
		must(t, c, "PING")
	}
	if got := clients(t, admin); got != 2 {
		t.Errorf("got %d clients, want the two", got)
	}
	c.Close()
	processtest.Eventually(t, "the socket is gone", func() bool { return clients(t, admin) == 1 })
}

func clients(t *testing.T, admin *Conn) int {
	t.Helper()
	return strings.Count(must(t, admin, "CLIENT", "LIST").(string), "\n")
}
