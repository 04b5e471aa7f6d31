package workloads

import (
	"strconv"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// step is an operation of a client and how it must end.
type step struct {
	f, input         string // the input as JSON
	want             history.Type
	wantResult, word string // result: JSON, or "" if there is none
}

func (s step) op(t *testing.T) Op {
	t.Helper()
	v, err := history.ParseValue([]byte(s.input))
	if err != nil {
		t.Fatal(err)
	}
	return Op{F: s.f, Key: "k1", Value: v}
}

// newClient returns the only client of a workload.
func newClient(t *testing.T, name string, o Options) *performer {
	t.Helper()
	w, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return newPerformers(t, dialer(newServer(t, "none")), w, o, NewKeys(1, 0), 1)[0]
}

// mustDo performs the steps.
func (p *performer) mustDo(t *testing.T, steps ...step) {
	t.Helper()
	for i, s := range steps {
		outcome, result, word := p.perform(t, s.op(t))
		text := ""
		if !result.IsAbsent() {
			text = result.String()
		}
		if outcome != s.want || text != s.wantResult || word != s.word {
			t.Errorf("%d. %s %s: got %v %s %q, want %v %s %q", i+1, s.f, s.input, outcome, text, word, s.want, s.wantResult, s.word)
		}
	}
}

func TestRegister(t *testing.T) {
	p := newClient(t, "register", Options{})
	p.mustDo(t,
		step{"read", "null", history.OK, "null", ""},
		step{"cas", "[1,2]", history.Fail, `{"saw":null}`, "mismatch"},
		step{"write", "1", history.OK, "1", ""},
		step{"read", "null", history.OK, "1", ""},
		step{"cas", "[2,3]", history.Fail, `{"saw":1}`, "mismatch"},
		step{"cas", "[1,2]", history.OK, "[1,2]", ""},
		step{"read", "null", history.OK, "2", ""},
	)
	must(t, p.conn, "SET", "test:k1", "spoilt")
	p.mustDo(t,
		step{"read", "null", history.OK, `"spoilt"`, ""},
		step{"cas", "[2,3]", history.Fail, `{"saw":"spoilt"}`, "mismatch"},
	)
}

// An object of another type is not what the client expects, and it says so.
func TestWrongType(t *testing.T) {
	for name, read := range map[string]string{"register": "read", "counter": "read", "inventory": "read", "set": "read", "queue": "dequeue", "lock": "acquire"} {
		t.Run(name, func(t *testing.T) {
			p := newClient(t, name, Options{TTL: time.Minute})
			must(t, p.conn, "HSET", "test:k1", "field", 1)
			outcome, result, word := p.perform(t, Op{F: read, Key: "k1", Value: history.Str("token")})
			if outcome != history.Fail || !result.IsAbsent() || word != "wrongtype" {
				t.Errorf("got %v %v %q, want fail wrongtype", outcome, result, word)
			}
		})
	}
}

func TestCounter(t *testing.T) {
	p := newClient(t, "counter", Options{})
	p.mustDo(t,
		step{"read", "null", history.OK, "0", ""},
		step{"add-and-get", "3", history.OK, "3", ""},
		step{"add-and-get", "2", history.OK, "5", ""},
		step{"read", "null", history.OK, "5", ""},
	)
	must(t, p.conn, "SET", "test:k1", "spoilt")
	p.mustDo(t,
		step{"read", "null", history.OK, `"spoilt"`, ""},
		step{"add-and-get", "1", history.Info, "", "error: ERR value is not an integer or out of range"},
	)
}

func TestInventory(t *testing.T) {
	newClient(t, "inventory", Options{Stock: 5}).mustDo(t,
		step{"read", "null", history.OK, "5", ""},
		step{"take", "6", history.OK, "null", ""},
		step{"take", "3", history.OK, "2", ""},
		step{"take", "3", history.OK, "null", ""},
		step{"read", "null", history.OK, "2", ""},
		step{"take", "2", history.OK, "0", ""},
		step{"take", "1", history.OK, "null", ""},
		step{"read", "null", history.OK, "0", ""},
	)
	p := newClient(t, "inventory", Options{})
	p.mustDo(t, step{"read", "null", history.OK, strconv.Itoa(defaultStock), ""})
	if got, want := inventory().Checks(Options{})[0], "linearizable(bounded-counter(100))"; got != want {
		t.Errorf("judged by %s, want %s", got, want)
	}
}

func TestQueue(t *testing.T) {
	newClient(t, "queue", Options{}).mustDo(t,
		step{"dequeue", "null", history.OK, "null", ""},
		step{"enqueue", "1", history.OK, "1", ""},
		step{"enqueue", "2", history.OK, "2", ""},
		step{"dequeue", "null", history.OK, "1", ""},
		step{"dequeue", "null", history.OK, "2", ""},
		step{"dequeue", "null", history.OK, "null", ""},
	)
}

func TestSet(t *testing.T) {
	p := newClient(t, "set", Options{})
	p.mustDo(t,
		step{"read", "null", history.OK, "[]", ""},
		step{"add", "2", history.OK, "2", ""},
		step{"add", "1", history.OK, "1", ""},
		step{"read", "null", history.OK, "[1,2]", ""}, // a set of integers is sorted (intset)
	)
	must(t, p.conn, "SREM", "test:k1", 1, 2)
	must(t, p.conn, "SADD", "test:k1", "spoilt")
	p.mustDo(t, step{"read", "null", history.OK, `["spoilt"]`, ""})
}

// The last reads of the workloads that have some are operations of theirs.
func TestFinal(t *testing.T) {
	want := map[string]string{"register": "read", "counter": "read", "inventory": "read", "queue": "dequeue", "set": "read"}
	for _, w := range All() {
		instance := w.New(Options{})
		if instance.Final.F != want[w.Name] || instance.Drain != (w.Name == "queue") {
			t.Errorf("%s: got %+v, drain %v", w.Name, instance.Final, instance.Drain)
		}
	}
}

// What a server says is kept, number or not.
func FuzzParseNumber(f *testing.F) {
	for _, text := range []string{"0", "-7", "007", "1.5", "", "9223372036854775808", "\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v := parseNumber(text)
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && v != history.Int(n) {
			t.Errorf("%q: got %v", text, v)
		} else if s, isText := v.Text(); err != nil && (!isText || s != text) {
			t.Errorf("%q: got %v", text, v)
		}
	})
}
