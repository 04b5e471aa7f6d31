package paper

import (
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/checker/promise"
	"github.com/jepsen-lite/jepsen-lite/harness"
)

// Study is what was read from runs: the evidence of the report. Labels (R1, C1, F1)
// are names of runs, configurations and fault plans.
type Study struct {
	Runs           []Run           `json:"runs"`
	Configurations []Configuration `json:"configurations"`
	Plans          []Plan          `json:"plans"`
	// Findings are one for each configuration, plan and promise: the central table.
	Findings []Finding `json:"findings"`
	// Counts are what checks counted of violations.
	Counts []Count `json:"counts"`
	// Examples are the anomalies shown, one of each type, that with the fewest
	// operations.
	Examples     []Example      `json:"examples"`
	Availability []Availability `json:"availability"`
	Latencies    []Latency      `json:"latencies"`
	// Skipped are what could not be read as runs.
	Skipped []Skipped `json:"skipped"`
}

// Run is one run, without its history.
type Run struct {
	Label         string            `json:"label"`
	Folder        string            `json:"folder"`
	Configuration string            `json:"configuration"`
	Plan          string            `json:"plan"`
	Workload      string            `json:"workload"`
	Verdict       checker.Verdict   `json:"verdict"`
	Reason        string            `json:"reason,omitempty"`
	Seed          uint64            `json:"seed"`
	Started       time.Time         `json:"started"`
	DurationNS    int64             `json:"duration_ns"`
	Ops           harness.Outcomes  `json:"ops"`
	Faults        map[string]int    `json:"faults"`
	Promises      []promise.Promise `json:"promises"`
	Command       string            `json:"command"`
	Tool          string            `json:"tool"`
	Go            string            `json:"go"`
	// SHA256 is of history.jsonl, in hexadecimal; empty where it cannot be read.
	SHA256 string `json:"sha256"`
	// Schedule is the SHA-256 of schedule.json, of a run that followed one.
	Schedule string `json:"schedule_sha256,omitempty"`
	Stepped  bool   `json:"stepped,omitempty"`
	// SameAs is an earlier run with the very same history; this one counts for
	// nothing beside it.
	SameAs string `json:"same_as,omitempty"`
	// Error is what kept the run from doing its part.
	Error    string   `json:"error,omitempty"`
	Problems []string `json:"problems,omitempty"`

	info   harness.Info
	checks []checker.Result // with one anomaly of each type
	// The keys by which runs are of one configuration and plan.
	configuration, plan string
	measured            *measured
	proofs              []proof // of anomalies
}

// operations returns how many operations its clients called.
func (r *Run) operations() int { return r.Ops.OK + r.Ops.Fail + r.Ops.Info }

// Configuration is what several runs had in common but for faults and seeds.
type Configuration struct {
	Label    string `json:"label"`
	Workload string `json:"workload"`
	About    string `json:"about"`
	Target   string `json:"target"`
	Redis    string `json:"redis"`
	// Parameters are those that are not the same in all configurations.
	Parameters []Parameter `json:"parameters"`
	Runs       []string    `json:"runs"`

	all []Parameter
}

// Parameter is a setting, named as the command's flag is.
type Parameter struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Plan is what the nemesis was told to do.
type Plan struct {
	Label string `json:"label"`
	// Text is in the plan language of package nemesis.
	Text string `json:"text"`
	// Interval and Longest are those of faults without times of their own.
	Interval time.Duration `json:"interval_ns"`
	Longest  time.Duration `json:"longest_ns"`
	// Injected counts the faults that took effect.
	Injected map[string]int `json:"injected"`
	Runs     []string       `json:"runs"`

	faults []string // the names of those asked for; none
	timed  bool     // all of them have times of their own
}

// Finding is what all runs of a configuration under a plan say about a promise.
type Finding struct {
	Configuration string `json:"configuration"`
	Plan          string `json:"plan"`
	Promise       string `json:"promise"`
	Meaning       string `json:"meaning"`
	// Standing is violated if any run says so, else held if any says that.
	Standing   promise.Standing `json:"standing"`
	Held       []string         `json:"held"`
	Violated   []string         `json:"violated"`
	NotDecided []string         `json:"not_decided"`
	// Operations are those of the runs that decided it.
	Operations int    `json:"operations"`
	Chance     Chance `json:"chance"`
	// Reasons are why runs did not decide it, each once.
	Reasons []string `json:"reasons,omitempty"`
}

// Count is how often a check of a configuration under a plan counted a violation.
type Count struct {
	Configuration string `json:"configuration"`
	Plan          string `json:"plan"`
	Check         string `json:"check"`
	// What was counted (lost elements), of how many of what (acknowledged elements).
	What string   `json:"what"`
	N    int      `json:"n"`
	Of   string   `json:"of"`
	All  int      `json:"all"`
	Runs []string `json:"runs"`
	// Shown are the runs that have any.
	Shown []string `json:"shown"`
}

// Example is an anomaly, drawn.
type Example struct {
	Type    string   `json:"type"`
	Check   string   `json:"check"`
	Key     string   `json:"key"`
	Run     string   `json:"run"`
	Runs    []string `json:"runs"` // in which there is one of the type
	Text    string   `json:"explanation"`
	Drawing Drawing  `json:"drawing"`

	proof proof
}

// Availability is what a fault did to those who called while it lasted; the one
// without a Fault is of all calls outside faults.
type Availability struct {
	Configuration string `json:"configuration"`
	Fault         string `json:"fault"`
	Injections    int    `json:"injections"`
	// Answered are those of the operations called meanwhile to which the servers gave
	// an answer: they succeeded, or failed for what the servers saw.
	Answered int `json:"answered"`
	Called   int `json:"called"`
	// LongestGapNS is the longest time without any success within a window.
	LongestGapNS int64 `json:"longest_gap_ns"`
	// MedianFirstNS and LongestFirstNS are of the times from the healing to the
	// first success, over the injections after which there was one; Unanswered
	// counts those after which there was none.
	MedianFirstNS  int64    `json:"median_first_success_ns"`
	LongestFirstNS int64    `json:"longest_first_success_ns"`
	Unanswered     int      `json:"unanswered"`
	Runs           []string `json:"runs"`
}

// Latency is how long operations took that succeeded, outside faults and under them.
type Latency struct {
	Configuration string    `json:"configuration"`
	Outside       Quantiles `json:"outside"`
	Under         Quantiles `json:"under"`
	Runs          []string  `json:"runs"`
}

// Quantiles are of N times, at most one in 32 above the truth.
type Quantiles struct {
	N     int   `json:"n"`
	P50NS int64 `json:"p50_ns"`
	P99NS int64 `json:"p99_ns"`
	MaxNS int64 `json:"max_ns"`
}

// Skipped is what could not be read.
type Skipped struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}
