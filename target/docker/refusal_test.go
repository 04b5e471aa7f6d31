package docker

import (
	"archive/tar"
	"bytes"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/moby/moby/client"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/docker/dockertest"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

func TestNewRefuses(t *testing.T) {
	good := Config{Dir: "d", Persistence: targettest.Persistence(t, "none")}
	tests := []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"no folder", func(c *Config) { c.Dir = "" }, "Config.Dir"},
		{"no persistence", func(c *Config) { c.Persistence = target.Persistence{} }, "Config.Persistence"},
		{"another network", func(c *Config) { c.Network = "mars" }, `unknown network "mars"`},
		{"servers of a cluster on the bridge", func(c *Config) {
			c.Network, c.Specs = Bridge, []target.Spec{{Name: "n1", Lines: []string{"cluster-enabled yes"}}}
		}, "need the host's network"},
		{"another port", func(c *Config) { c.Args = []string{"port 1"} }, "port is decided here"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config := good
			test.change(&config)
			if _, err := New(config); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want it to say %q", err, test.want)
			}
		})
	}
}

func TestCheckLocal(t *testing.T) {
	tests := []struct {
		host string
		want bool
	}{
		{"unix:///var/run/docker.sock", true},
		{"npipe:////./pipe/docker_engine", true},
		{"tcp://127.0.0.1:2375", true},
		{"tcp://localhost:2375", true},
		{"tcp://[::1]:2375", true},
		{"tcp://docker:2375", false},
		{"tcp://10.0.0.1:2375", false},
		{"ssh://me@localhost", false},
		{"ssh://me@there", false},
	}
	for _, test := range tests {
		if err := checkLocal(test.host); (err == nil) != test.want {
			t.Errorf("%s: got %v, want local: %v", test.host, err, test.want)
		}
	}
}

// An engine that is not there must not be asked for by testcontainers: it keeps the
// answer for good.
func TestNoEngine(t *testing.T) {
	silent := filepath.Join(t.TempDir(), "silent.sock")
	listener, err := net.Listen("unix", silent)
	if err != nil {
		t.Fatal(err)
	}
	go func() { // hangs up
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
	defer listener.Close()
	for _, socket := range []string{"/none/such.sock", silent} {
		t.Run(filepath.Base(socket), func(t *testing.T) {
			t.Setenv("DOCKER_HOST", "unix://"+socket)
			var missing *NoEngineError
			for name, err := range map[string]error{
				"available": func() error { _, err := Available(targettest.Context(t), ""); return err }(),
				"clean":     func() error { _, err := Clean(targettest.Context(t)); return err }(),
				"start":     newBare(t).Start(targettest.Context(t)),
			} {
				if !errors.As(err, &missing) || !strings.Contains(err.Error(), "no Docker engine answers at unix://"+socket+": start it") ||
					!strings.Contains(err.Error(), "--target process") {
					t.Errorf("%s: got %v", name, err)
				}
			}
		})
	}
}

// newBare returns a target that nothing has been asked of.
func newBare(t *testing.T) *Target {
	t.Helper()
	tg, err := New(Config{Dir: t.TempDir(), Persistence: targettest.Persistence(t, "none")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tg.Close(); err != nil {
			t.Error(err)
		}
	})
	return tg
}

func TestEngineElsewhere(t *testing.T) {
	t.Setenv("DOCKER_HOST", "tcp://192.0.2.1:2375")
	_, err := Available(targettest.Context(t), "")
	if err == nil || !strings.Contains(err.Error(), "is on another machine: unset DOCKER_HOST") {
		t.Errorf("got %v", err)
	}
}

func TestImageWithoutServer(t *testing.T) {
	dockertest.Require(t, Available)
	const image = "jepsen-lite/empty:test"
	e, err := open(targettest.Context(t), "")
	if err != nil {
		t.Fatal(err)
	}
	defer e.close()
	var empty bytes.Buffer
	archive := tar.NewWriter(&empty)
	_ = archive.WriteHeader(&tar.Header{Name: "data/", Typeflag: tar.TypeDir, Mode: 0o755})
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	imported, err := e.ImageImport(targettest.Context(t), client.ImageImportSource{Source: &empty, SourceName: "-"}, image, client.ImageImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_ = imported.Close()
	defer func() {
		if _, err := e.ImageRemove(targettest.Context(t), image, client.ImageRemoveOptions{}); err != nil {
			t.Error(err)
		}
	}()
	_, err = FindServer(targettest.Context(t), image)
	if err == nil || !strings.Contains(err.Error(), "has no redis-server or valkey-server that works") {
		t.Errorf("got %v", err)
	}
	tg := newTarget(t, Config{Image: image})
	if err := tg.Start(targettest.Context(t)); err == nil {
		t.Error("it started")
	}
}

func TestImageThatIsNowhere(t *testing.T) {
	dockertest.Require(t, Available)
	const image = "localhost:1/jepsen-lite/nowhere:none" // no registry listens there
	for name, err := range map[string]error{
		"available": func() error { _, err := Available(targettest.Context(t), image); return err }(),
		"server":    func() error { _, err := FindServer(targettest.Context(t), image); return err }(),
	} {
		if err == nil || !strings.Contains(err.Error(), "is not here and cannot be pulled") || !strings.Contains(err.Error(), "make image") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestFindServer(t *testing.T) {
	image := dockertest.Require(t, Available)
	server, err := FindServer(targettest.Context(t), image)
	if err != nil || !strings.HasSuffix(server.Name, "-server") || !strings.Contains(server.Version, " ") {
		t.Errorf("got %+v, %v", server, err)
	}
	t.Logf("%s: %s (%s)", image, server.Version, server.Name)
}

func TestTakeOver(t *testing.T) {
	for _, asked := range []string{"", "false"} {
		t.Setenv(reaperVariable, asked)
		TakeOver()
		want := "true"
		if asked != "" {
			want = asked
		}
		if got := os.Getenv(reaperVariable); got != want {
			t.Errorf("asked for %q: got %q, want %q", asked, got, want)
		}
	}
}
