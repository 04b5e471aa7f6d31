package harness

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestDefaultsAreValid(t *testing.T) {
	if err := Defaults().Validate(); err != nil {
		t.Error(err)
	}
}

func TestValidateNamesWhatIsWrong(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Config)
		want   string // "": nothing is wrong
	}{
		{"workload", func(c *Config) { c.Workload = "cuonter" }, "did you mean counter?"},
		{"persistence", func(c *Config) { c.Persistence = "aof" }, `unknown persistence "aof"`},
		{"save points", func(c *Config) { c.Persistence = "rdb:1" }, "rdb"},
		{"fault", func(c *Config) { c.Nemesis = []string{"kill", "flood"} }, `unknown fault "flood"`},
		{"argument of a fault", func(c *Config) { c.Nemesis = []string{"kill(primray)"} }, "did you mean primary?"},
		{"a track before the end", func(c *Config) { c.Nemesis, c.Interval = []string{"kill every 30s"}, 50*time.Second }, ""},
		{"no track fits", func(c *Config) { c.Nemesis = []string{"kill every 50s", "pause once at 30s"} }, "the first comes at 25s at the earliest"},
		{"target", func(c *Config) { c.Target = "cloud" }, `unknown target "cloud"`},
		{"a path for containers", func(c *Config) { c.Target, c.RedisServer = "docker", "/bin/redis-server" }, "name an --image"},
		{"an image for processes", func(c *Config) { c.Image = "redis:7.4" }, "use --target docker"},
		{"an image for containers", func(c *Config) { c.Target, c.Image = "docker", "redis:7.4" }, ""},
		{"topology", func(c *Config) { c.Topology = "ring" }, `unknown topology "ring"`},
		{"no time", func(c *Config) { c.TimeLimit = 0 }, "--time-limit"},
		{"no clients", func(c *Config) { c.Concurrency = 0 }, "--concurrency"},
		{"negative rate", func(c *Config) { c.Rate = -1 }, "--rate"},
		{"no keys", func(c *Config) { c.Keys = 0 }, "--keys"},
		{"negative operations per key", func(c *Config) { c.OpsPerKey = -1 }, "--ops-per-key"},
		{"no timeout", func(c *Config) { c.OpTimeout = 0 }, "--op-timeout"},
		{"TTL below what Redis knows", func(c *Config) { c.TTL = time.Microsecond }, "--ttl"},
		{"no hold", func(c *Config) { c.Hold = 0 }, "--hold"},
		{"no stock", func(c *Config) { c.Stock = 0 }, "--stock"},
		{"interval zero", func(c *Config) { c.Interval = 0 }, "interval"},
		{"negative duration", func(c *Config) { c.Duration = -1 }, "duration"},
		{"no fault fits", func(c *Config) { c.Interval = 50 * time.Second }, "try --nemesis-interval 4s, or --nemesis none"},
		{"a long interval without faults", func(c *Config) { c.Interval, c.Nemesis = 50*time.Second, nil }, ""},
		{"no faults", func(c *Config) { c.Nemesis = nil }, ""},
		{"as fast as possible", func(c *Config) { c.Rate = 0 }, ""},
		{"keys for ever", func(c *Config) { c.OpsPerKey = 0 }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := Defaults()
			test.change(&c)
			err := c.Validate()
			if test.want == "" {
				if err != nil {
					t.Errorf("got %v, want no error", err)
				}
				return
			}
			var usage *UsageError
			if !errors.As(err, &usage) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a UsageError with %q", err, test.want)
			}
		})
	}
}

func TestCommandRepeatsWhatDiffersFromTheDefaults(t *testing.T) {
	c := Defaults()
	c.Seed = 7
	if got, want := c.Command(), "jepsen-lite run --workload register --persistence aof-everysec --nemesis kill,pause,restart --seed 7"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	c.Nemesis = []string{"kill(primary) every 5s", "bgsave"}
	if got, want := c.Command(), "jepsen-lite run --workload register --persistence aof-everysec --nemesis 'kill(primary) every 5s, bgsave' --seed 7"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	c.Nemesis, c.TTL, c.Rate = nil, 300*time.Millisecond, 12.5
	c.Store, c.RedisArgs = "my runs", []string{"maxmemory 100mb", "it's"}
	want := `jepsen-lite run --workload register --persistence aof-everysec --nemesis none --rate 12.5 --ttl 300ms` +
		` --store 'my runs' --redis-arg 'maxmemory 100mb' --redis-arg 'it'\''s' --seed 7`
	if got := c.Command(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestStreamsOfRandomnessDifferAndRepeat(t *testing.T) {
	c := Config{Seed: 42}
	a, b, other := c.rand(1), c.rand(1), c.rand(2)
	same := 0
	for range 100 {
		x := a.Uint64()
		if x != b.Uint64() {
			t.Fatal("the same stream of the same seed differs")
		}
		if x == other.Uint64() {
			same++
		}
	}
	if same > 0 {
		t.Errorf("two streams agree in %d of 100 numbers", same)
	}
}
