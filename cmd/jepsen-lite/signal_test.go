package main

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// underWay is a run in the middle of its work.
type underWay struct {
	cmd    *exec.Cmd
	out    bytes.Buffer
	errors *os.File
	latest string
}

// start returns a run that has recorded a few hundred operations, and a fault
// that took effect unless none was asked for.
func start(t *testing.T, args ...string) *underWay {
	t.Helper()
	processtest.Require(t)
	store := t.TempDir()
	r := &underWay{latest: filepath.Join(store, "latest")}
	// aof-always, because under everysec a kill can really lose a write that waits
	// behind an fsync.
	r.cmd = exec.Command(binary, append([]string{"run", "--store", store, "--time-limit", "1h", "--persistence", "aof-always"}, args...)...)
	var err error
	if r.errors, err = os.Create(filepath.Join(t.TempDir(), "stderr")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.errors.Close() })
	r.cmd.Stdout, r.cmd.Stderr = &r.out, r.errors
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.cmd.Process.Kill(); r.cmd.Wait() })
	processtest.Eventually(t, "operations are recorded", func() bool {
		text, err := os.ReadFile(filepath.Join(r.latest, "history.jsonl"))
		return err == nil && len(text) > 100<<10 && (slices.Contains(args, "none") || bytes.Contains(text, []byte(`"effect":true`)))
	})
	return r
}

// signal sends the signal, waits for the end, and returns the exit code.
func (r *underWay) signal(t *testing.T, signals ...os.Signal) int {
	t.Helper()
	for i, s := range signals {
		if i > 0 { // two signals of a kind that wait at the same time are one
			processtest.Eventually(t, "it says that it stops", func() bool { return strings.Contains(r.complaint(), "stopping: ") })
		}
		if err := r.cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	_ = r.cmd.Wait()
	return r.cmd.ProcessState.ExitCode()
}

// complaint returns what stands on standard error by now.
func (r *underWay) complaint() string {
	text, _ := os.ReadFile(r.errors.Name())
	return string(text)
}

// serverEnds waits until nobody listens where the run's server did.
func (r *underWay) serverEnds(t *testing.T) {
	t.Helper()
	conf, err := os.ReadFile(filepath.Join(r.latest, "servers", "n1", "redis.conf"))
	if err != nil {
		t.Fatal(err)
	}
	port := ""
	for line := range strings.Lines(string(conf)) {
		if fields := strings.Fields(line); len(fields) == 2 && fields[0] == "port" {
			port = fields[1]
		}
	}
	if port == "" {
		t.Fatalf("no port in %s", conf)
	}
	processtest.Eventually(t, "the server is gone", func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
}

func TestKilledInTheMiddleOfARun(t *testing.T) {
	for _, fault := range []string{"none", "pause"} {
		t.Run(fault, func(t *testing.T) {
			r := start(t, "--workload", "counter", "--nemesis", fault, "--nemesis-interval", "100ms")
			r.signal(t, syscall.SIGKILL)
			r.serverEnds(t)
			got := tool(t, "", "check", r.latest)
			if got.code != 0 || !strings.Contains(got.out, "the recording was cut off before the run's end") {
				t.Errorf("exit %d, %s%s", got.code, got.out, got.err)
			}
		})
	}
}

func TestInterruptedOnceItJudges(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		r := start(t, "--workload", "set", "--nemesis", "pause,kill", "--nemesis-interval", "100ms")
		code := r.signal(t, s)
		r.serverEnds(t)
		if code != 0 || !strings.HasPrefix(r.out.String(), "valid: set on ") || !strings.Contains(r.out.String(), "cut short after") {
			t.Errorf("%v: exit %d, %s%s", s, code, r.out.String(), r.complaint())
		}
	}
}

// A partition that would last for an hour is healed, the servers find each other
// again, and what there is is judged.
func TestInterruptedInAPartitionItHeals(t *testing.T) {
	for _, args := range [][]string{
		{"--nemesis", "partition(clients) once at 2s for 1h"},
		{"--topology", "replicated", "--nemesis", "partition(replicas) once at 2s for 1h"},
	} {
		r := start(t, append([]string{"--workload", "set"}, args...)...)
		code := r.signal(t, syscall.SIGINT)
		r.serverEnds(t)
		if code != 0 || !strings.HasPrefix(r.out.String(), "valid: set on ") || !strings.Contains(r.out.String(), "cut short after") {
			t.Errorf("%q: exit %d, %s%s", args, code, r.out.String(), r.complaint())
		}
		events, err := os.ReadFile(filepath.Join(r.latest, "history.jsonl"))
		if err != nil || !strings.Contains(string(events), `"f":"rejoin"`) || !strings.Contains(string(events), `"f":"end"`) {
			t.Errorf("%q: not healed, or without its final reads: %v", args, err)
		}
	}
}

func TestInterruptedTwiceItEndsAtOnce(t *testing.T) {
	r := start(t, "--nemesis", "pause", "--nemesis-interval", "100ms")
	code := r.signal(t, syscall.SIGINT, syscall.SIGINT)
	r.serverEnds(t)
	if code != 4 && code != 0 {
		t.Errorf("exit %d, %s%s", code, r.out.String(), r.complaint())
	}
	if got := tool(t, "", "check", r.latest); got.code != 0 && got.code != 3 {
		t.Errorf("what was recorded cannot be judged: exit %d, %s%s", got.code, got.out, got.err)
	}
}

func TestASimulationInterruptedOnceIsJudged(t *testing.T) {
	cmd := exec.Command(binary, "run", "--target", "sim", "--workload", "set", "--time-limit", "100000h", "--persistence", "aof-always", "--seed", "1")
	var out, complaint bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), &out, &complaint
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	processtest.Eventually(t, "a fault took effect", func() bool {
		text, err := os.ReadFile(filepath.Join(cmd.Dir, "store", "latest", "history.jsonl"))
		return err == nil && bytes.Contains(text, []byte(`"effect":true`))
	})
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 0 || !strings.HasPrefix(out.String(), "valid: set on a simulated redis") || !strings.Contains(out.String(), "cut short after") {
		t.Errorf("exit %d, %v, %s%s", code, err, out.String(), complaint.String())
	}
}
