package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// serverVariable is the environment variable that names the server binary.
const serverVariable = "JEPSEN_LITE_REDIS_SERVER"

// ErrNoServer says that this machine has no server binary where we look.
var ErrNoServer = errors.New("no redis-server or valkey-server found: install one (Debian: apt-get install redis-server), or name one with --redis-server PATH or " + serverVariable)

// Find returns the absolute path of the server binary to run: flag, the value of
// --redis-server, if it is not empty, else what JEPSEN_LITE_REDIS_SERVER names,
// else redis-server on PATH, else valkey-server on PATH, else [ErrNoServer].
// Whoever names a binary gets that one or an error, never another one.
func Find(flag string) (path string, err error) {
	if flag != "" {
		return findNamed(flag, "--redis-server")
	}
	if named := os.Getenv(serverVariable); named != "" {
		return findNamed(named, "environment variable "+serverVariable)
	}
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return filepath.Abs(path)
		}
	}
	return "", ErrNoServer
}

func findNamed(name, source string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		var cause *exec.Error
		if errors.As(err, &cause) {
			err = cause.Err
		}
		return "", fmt.Errorf("server %q, named by %s: %w: expected the path of a redis-server or valkey-server", name, source, err)
	}
	return filepath.Abs(path)
}

// versionLimit bounds how long a binary may take to tell its version.
const versionLimit = 10 * time.Second

// Version asks the server binary at path what it is: "redis 7.0.15",
// "valkey 8.1.1".
func Version(ctx context.Context, path string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, versionLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "--version")
	cmd.WaitDelay = time.Second
	output, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("ask %s --version: %w", path, err)
	}
	version, ok := target.ParseVersion(string(output))
	if !ok {
		return "", fmt.Errorf("ask %s --version: %.80q is not the answer of a redis-server: expected the path of a redis-server or valkey-server", path, output)
	}
	return version, nil
}
