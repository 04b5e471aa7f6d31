package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// interrupted is what a command came to that was interrupted in the middle.
type interrupted struct {
	ran
	took time.Duration // from the interruption to the end
}

// interrupt starts a command, waits until it works and then for a while, and
// interrupts it. It wants nothing to be left behind: no server, no file.
func interrupt(t *testing.T, wait time.Duration, args ...string) interrupted {
	t.Helper()
	got, temporary := interruptTimes(t, 1, wait, args...)
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	return got
}

// interruptTimes interrupts so many times, and returns the command's folder for
// temporary files, where no server is left.
func interruptTimes(t *testing.T, times int, wait time.Duration, args ...string) (interrupted, string) {
	t.Helper()
	temporary := t.TempDir()
	cmd := exec.Command(binary, args...)
	var out bytes.Buffer
	complaints, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer complaints.Close()
	complaint := func() string {
		text, err := os.ReadFile(complaints.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), &out, complaints
	cmd.Env = append(os.Environ(), "TMPDIR="+temporary)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	if strings.Contains(strings.Join(args, " "), "process") {
		processtest.Eventually(t, "a server runs", func() bool { return len(serversIn(t, temporary)) > 0 })
	}
	time.Sleep(wait)
	began := time.Now()
	for i := range times {
		if i > 0 { // two signals of a kind that wait at the same time are one
			processtest.Eventually(t, "it says that it stops", func() bool { return strings.Contains(complaint(), "stopping: ") })
		}
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
	}
	_ = cmd.Wait()
	took := time.Since(began)
	processtest.Eventually(t, "the servers are gone", func() bool { return len(serversIn(t, temporary)) == 0 })
	if !strings.Contains(complaint(), "stopping: what was begun is ended properly") {
		t.Errorf("it does not say that it stops: %q", complaint())
	}
	return interrupted{ran{cmd.ProcessState.ExitCode(), out.String(), complaint()}, took}, temporary
}

// serversIn returns the processes whose working folder is in that folder.
func serversIn(t *testing.T, folder string) []string {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil || len(links) == 0 {
		t.Skip("no /proc here to look for servers")
	}
	var there []string
	for _, link := range links {
		if at, err := os.Readlink(link); err == nil && strings.HasPrefix(at, folder) {
			there = append(there, link)
		}
	}
	return there
}

// longEnough is how long a command may take to end: much less than what it had
// before it.
const longEnough = 10 * time.Second

func TestInterruptedWhileSearching(t *testing.T) {
	for _, test := range []struct{ name, args string }{
		{"simulated", "--checks 100000000"},
		{"on a server", "--checks 100000000 --target process --faults kill,timeout"},
		{"every interleaving", "--exhaustive --clients 3 --ops 4"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if strings.Contains(test.args, "process") {
				processtest.Require(t)
			}
			got := interrupt(t, time.Second, append([]string{"explore", "--workload", "counter"}, strings.Fields(test.args)...)...)
			if got.took > longEnough || got.code != 0 && got.code != 3 {
				t.Errorf("exit %d after %v, %s%s", got.code, got.took, got.out, got.err)
			}
			if !strings.Contains(flowing(got.out), "the search was cut short") && !strings.Contains(got.out, "not every interleaving was visited") {
				t.Errorf("it does not say that it was cut short:\n%s", got.out)
			}
			if !strings.Contains(got.out, "tried       ") && !strings.Contains(got.out, "visited     ") {
				t.Errorf("it does not say what was tried:\n%s", got.out)
			}
		})
	}
}

func TestInterruptedWhileShrinking(t *testing.T) {
	processtest.Require(t)
	store := t.TempDir()
	long := strings.Fields("explore --workload counter-get-set --clients 6 --ops 20 --faults tick --tick 1s --seed 1 --shrink-limit 1ns --store")
	long = append(long, store)
	if got := tool(t, "", long...); got.code != 1 {
		t.Fatalf("exit %d, %s%s", got.code, got.out, got.err)
	}
	first, err := filepath.EvalSymlinks(filepath.Join(store, "latest"))
	if err != nil {
		t.Fatal(err)
	}
	got := interrupt(t, 100*time.Millisecond, "shrink", first, "--target", "process", "--time-limit", "1h", "--store", store)
	if got.code != 1 || got.took > longEnough || !strings.HasPrefix(got.out, "invalid: counter-get-set on redis") || !strings.Contains(got.out, "and interrupted:") {
		t.Errorf("exit %d after %v, %s%s", got.code, got.took, got.out, got.err)
	}
	latest, err := filepath.EvalSymlinks(filepath.Join(store, "latest"))
	if err != nil || latest == first {
		t.Fatalf("the smallest so far is not kept: %v", err)
	}
	if again := tool(t, "", "replay", latest, "--target", "sim", "--store", store); again.code != 1 {
		t.Errorf("the smallest so far does not fail: exit %d, %s%s", again.code, again.out, again.err)
	}
}

func TestInterruptedWhileReplaying(t *testing.T) {
	processtest.Require(t)
	path := filepath.Join(t.TempDir(), "schedule.json")
	if err := os.WriteFile(path, []byte(goodSchedule), 0o600); err != nil {
		t.Fatal(err)
	}
	got := interrupt(t, time.Second, "replay", path, "--target", "process", "--times", "1000000")
	if got.code != 0 || got.took > longEnough || !strings.Contains(got.out, "reproduced  0 of ") || strings.Contains(got.out, "of 1000000\n") {
		t.Errorf("exit %d after %v, %s%s", got.code, got.took, got.out, got.err)
	}
}

// A time that passes on a real server is waited for, and then the second Ctrl-C
// is there for people who do not want to.
func TestInterruptedTwiceWhileTimePasses(t *testing.T) {
	processtest.Require(t)
	path := filepath.Join(t.TempDir(), "schedule.json")
	if err := os.WriteFile(path, []byte(strings.Replace(goodSchedule, `"kill"`, `"tick:1h"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	got, _ := interruptTimes(t, 2, time.Second, "replay", path, "--target", "process")
	if got.code != 4 || got.took > longEnough {
		t.Errorf("exit %d after %v, %s%s", got.code, got.took, got.out, got.err)
	}
}
