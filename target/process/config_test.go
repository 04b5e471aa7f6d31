package process

import (
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

func TestNewRefuses(t *testing.T) {
	good := Config{Server: "/bin/sh", Dir: "d", Persistence: targettest.Persistence(t, "none")}
	tests := []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"no folder", func(c *Config) { c.Dir = "" }, "Config.Dir"},
		{"no persistence", func(c *Config) { *c = Config{Server: c.Server, Dir: c.Dir} }, "Config.Persistence"},
		{"missing server", func(c *Config) { c.Server = "/no/such/server" }, "/no/such/server"},
		{"another port", func(c *Config) { c.Args = []string{"port 1"} }, "port"},
		{"another address", func(c *Config) { c.Args = []string{" BIND * -::*"} }, "bind"},
		{"quoted name", func(c *Config) { c.Args = []string{`"dir" /tmp`} }, "dir"},
		{"a file of directives", func(c *Config) { c.Args = []string{"include /etc/redis.conf"} }, "include"},
		{"two lines in one", func(c *Config) { c.Args = []string{"hz 10\nport 1"} }, "one line each"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config := good
			test.change(&config)
			tg, err := New(config)
			if err == nil {
				tg.Close()
				t.Fatal("got no error")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want it to say %q", err, test.want)
			}
		})
	}
}
