package main

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/target/docker"
	"github.com/jepsen-lite/jepsen-lite/target/docker/dockertest"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

// onDocker returns the arguments of a run in containers.
func onDocker(t *testing.T, store string) []string {
	t.Helper()
	args := []string{"run", "--target", "docker", "--store", store, "--quiet", "--nemesis-interval", "1s", "--seed", "7"}
	if image := dockertest.Require(t, docker.Available); image != "" {
		args = append(args, "--image", image)
	}
	return args
}

func TestRunOnDocker(t *testing.T) {
	store := t.TempDir()
	args := append(onDocker(t, store), "--persistence", "aof-always", "--time-limit", "8s", "--nemesis", "kill,pause,restart")
	got := tool(t, "", args...)
	if got.code != 0 || !strings.HasPrefix(got.out, "valid: register on ") {
		t.Fatalf("exit %d: %s%s", got.code, got.out, got.err)
	}
	info, err := harness.ReadInfo(filepath.Join(store, "latest"))
	if err != nil || info.Target != "docker" || !strings.Contains(info.Redis, " ") || !strings.Contains(info.Command, "--target docker") {
		t.Errorf("got %+v, %v", info, err)
	}
	if again := tool(t, "", "check", filepath.Join(store, "latest")); again.code != 0 {
		t.Errorf("judged again: exit %d: %s", again.code, again.out)
	}
}

// A run cut off by SIGKILL leaves what the next one removes.
func TestNextRunOnDockerCleans(t *testing.T) {
	store := t.TempDir()
	args := onDocker(t, store)
	cmd := exec.Command(binary, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	targettest.Eventually(t, "operations are recorded", func() bool {
		paths, _ := filepath.Glob(filepath.Join(store, "*", "*", "servers", "n1", "persistence.jsonl"))
		return len(paths) > 0
	})
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	// How many are left now is not certain: a run elsewhere may have removed them.
	if got := tool(t, "", append(args, "--nemesis", "none", "--time-limit", "1s", "--rate", "500")...); got.code == 4 {
		t.Fatalf("exit %d: %s%s", got.code, got.out, got.err)
	}
	if left, err := docker.Leftovers(targettest.Context(t)); err != nil || len(left) > 0 {
		t.Errorf("still left: %v, %v", left, err)
	}
}

func TestNoDocker(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix:///none/such.sock")
	oneLine(t, tool(t, "", "run", "--target", "docker"), 4, "no Docker engine answers at unix:///none/such.sock: start it")
	if _, err := docker.Leftovers(context.Background()); err == nil {
		t.Error("an engine answered")
	}
}
