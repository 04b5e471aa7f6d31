package process

import (
	"encoding/json"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/procstat"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

// orphan runs a child with a server and kills the child.
func orphan(t *testing.T, order childOrder) childReport {
	t.Helper()
	_, _ = newNode1(t, Config{}) // skips without a server
	order.Dir = t.TempDir()
	text, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+string(text))
	cmd.Stderr = os.Stderr
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	var report childReport
	if err := json.NewDecoder(output).Decode(&report); err != nil || report.Err != "" {
		t.Fatalf("child: %v, %s", err, report.Err)
	}
	if !procstat.Lives(report.Server) || (report.Guard != 0) != !order.WithoutGuard {
		t.Fatalf("got %+v from the child, want a running server", report)
	}
	endLater(t, report.Server)
	endLater(t, report.Saver)
	return report
}

// endLater kills the process after the test, if it is still there.
func endLater(t *testing.T, pid int) {
	began := procstat.StartTime(pid)
	t.Cleanup(func() {
		if pid != 0 && procstat.Lives(pid) && procstat.StartTime(pid) == began {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
}

func TestNoServerOutlivesUs(t *testing.T) {
	tests := []struct {
		name         string
		order        childOrder
		wantSurvivor bool
	}{
		{name: "as it is", order: childOrder{}},
		{name: "paused", order: childOrder{Pause: true}},
		{name: "guard alone", order: childOrder{WithoutParentDeath: true}},
		{name: "guard alone, paused", order: childOrder{WithoutParentDeath: true, Pause: true}},
		{name: "guard alone, saving", order: childOrder{WithoutParentDeath: true, Save: true}},
		{name: "saving", order: childOrder{Save: true}},
		{name: "parent-death signal alone", order: childOrder{WithoutGuard: true}},
		{name: "parent-death signal alone, paused", order: childOrder{WithoutGuard: true, Pause: true}},
		{name: "neither: the two are what does it", order: childOrder{WithoutGuard: true, WithoutParentDeath: true}, wantSurvivor: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			report := orphan(t, test.order)
			if test.wantSurvivor {
				time.Sleep(300 * time.Millisecond)
				if !procstat.Lives(report.Server) {
					t.Error("the server is gone: this test proves nothing")
				}
				return
			}
			targettest.Eventually(t, "the server is gone", func() bool { return !procstat.Lives(report.Server) })
			targettest.Eventually(t, "the guard is gone", func() bool { return report.Guard == 0 || !procstat.Lives(report.Guard) })
			targettest.Eventually(t, "its saving child is gone", func() bool { return report.Saver == 0 || !procstat.Lives(report.Saver) })
		})
	}
}

// A parent-death signal would come when the thread ends that asked for a start.
func TestServerOutlivesTheCallersThread(t *testing.T) {
	_, n := newNode1(t, Config{withoutGuard: true})
	type answer struct {
		started bool
		err     error
	}
	answers := make(chan answer)
	ask := func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		var a answer
		if syscall.Gettid() != os.Getpid() { // the first thread would not end
			a.started, a.err = n.Start(targettest.Context(t))
		}
		answers <- a
	}
	go ask()
	a := <-answers
	if !a.started && a.err == nil {
		go ask()
		a = <-answers
	}
	if !a.started || a.err != nil {
		t.Fatalf("start: got %v, %v", a.started, a.err)
	}
	time.Sleep(200 * time.Millisecond)
	if !n.Running() {
		t.Error("the server ended with the thread")
	}
}

func TestGuardEndsWithItsServer(t *testing.T) {
	_, n := started(t, Config{})
	guard := n.server.guard.PID()
	if !procstat.Lives(guard) {
		t.Fatal("the guard is not there")
	}
	targettest.Do(t, "kill", n.Kill, true)
	if procstat.Lives(guard) {
		t.Error("the guard outlived its server")
	}
}

// A child that saves would rename its snapshot over that of a later server.
func TestKillEndsTheSavingChild(t *testing.T) {
	_, n := started(t, Config{Persistence: targettest.Persistence(t, "rdb"), Args: []string{slowSave}})
	saver, err := startSaving(targettest.Context(t), n)
	if err != nil {
		t.Fatal(err)
	}
	endLater(t, saver)
	targettest.Do(t, "kill", n.Kill, true)
	targettest.Eventually(t, "the child is gone", func() bool { return !procstat.Lives(saver) })
}

func TestPausedThreadsStandStill(t *testing.T) {
	_, n := started(t, Config{})
	if procstat.StandsStill(n.PID()) {
		t.Error("a running server stands still")
	}
	targettest.Do(t, "pause", n.Pause, true)
	if !procstat.StandsStill(n.PID()) {
		t.Error("a paused server does not stand still")
	}
}
