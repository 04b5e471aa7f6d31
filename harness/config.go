package harness

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/external"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

// Config says what to run. Get one from [Defaults] and change it. The field
// names in JSON are those of the command's flags.
type Config struct {
	Workload string `json:"workload"`
	// Target is a backend, or the URL of servers that run already. In a run folder
	// it has no password.
	Target   string `json:"target"`
	Topology string `json:"topology"`
	// Replicas, Shards, Spares, Hash, DownAfter and MinReplicas are those of
	// [topology.Config].
	Replicas    int           `json:"replicas,omitempty"`
	Shards      int           `json:"shards,omitempty"`
	Spares      int           `json:"spares,omitempty"`
	Hash        string        `json:"hash,omitempty"`
	DownAfter   time.Duration `json:"down_after_ns,omitempty"`
	MinReplicas int           `json:"min_replicas_to_write,omitempty"`
	// Reads is where clients read: primary, or replica. Empty: primary.
	Reads string `json:"reads,omitempty"`
	// Wait is by how many replicas each write has to be acknowledged (WAIT).
	Wait int `json:"wait,omitempty"`
	// Persistence is empty for servers that run already.
	Persistence string `json:"persistence"`
	// Nemesis are the items of the plan, each in the language of package nemesis.
	Nemesis  []string      `json:"nemesis"`
	Interval time.Duration `json:"nemesis_interval_ns"`
	// Duration is the longest a fault lasts; zero: as long as Interval.
	Duration    time.Duration `json:"nemesis_duration_ns"`
	TimeLimit   time.Duration `json:"time_limit_ns"`
	Concurrency int           `json:"concurrency"`
	// Rate is operations per second of all clients together; zero: as many as
	// they can.
	Rate float64 `json:"rate"`
	Keys int     `json:"keys"`
	// OpsPerKey is after how many operations a key is replaced by a fresh one;
	// zero: never.
	OpsPerKey int           `json:"ops_per_key"`
	OpTimeout time.Duration `json:"op_timeout_ns"`
	TTL       time.Duration `json:"ttl_ns"`
	Hold      time.Duration `json:"hold_ns"`
	Stock     int64         `json:"stock"`
	// Seed decides every random choice. Zero: one is chosen.
	Seed        uint64   `json:"seed"`
	Store       string   `json:"store"`
	RedisServer string   `json:"redis_server"`
	RedisArgs   []string `json:"redis_args"`
	// Image is the image of docker; empty: the default one.
	Image string `json:"image,omitempty"`
	// AllowWrites, Password, SentinelPassword and TLS are those of
	// [external.Config], for a URL.
	AllowWrites      bool         `json:"allow_writes,omitempty"`
	Password         string       `json:"-"`
	SentinelPassword string       `json:"-"`
	TLS              external.TLS `json:"tls,omitzero"`
}

// Defaults returns a run that shows something in 20 seconds.
func Defaults() Config {
	return Config{
		Workload:    "register",
		Target:      autoTarget,
		Topology:    topology.Standalone,
		Reads:       readPrimary,
		Persistence: target.AOFEverysec,
		Nemesis:     []string{"kill", "pause", "restart"},
		Interval:    2 * time.Second,
		TimeLimit:   20 * time.Second,
		Concurrency: 10,
		Rate:        2000,
		Keys:        8,
		OpsPerKey:   200,
		OpTimeout:   time.Second,
		TTL:         time.Minute,
		Hold:        10 * time.Millisecond,
		Stock:       100,
		Store:       "store",
	}
}

// UsageError is an error in what was asked for, rather than in doing it.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *UsageError) Unwrap() error { return e.Err }

// Validate returns a *UsageError naming the first thing that is wrong, or nil.
func (c Config) Validate() error {
	if err := c.validate(); err != nil {
		return &UsageError{err}
	}
	return nil
}

func (c Config) validate() error {
	if _, err := FindWorkload(c.Workload); err != nil {
		return err
	}
	if _, err := target.ParsePersistence(c.Persistence); err != nil && !c.isExternal() {
		return err
	}
	plan, err := c.plan()
	if err != nil {
		return err
	}
	if err := plan.Validate(); err != nil {
		return err
	}
	if c, err = c.withURL(); err != nil {
		return err
	}
	if err := c.checkTopology(); err != nil {
		return err
	}
	switch {
	case !c.isExternal() && !slices.Contains([]string{autoTarget, processTarget, dockerTarget, simTarget}, c.Target):
		return fmt.Errorf("unknown target %q: expected process, docker, sim, auto or a URL (redis://…)", c.Target)
	case c.Target == simTarget && (c.RedisServer != "" || len(c.RedisArgs) > 0):
		return errors.New("--redis-server and --redis-arg are for a real server: leave them out, or use --target process")
	case c.Target == dockerTarget && c.RedisServer != "":
		return errors.New("--redis-server is for servers of this machine: name an --image, or use --target process")
	case c.Target != dockerTarget && c.Image != "":
		return errors.New("--image is for servers in containers: leave it out, or use --target docker")
	case c.TimeLimit <= 0:
		return errors.New("--time-limit must be longer than 0s")
	case c.Concurrency < 1:
		return errors.New("--concurrency must be at least 1")
	case c.Rate < 0:
		return errors.New("--rate must not be negative (0 means as fast as possible)")
	case c.Keys < 1:
		return errors.New("--keys must be at least 1")
	case c.OpsPerKey < 0:
		return errors.New("--ops-per-key must not be negative (0 means without end)")
	case c.OpTimeout <= 0:
		return errors.New("--op-timeout must be longer than 0s")
	case c.TTL < time.Millisecond:
		return errors.New("--ttl must be at least 1ms")
	case c.Hold <= 0:
		return errors.New("--hold must be longer than 0s")
	case c.Stock < 1:
		return errors.New("--stock must be at least 1")
	case len(plan.Items) > 0 && plan.First() >= c.TimeLimit:
		return fmt.Errorf("no fault fits: the first comes at %v at the earliest, but --time-limit is %v; try --nemesis-interval %v, or --nemesis none", plan.First(), c.TimeLimit, c.TimeLimit/5)
	}
	return nil
}

// plan reads the nemesis' plan.
func (c Config) plan() (nemesis.Plan, error) {
	plan := nemesis.Plan{Interval: c.Interval, Duration: c.Duration}
	if len(c.Nemesis) == 0 {
		return plan, nil
	}
	var err error
	if plan.Items, err = nemesis.Parse(c.nemesisText()); err != nil {
		return plan, fmt.Errorf("nemesis %q, %w", c.nemesisText(), err)
	}
	return plan, nil
}

// nemesisText is the plan's text, with blanks only where there are some anyway.
func (c Config) nemesisText() string {
	if len(c.Nemesis) == 0 {
		return "none"
	}
	for _, item := range c.Nemesis {
		if strings.Contains(item, " ") {
			return strings.Join(c.Nemesis, ", ")
		}
	}
	return strings.Join(c.Nemesis, ",")
}

func (c Config) options() workloads.Options {
	return workloads.Options{TTL: c.TTL, Hold: c.Hold, Stock: c.Stock}
}

// Streams of randomness, so that one does not shift another.
const (
	nemesisStream = 1
	turnStream    = 2
	laneStream    = 1000 // and up, one a lane
	helperStream  = 1 << 40
	clientStream  = 1_000_000 // likewise
	routeStream   = 2_000_000 // likewise
)

func (c Config) rand(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(c.Seed, stream)) }

// Command returns the command that repeats the run.
func (c Config) Command() string {
	d := Defaults()
	words := []string{"jepsen-lite run --workload " + c.Workload}
	flag := func(name string, differs bool, value any) {
		if differs {
			words = append(words, fmt.Sprintf("--%s %s", name, quote(fmt.Sprint(value))))
		}
	}
	flag("target", c.Target != d.Target, c.Target)
	flag("topology", c.Topology != d.Topology, c.Topology)
	flag("replicas", c.Replicas != d.Replicas, c.Replicas)
	flag("shards", c.Shards != d.Shards, c.Shards)
	flag("spares", c.Spares != d.Spares, c.Spares)
	flag("hash", c.Hash != d.Hash, c.Hash)
	flag("down-after", c.DownAfter != d.DownAfter, c.DownAfter)
	flag("min-replicas-to-write", c.MinReplicas != d.MinReplicas, c.MinReplicas)
	flag("reads", c.Reads != d.Reads && c.Reads != "", c.Reads)
	flag("wait", c.Wait != d.Wait, c.Wait)
	flag("persistence", c.Persistence != "", c.Persistence)
	flag("nemesis", true, c.nemesisText())
	flag("nemesis-interval", c.Interval != d.Interval, c.Interval)
	flag("nemesis-duration", c.Duration != d.Duration, c.Duration)
	flag("time-limit", c.TimeLimit != d.TimeLimit, c.TimeLimit)
	flag("concurrency", c.Concurrency != d.Concurrency, c.Concurrency)
	flag("rate", c.Rate != d.Rate, strconv.FormatFloat(c.Rate, 'f', -1, 64))
	flag("keys", c.Keys != d.Keys, c.Keys)
	flag("ops-per-key", c.OpsPerKey != d.OpsPerKey, c.OpsPerKey)
	flag("op-timeout", c.OpTimeout != d.OpTimeout, c.OpTimeout)
	flag("ttl", c.TTL != d.TTL, c.TTL)
	flag("hold", c.Hold != d.Hold, c.Hold)
	flag("stock", c.Stock != d.Stock, c.Stock)
	flag("store", c.Store != d.Store, c.Store)
	flag("redis-server", c.RedisServer != "", c.RedisServer)
	flag("image", c.Image != "", c.Image)
	for _, arg := range c.RedisArgs {
		flag("redis-arg", true, arg)
	}
	flag("tls-ca", c.TLS.CA != "", c.TLS.CA)
	flag("tls-cert", c.TLS.Cert != "", c.TLS.Cert)
	flag("tls-key", c.TLS.Key != "", c.TLS.Key)
	flag("seed", true, c.Seed)
	for _, on := range c.switches() {
		words = append(words, "--"+on)
	}
	return strings.Join(words, " ")
}

// quote makes text one word of a shell.
func quote(text string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:,=@%+", r)
	}
	if text != "" && strings.TrimFunc(text, plain) == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
