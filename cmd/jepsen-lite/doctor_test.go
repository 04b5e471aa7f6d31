package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target/docker"
	"github.com/jepsen-lite/jepsen-lite/target/docker/dockertest"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// doctor runs it with further variables, and wants no file to be left behind.
func doctor(t *testing.T, variables []string, args ...string) ran {
	t.Helper()
	temporary := t.TempDir()
	cmd := exec.Command(binary, append([]string{"doctor"}, args...)...)
	cmd.Env = append(append(os.Environ(), variables...), "TMPDIR="+temporary)
	got := finished(t, cmd, "")
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	return got
}

// diagnosed is what it says as JSON.
func diagnosed(t *testing.T, variables []string, args ...string) (d diagnosis) {
	t.Helper()
	got := doctor(t, variables, append(args, "--json")...)
	if err := json.Unmarshal([]byte(got.out), &d); err != nil || got.code != 0 || got.err != "" {
		t.Fatalf("exit %d, %v: %s%s", got.code, err, got.out, got.err)
	}
	if d.Leftovers == nil || len(d.Backends) != 3 || len(d.Needs) != 2 {
		t.Errorf("got %+v", d)
	}
	return d
}

// noDocker names an engine that is not there.
func noDocker() []string { return []string{"DOCKER_HOST=unix:///none/such.sock"} }

// find returns the rows of a backend in a topology.
func find(d diagnosis, backend, topology string) map[string]harness.Prospect {
	rows := map[string]harness.Prospect{}
	for _, p := range d.Table {
		if p.Backend == backend && p.Topology == topology {
			rows[p.Fault] = p
		}
	}
	return rows
}

func TestDoctorTriesEveryFault(t *testing.T) {
	processtest.Require(t)
	d := diagnosed(t, noDocker())
	for _, topology := range []string{"standalone", "replicated", "cluster", "sharded"} {
		rows := find(d, "process", topology)
		if len(rows) != len(nemesis.Kinds()) {
			t.Errorf("%s: got %d rows", topology, len(rows))
		}
		for name, p := range rows {
			if !p.Works && p.Reason == "" || p.Works && p.Tried != (topology == "standalone") || p.Tried && !p.Works {
				t.Errorf("%s: %+v", name, p)
			}
		}
	}
	for name, p := range find(d, "docker", "cluster") {
		if p.Works || p.Reason != "target docker does not work" {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestDoctorInDocker(t *testing.T) {
	args := []string{}
	if image := dockertest.Require(t, docker.Available); image != "" {
		args = append(args, "--image", image)
	}
	rows := find(diagnosed(t, nil, args...), "docker", "standalone")
	for _, name := range []string{"kill", "pause", "restart", "rollback", "loading", "eviction", "bgsave", "bgrewriteaof", "config"} {
		if !rows[name].Works || !rows[name].Tried {
			t.Errorf("%s: %+v", name, rows[name])
		}
	}
}

func TestDoctorFitsIntoATerminal(t *testing.T) {
	got := doctor(t, noDocker())
	for line := range strings.Lines(got.out) {
		if len([]rune(strings.TrimSuffix(line, "\n"))) > 80 {
			t.Errorf("wider than 80 columns: %s", line)
		}
	}
	for _, want := range []string{"system     ", "docker     not here: no Docker engine answers", "\nfault          process        docker         sim\n", "  1  "} {
		if !strings.Contains(got.out, want) {
			t.Errorf("%q is not in\n%s", want, got.out)
		}
	}
}

// What a machine lacks costs only the faults that need it.
func TestDoctorWithoutFaketime(t *testing.T) {
	processtest.Require(t)
	d := diagnosed(t, append(noDocker(), "JEPSEN_LITE_FAKETIME=/none/such"))
	for name, p := range find(d, "process", "standalone") {
		if lacks := strings.HasPrefix(name, "clock-"); p.Works && lacks || lacks && !strings.Contains(p.Reason, "JEPSEN_LITE_FAKETIME") || name == "kill" && !p.Works {
			t.Errorf("%+v", p)
		}
	}
}
