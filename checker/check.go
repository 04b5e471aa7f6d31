package checker

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// Check judges one promise. Checks are immutable and safe for concurrent use.
type Check interface {
	// Name returns the name with parameters, as [Parse] reads it.
	Name() string
	// Check judges the history. The error is a *model.MisfitError: the history
	// is not about what the check judges.
	Check(ctx context.Context, h *history.History, o Options) (Result, error)
}

// Options bound what a check may take. The zero value means the defaults.
type Options struct {
	// Timeout bounds the search of one check; 60 s if zero.
	Timeout time.Duration
	// MemoryBytes bounds what the search of one check may hold; 2 GiB if zero.
	MemoryBytes int64
	// Engine is how linearizability is decided; [Auto] if empty.
	Engine Engine
	// JepsenQuirks judges as Jepsen's checkers do where ours are stricter, or say
	// unknown where nothing was tried; docs/jepsen.md lists each difference.
	JepsenQuirks bool
	// Progress, if set, is called now and then with the number of keys judged.
	// Calls may come from several goroutines.
	Progress func(check string, done, total int)
}

func (o Options) withDefaults() Options {
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	if o.MemoryBytes <= 0 {
		o.MemoryBytes = 2 << 30
	}
	if o.Engine == "" {
		o.Engine = Auto
	}
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	return o
}

// Result is what one check found.
type Result struct {
	Name  string `json:"name"`
	Model string `json:"model,omitempty"`
	// Verdict, and where it is unknown the reason.
	Verdict   Verdict   `json:"verdict"`
	Reason    string    `json:"reason,omitempty"`
	Anomalies []Anomaly `json:"anomalies"`
	// Engine says which algorithm judged.
	Engine     string         `json:"engine,omitempty"`
	DurationNS int64          `json:"duration_ns"`
	Timing     *Timing        `json:"timing,omitempty"`
	Statistics map[string]any `json:"statistics,omitempty"`
}

// Timing says what a check's duration was spent on.
type Timing struct {
	// Preparing is grouping the operations by key.
	PreparingNS int64 `json:"preparing_ns"`
	JudgingNS   int64 `json:"judging_ns"`
	// Witness is finding the fewest operations that prove each violation.
	WitnessNS int64 `json:"witness_ns"`
}

// Anomaly is one violation.
type Anomaly struct {
	Type string `json:"type"`
	Key  string `json:"key,omitempty"`
	// Explanation is one English sentence.
	Explanation string `json:"explanation"`
	// Ops are the indexes of the invocations that prove it.
	Ops []int `json:"ops"`
	// Witness shows the same operations, by invocation.
	Witness []WitnessOp `json:"witness,omitempty"`
}

// WitnessOp is one operation of a witness.
type WitnessOp struct {
	Index     int    `json:"index"`
	Process   int    `json:"process"`
	Operation string `json:"operation"` // dequeue → 7
	CallNS    int64  `json:"call_ns"`
	// ReturnNS is 0 where the outcome is unknown.
	ReturnNS int64 `json:"return_ns,omitempty"`
}

// maxAnomalies bounds how many anomalies a result lists, the first of each type
// among them; its statistics count all of them.
const maxAnomalies = 20

// Judge runs the checks one after another and combines their verdicts, except of
// those that judge nothing; over none it is unknown. A check that panics is a bug
// of ours: it is reported as unknown, with the others kept.
func Judge(ctx context.Context, h *history.History, checks []Check, o Options) (Verdict, []Result, error) {
	var (
		results  []Result
		verdicts []Verdict
	)
	for _, c := range checks {
		r, err := run(ctx, c, h, o)
		if err != nil {
			return Unknown, results, fmt.Errorf("check %s: %w", c.Name(), err)
		}
		results = append(results, r)
		if _, judgesNothing := c.(stats); !judgesNothing {
			verdicts = append(verdicts, r.Verdict)
		}
	}
	return Combine(verdicts...), results, nil
}

func run(ctx context.Context, c Check, h *history.History, o Options) (r Result, err error) {
	start := time.Now()
	defer func() {
		if p := recover(); p != nil {
			stack := make([]byte, 4<<10)
			stack = stack[:runtime.Stack(stack, false)]
			r = Result{Verdict: Unknown, Reason: fmt.Sprintf("the check crashed, which is a bug of jepsen-lite: %v\n%s", p, stack)}
		}
		r.Name, r.DurationNS = c.Name(), int64(time.Since(start))
		if r.Anomalies == nil {
			r.Anomalies = []Anomaly{}
		}
	}()
	return c.Check(ctx, h, o.withDefaults())
}

// prepare reads the history as one of the model's object, or returns why it is
// none.
func prepare(name string, h *history.History) ([]model.Op, error) {
	m, err := model.Parse(name)
	if err != nil {
		return nil, err
	}
	return m.Prepare(h.Ops)
}

// found returns the result of a check that decides exactly.
func found(anomalies []Anomaly, statistics map[string]any) Result {
	r := Result{Verdict: Valid, Statistics: statistics}
	if len(anomalies) > 0 {
		r.Verdict = Invalid
		r.Anomalies = listed(anomalies)
	}
	return r
}

// listed returns as many of the anomalies as a result lists, in their order: the
// first of each type, and as many of the others as there is room for.
func listed(anomalies []Anomaly) []Anomaly {
	if len(anomalies) <= maxAnomalies {
		return anomalies
	}
	firsts := map[string]int{} // type → place
	for i, a := range anomalies {
		if _, known := firsts[a.Type]; !known {
			firsts[a.Type] = i
		}
	}
	var list []Anomaly
	room := maxAnomalies - len(firsts)
	for i, a := range anomalies {
		if firsts[a.Type] != i {
			if room--; room < 0 {
				continue
			}
		}
		list = append(list, a)
	}
	return list
}
