package workloads

import (
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// command is the arguments of a command.
type command []any

// What servers refuse must be a fail, with the code as its word, and must have
// had no effect: that is what fail claims.
func TestRefusalsHaveNoEffect(t *testing.T) {
	set := command{"SET", "k", "new"}
	tests := []struct {
		name        string
		persistence string
		args        []string
		cause, cure []command
		try         command
		want        string
	}{
		{name: "out of memory", cause: []command{{"CONFIG", "SET", "maxmemory", "1"}},
			cure: []command{{"CONFIG", "SET", "maxmemory", "0"}}, try: set, want: "oom"},
		{name: "replica", cause: []command{{"REPLICAOF", "127.0.0.1", "1"}},
			cure: []command{{"REPLICAOF", "NO", "ONE"}}, try: set, want: "readonly"},
		{name: "stale replica", cause: []command{{"CONFIG", "SET", "replica-serve-stale-data", "no"}, {"REPLICAOF", "127.0.0.1", "1"}},
			cure: []command{{"REPLICAOF", "NO", "ONE"}}, try: command{"GET", "k"}, want: "masterdown"},
		{name: "stale replica, script", cause: []command{{"CONFIG", "SET", "replica-serve-stale-data", "no"}, {"REPLICAOF", "127.0.0.1", "1"}},
			cure: []command{{"REPLICAOF", "NO", "ONE"}}, try: command{"EVAL", "return redis.call('SET', KEYS[1], 'new')", 1, "k"}, want: "masterdown"},
		{name: "too few replicas", cause: []command{{"CONFIG", "SET", "min-replicas-to-write", "1"}},
			cure: []command{{"CONFIG", "SET", "min-replicas-to-write", "0"}}, try: set, want: "noreplicas"},
		{name: "no permission", cause: []command{{"ACL", "SETUSER", "default", "-set"}},
			cure: []command{{"ACL", "SETUSER", "default", "+set"}}, try: set, want: "noperm"},
		{name: "another type", try: command{"LPUSH", "k", "new"}, want: "wrongtype"},
		{name: "unknown script", try: command{"EVALSHA", strings.Repeat("0", 40), 1, "k"}, want: "noscript"},
		{name: "no slots", args: []string{"cluster-enabled yes"}, try: set, want: "clusterdown"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			node := newServer(t, "none", test.args...)
			admin, c := connect(t, node, patience), connect(t, node, patience)
			if test.want != "clusterdown" {
				must(t, admin, "SET", "k", "old")
			}
			for _, cmd := range test.cause {
				must(t, admin, cmd...)
			}
			if outcome, word := ask(t, c, test.try...); outcome != history.Fail || word != test.want {
				t.Errorf("got %v %q, want fail %q", outcome, word, test.want)
			}
			for _, cmd := range test.cure {
				must(t, admin, cmd...)
			}
			if test.want == "clusterdown" {
				return // no key can exist
			}
			if got := must(t, admin, "GET", "k"); got != "old" {
				t.Errorf("k is %v: the refused command had an effect", got)
			}
			if outcome, word := ask(t, c, set...); outcome != history.OK {
				t.Errorf("after the cure: got %v %q", outcome, word)
			}
		})
	}
}

func TestCrossSlot(t *testing.T) {
	node := newServer(t, "none", "cluster-enabled yes")
	c := connect(t, node, patience)
	must(t, c, "CLUSTER", "ADDSLOTSRANGE", 0, 16383)
	processtest.Eventually(t, "the cluster is up", func() bool { return c.Redis.Get(testContext(t), "a").Err() == redis.Nil })
	if outcome, word := ask(t, c, "MSET", "a", 1, "b", 2); outcome != history.Fail || word != "crossslot" {
		t.Errorf("got %v %q", outcome, word)
	}
}

// A failed snapshot makes Redis refuse writes.
func TestMisconf(t *testing.T) {
	node := newServer(t, "rdb")
	c := connect(t, node, patience)
	dir := must(t, c, "CONFIG", "GET", "dir").(map[any]any)["dir"].(string)
	if err := os.Mkdir(filepath.Join(dir, "dump.rdb"), 0o755); err != nil {
		t.Fatal(err)
	}
	must(t, c, "BGSAVE")
	var outcome history.Type
	var word string
	processtest.Eventually(t, "the snapshot has failed", func() bool {
		outcome, word = ask(t, c, "SET", "k", 1)
		return outcome != history.OK
	})
	if outcome != history.Fail || word != "misconf" {
		t.Errorf("got %v %q", outcome, word)
	}
}

func TestNoAuth(t *testing.T) {
	node := newServer(t, "none")
	admin := connect(t, node, patience)
	must(t, admin, "CONFIG", "SET", "requirepass", "secret")
	c := connect(t, node, patience)
	for range 2 { // with the greeting, and without
		if outcome, word := ask(t, c, "SET", "k", 1); outcome != history.Fail || word != "noauth" {
			t.Errorf("got %v %q", outcome, word)
		}
	}
}

// While a script runs too long, everything else is refused.
func TestBusy(t *testing.T) {
	node := newServer(t, "none", "busy-reply-threshold 1")
	looping, c := connect(t, node, patience), connect(t, node, patience)
	ended := make(chan string, 1)
	go func() {
		_, word := ask(t, looping, "EVAL", "while true do end", 0)
		ended <- word
	}()
	processtest.Eventually(t, "the server is busy", func() bool {
		_, word := ask(t, c, "PING")
		return word == "busy"
	})
	for name, try := range map[string]command{"command": {"SET", "k", 1}, "script": {"EVAL", "return 1", 0}} {
		if outcome, word := ask(t, c, try...); outcome != history.Fail || word != "busy" {
			t.Errorf("%s: got %v %q", name, outcome, word)
		}
	}
	must(t, c, "SCRIPT", "KILL")
	if word := <-ended; !strings.HasPrefix(word, "error: ERR ") {
		t.Errorf("the script: got %q", word)
	}
	if got := must(t, c, "EXISTS", "k"); got != int64(0) {
		t.Error("the refused command had an effect")
	}
}

// A script that has written can still end with an error that, from a command,
// would be a refusal. Its outcome is unknown.
func TestErrorsInScripts(t *testing.T) {
	tests := []struct {
		name, script string
		wantWord     string
	}{
		{name: "raised", script: `redis.call('SET', KEYS[1], 'new') return redis.call('LPUSH', KEYS[1], 1)`, wantWord: "wrongtype: in a script"},
		{name: "returned", script: `redis.call('SET', KEYS[1], 'new') return redis.pcall('LPUSH', KEYS[1], 1)`, wantWord: "wrongtype: in a script"},
		{name: "made up", script: `redis.call('SET', KEYS[1], 'new') return redis.error_reply('OOM not really')`, wantWord: "oom: in a script"},
	}
	node := newServer(t, "none")
	c := connect(t, node, patience)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			must(t, c, "SET", "k", "old")
			outcome, word := ask(t, c, "EVAL", test.script, 1, "k")
			if got := must(t, c, "GET", "k"); got != "new" {
				t.Fatalf("k is %v: the script wrote nothing, and this test proves nothing", got)
			}
			if outcome != history.Info || word != test.wantWord {
				t.Errorf("got %v %q, want info %q", outcome, word, test.wantWord)
			}
		})
	}
}
