package process

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

// fake writes a shell script that is executable if mode says so.
func fake(t *testing.T, path, script string, mode os.FileMode) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	both, second := filepath.Join(dir, "both"), filepath.Join(dir, "second")
	redis := fake(t, filepath.Join(both, "redis-server"), "", 0o755)
	fake(t, filepath.Join(both, "valkey-server"), "", 0o755)
	valkey := fake(t, filepath.Join(second, "valkey-server"), "", 0o755)
	own := fake(t, filepath.Join(dir, "a folder", "mine"), "", 0o755)
	text := fake(t, filepath.Join(dir, "text"), "", 0o644)
	missing := filepath.Join(dir, "missing")

	tests := []struct {
		name                        string
		flag, environment, pathList string
		want, wantError             string
	}{
		{name: "flag first", flag: own, environment: valkey, pathList: both, want: own},
		{name: "then environment", environment: own, pathList: both, want: own},
		{name: "then redis-server", pathList: both, want: redis},
		{name: "then valkey-server", pathList: second, want: valkey},
		{name: "name on PATH", flag: "valkey-server", pathList: second, want: valkey},
		{name: "flag missing", flag: missing, environment: own, pathList: both, wantError: "--redis-server"},
		{name: "flag not executable", flag: text, pathList: both, wantError: "--redis-server"},
		{name: "flag a folder", flag: dir, pathList: both, wantError: "--redis-server"},
		{name: "environment missing", environment: missing, pathList: both, wantError: serverVariable},
		{name: "environment not executable", environment: text, pathList: both, wantError: serverVariable},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv(serverVariable, test.environment)
			t.Setenv("PATH", test.pathList)
			got, err := Find(test.flag)
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if (err != nil) != (test.wantError != "") {
				t.Fatalf("got error %v, want one: %q", err, test.wantError)
			}
			if err != nil && (!strings.Contains(err.Error(), test.wantError) || errors.Is(err, ErrNoServer)) {
				t.Errorf("got error %v, want it to name %q", err, test.wantError)
			}
		})
	}
}

func TestFindNothing(t *testing.T) {
	t.Setenv(serverVariable, "")
	t.Setenv("PATH", t.TempDir())
	_, err := Find("")
	if !errors.Is(err, ErrNoServer) {
		t.Fatalf("got %v, want ErrNoServer", err)
	}
	for _, way := range []string{"apt-get install", "--redis-server", serverVariable} {
		if !strings.Contains(err.Error(), way) {
			t.Errorf("%v: does not name %s", err, way)
		}
	}
	if _, err := New(Config{Dir: t.TempDir(), Persistence: targettest.Persistence(t, "none")}); !errors.Is(err, ErrNoServer) {
		t.Errorf("New without a server: got %v, want ErrNoServer", err)
	}
}

func TestVersion(t *testing.T) {
	tests := []struct{ name, script, want, wantError string }{
		{name: "redis", script: `echo "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1"`, want: "redis 7.0.15"},
		{name: "valkey", script: `echo "Valkey server v=8.1.1 sha=00000000:0 malloc=libc bits=64 build=1"`, want: "valkey 8.1.1"},
		{name: "other program", script: `echo "GNU bash, version 5"`, wantError: "GNU bash"},
		{name: "says nothing", script: ``, wantError: "--version"},
		{name: "exits 1", script: `exit 1`, wantError: "exit status 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := fake(t, filepath.Join(t.TempDir(), "server"), test.script, 0o755)
			got, err := Version(targettest.Context(t), path)
			if got != test.want || (err != nil) != (test.wantError != "") {
				t.Fatalf("got %q, %v; want %q, error %q", got, err, test.want, test.wantError)
			}
			if err != nil && !strings.Contains(err.Error(), test.wantError) {
				t.Errorf("got error %v, want it to say %q", err, test.wantError)
			}
		})
	}
}
