package jepsenlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

func TestMain(m *testing.M) {
	redis.SetLogger(&logging.VoidLogger{}) // it reports every refused dial
	goleak.VerifyTestMain(m)
}

// reported is a test that somebody else runs: it keeps what it is told.
type reported struct {
	name   string
	text   strings.Builder
	failed bool
}

func (r *reported) Helper()                           {}
func (r *reported) Name() string                      { return r.name }
func (r *reported) Logf(format string, args ...any)   { fmt.Fprintf(&r.text, format+"\n", args...) }
func (r *reported) Errorf(format string, args ...any) { r.Logf(format, args...); r.failed = true }
func (r *reported) Fatalf(format string, args ...any) { r.Errorf(format, args...); runtime.Goexit() }
func (r *reported) Skipf(format string, args ...any)  { r.Logf(format, args...); runtime.Goexit() }
func (r *reported) Log(args ...any)                   { r.Logf("%s", fmt.Sprint(args...)) }
func (r *reported) Error(args ...any)                 { r.Errorf("%s", fmt.Sprint(args...)) }
func (r *reported) Fatal(args ...any)                 { r.Fatalf("%s", fmt.Sprint(args...)) }
func (r *reported) Skip(args ...any)                  { r.Skipf("%s", fmt.Sprint(args...)) }
func (r *reported) SkipNow()                          { runtime.Goexit() }
func (r *reported) FailNow()                          { r.failed = true; runtime.Goexit() }
func (r *reported) Fail()                             { r.failed = true }
func (r *reported) Failed() bool                      { return r.failed }

// report runs a test in a goroutine of its own, which a failure ends, and returns
// what it said.
func report(t *testing.T, test func(*reported)) *reported {
	t.Helper()
	r := &reported{name: t.Name()}
	done := make(chan struct{})
	go func() { defer close(done); test(r) }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("it hangs")
	}
	return r
}

// counting are clients that count with GET and SET, and so count too little.
func counting() Spec {
	return Spec{
		Model: "counter",
		Client: func(c *Client) map[string]Func {
			return map[string]Func{"add-and-get": func(ctx context.Context, key string, _ any) (any, error) {
				total, err := c.Redis.Get(ctx, key).Int64()
				if err != nil && !errors.Is(err, redis.Nil) {
					return nil, err
				}
				return total + 1, c.Redis.Set(ctx, key, total+1, 0).Err()
			}}
		},
		Operations: []Operation{{Name: "add-and-get", Arg: One}},
		Faults:     []string{},
	}
}

// atomically are clients that count with INCR.
func atomically() Spec {
	s := counting()
	s.Client = func(c *Client) map[string]Func {
		return map[string]Func{"add-and-get": func(ctx context.Context, key string, _ any) (any, error) {
			return c.Redis.Incr(ctx, key).Result()
		}}
	}
	return s
}

// doing are clients whose only operation is that function.
func doing(do Func) Spec {
	s := counting()
	s.Client = func(*Client) map[string]Func {
		return map[string]Func{"add-and-get": do}
	}
	return s
}

func TestCheckShowsAndKeepsWhatItFinds(t *testing.T) {
	t.Chdir(t.TempDir())
	path := filepath.Join("testdata", "jepsen-lite", t.Name()+".json")
	got := report(t, func(r *reported) { Check(r, counting()) })
	for _, want := range []string{"two additions both made the total 1", "c0                  c1", "┌ add-and-get k1 1", "▸ GET k1 → nil", "kept in " + path} {
		if !got.failed || !strings.Contains(got.text.String(), want) {
			t.Errorf("no %q in\n%s", want, got.text.String())
		}
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}

	// What was kept is tried first: with no schedule to try besides it fails still.
	few := counting()
	few.Clients, few.Schedules = 1, 1
	got = report(t, func(r *reported) { Check(r, few) })
	if !got.failed || !strings.Contains(got.text.String(), path+": two additions both made the total 1") {
		t.Errorf("the kept schedule was not tried: %s", got.text.String())
	}
	got = report(t, func(r *reported) { Check(r, atomically()) })
	if got.failed {
		t.Errorf("code that is right fails: %s", got.text.String())
	}

	renamed := Spec{
		Model: "counter", Operations: []Operation{{Name: "read"}},
		Client: func(*Client) map[string]Func { return map[string]Func{"read": nil} },
	}
	got = report(t, func(r *reported) { Check(r, renamed) })
	if !got.failed || !strings.Contains(got.text.String(), path+`: there is no operation "add-and-get"`) {
		t.Errorf("a kept schedule of operations that are gone: %s", got.text.String())
	}

	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	got = report(t, func(r *reported) { Check(r, atomically()) })
	if !got.failed || !strings.Contains(got.text.String(), path+": line 1: unexpected end of JSON input") {
		t.Errorf("a kept schedule that cannot be read: %s", got.text.String())
	}
}

func TestCheckInAPropertyOfRapid(t *testing.T) {
	t.Chdir(t.TempDir())
	got := report(t, func(r *reported) {
		rapid.Check(r, func(t *rapid.T) { Check(t, counting()) })
	})
	text := got.text.String()
	if !got.failed || !strings.Contains(text, "two additions both made the total") || strings.Contains(text, "flaky") {
		t.Fatalf("failed: %v\n%s", got.failed, text)
	}
	// Rapid has shrunk it to one operation of each client, which is the least that
	// it draws.
	picture := text[strings.LastIndex(text, "server"):]
	if begun := strings.Count(picture, "┌ "); begun > 3 {
		t.Errorf("%d operations are left:\n%s", begun, picture)
	}
	if got := report(t, func(r *reported) {
		rapid.Check(r, func(t *rapid.T) { Check(t, atomically()) })
	}); got.failed {
		t.Errorf("code that is right fails: %s", got.text.String())
	}
}

func TestWrongSpecsAreNamed(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, test := range []struct {
		name   string
		change func(*Spec)
		want   string
	}{
		{"no client", func(s *Spec) { s.Client = nil }, "a spec needs a Client and Operations"},
		{"no operations", func(s *Spec) { s.Operations = nil }, "a spec needs a Client and Operations"},
		{"no promise", func(s *Spec) { s.Model = "" }, "no check judges the schedule"},
		{"an unknown model", func(s *Spec) { s.Model = "cuonter" }, `unknown model "cuonter"`},
		{"an unknown check", func(s *Spec) { s.Checks = []string{"quue"} }, `unknown check "quue"`},
		{"an unknown fault", func(s *Spec) { s.Faults = []string{"kil"} }, "did you mean kill?"},
		{"an unknown persistence", func(s *Spec) { s.Persistence = "aof" }, `unknown persistence "aof"`},
		{"an operation that no client has", func(s *Spec) { s.Operations[0].Name = "add" }, `there is no operation "add" among those that Client returns: they are add-and-get`},
		{"a last operation that no client has", func(s *Spec) { s.Final = "read" }, `there is no operation "read" among those that Client returns`},
		{"an operation that the model does not know", func(s *Spec) { s.Model = "mutex" }, "add-and-get"},
		{"a result that is none", func(s *Spec) {
			*s = doing(func(context.Context, string, any) (any, error) { return make(chan int), nil })
		}, "the result of add-and-get cannot be recorded"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := counting()
			test.change(&s)
			got := report(t, func(r *reported) { Check(r, s) })
			if text := got.text.String(); !got.failed || !strings.Contains(text, test.want) || strings.Count(text, "\n") != 1 {
				t.Errorf("failed: %v, %s", got.failed, text)
			}
			got = report(t, func(r *reported) {
				rapid.Check(r, func(t *rapid.T) { Check(t, s) })
			})
			if !got.failed || !strings.Contains(got.text.String(), test.want) {
				t.Errorf("in a property: failed: %v, %s", got.failed, got.text.String())
			}
		})
	}
}

func TestCodeThatPanicsFailsItsTest(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, test := range []struct {
		name string
		do   Func
		want string
	}{
		{"a panic", func(context.Context, string, any) (any, error) { panic("no such article") }, "panicked: no such article"},
		{"a test that ends in the middle", func(context.Context, string, any) (any, error) { runtime.Goexit(); return nil, nil }, "ended its goroutine, as t.FailNow does"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for kind, check := range map[string]func(*reported){
				"check":    func(r *reported) { Check(r, doing(test.do)) },
				"property": func(r *reported) { rapid.Check(r, func(t *rapid.T) { Check(t, doing(test.do)) }) },
			} {
				got := report(t, check)
				if !got.failed || !strings.Contains(got.text.String(), test.want) || !strings.Contains(got.text.String(), "check_test.go") {
					t.Errorf("%s: failed: %v, %s", kind, got.failed, got.text.String())
				}
			}
		})
	}
}

func TestCodeThatIsNotUnderControl(t *testing.T) {
	t.Chdir(t.TempDir())
	var calls atomic.Int64
	s := doing(func(context.Context, string, any) (any, error) {
		return min(calls.Add(1), 2), nil // never the same again
	})
	s.Clients = 1
	got := report(t, func(r *reported) { Check(r, s) })
	if !got.failed {
		t.Errorf("a failure that does not come back was forgotten: %s", got.text.String())
	}
}

func TestCheckOnARealServer(t *testing.T) {
	processtest.Require(t)
	t.Chdir(t.TempDir())
	t.Setenv("TMPDIR", t.TempDir())
	s := counting()
	s.Real, s.Schedules, s.Clients, s.Ops = true, 100, 2, 2
	got := report(t, func(r *reported) { Check(r, s) })
	if !got.failed || !strings.Contains(got.text.String(), "two additions both made the total 1") || !strings.Contains(got.text.String(), "▸ GET k1 → nil") {
		t.Errorf("failed: %v, %s", got.failed, got.text.String())
	}
	right := atomically()
	right.Real, right.Schedules, right.Faults = true, 5, []string{"kill", "timeout"}
	if got := report(t, func(r *reported) { r.name = "right"; Check(r, right) }); got.failed {
		t.Errorf("code that is right fails: %s", got.text.String())
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	t.Setenv("PATH", t.TempDir())
	if got := report(t, func(r *reported) { r.name = "none"; Check(r, right) }); !got.failed || !strings.Contains(got.text.String(), "no redis-server") {
		t.Errorf("without a server: failed: %v, %s", got.failed, got.text.String())
	}
}
