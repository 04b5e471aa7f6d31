package schedule

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// clientFunc is a client that is one function.
type clientFunc func() error

func (f clientFunc) Do(context.Context, workloads.Op) (history.Value, error) {
	return history.Value{}, f()
}

func TestAClientThatPanicsEndsTheSchedule(t *testing.T) {
	for _, test := range []struct {
		name   string
		do     func() error
		client int // which one does it
		want   string
	}{
		{"a panic", func() error { panic("no stock") }, 1, "client c1 panicked: no stock"},
		{"an error of the runtime", func() error { var none []int; _ = none[3]; return nil }, 1, "client c1 panicked: runtime error: index out of range"},
		{"the end of its goroutine", func() error { runtime.Goexit(); return nil }, 1, "client c1 ended its goroutine, as t.FailNow does"},
		{"a panic in the last read", func() error { panic("no stock") }, 2, "client c2 panicked: no stock"},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := newExecutor(t, "counter")
			made := 0
			x.Workload.New = func(workloads.Options) workloads.Instance {
				i := workloads.Instance{Final: workloads.Op{F: "read"}}
				i.Client = func(workloads.Env) workloads.Client {
					if made++; made == test.client+1 {
						return clientFunc(test.do)
					}
					return clientFunc(func() error { return nil })
				}
				return i
			}
			s := &Schedule{
				Workload: Workload{Name: "counter"}, Target: Target{Persistence: "none"},
				Clients: [][]Op{{{F: "add"}, {F: "add"}}, {{F: "add"}}}, Steps: word(t, "c0 c1"),
			}
			_, err := x.Execute(s)
			var panicked *ClientPanic
			if !errors.As(err, &panicked) || !strings.HasPrefix(err.Error(), test.want) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
			if panicked.Value != nil && !strings.Contains(panicked.Stack, "panic_test.go") {
				t.Errorf("the stack does not show where:\n%s", panicked.Stack)
			}
		})
	}
}
