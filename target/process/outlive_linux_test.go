package process

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/procstat"
)

// isRunning tells whether there is such a process that is not a zombie.
func isRunning(pid int) bool {
	fields := procstat.Fields(fmt.Sprintf("/proc/%d", pid))
	return len(fields) > 0 && fields[0] != "Z" && fields[0] != "X"
}

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
	if !isRunning(report.Server) || (report.Guard != 0) != !order.WithoutGuard {
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
		if pid != 0 && isRunning(pid) && procstat.StartTime(pid) == began {
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
				if !isRunning(report.Server) {
					t.Error("the server is gone: this test proves nothing")
				}
				return
			}
			eventually(t, "the server is gone", func() bool { return !isRunning(report.Server) })
			eventually(t, "the guard is gone", func() bool { return report.Guard == 0 || !isRunning(report.Guard) })
			eventually(t, "its saving child is gone", func() bool { return report.Saver == 0 || !isRunning(report.Saver) })
		})
	}
}

func TestGuard(t *testing.T) {
	tests := []struct {
		name         string
		dismissed    bool
		anotherStart bool
		wantKilled   bool
	}{
		{name: "we die", wantKilled: true},
		{name: "the server goes first", dismissed: true},
		{name: "the id is another's by now", anotherStart: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cmd := exec.Command("sleep", "60")
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			if err := cmd.Start(); err != nil {
				t.Skip(err)
			}
			defer cmd.Wait()
			defer cmd.Process.Kill()
			began := procstat.StartTime(cmd.Process.Pid)
			if test.anotherStart {
				began += "1"
			}
			g, err := startGuard(cmd.Process.Pid, began)
			if err != nil || g == nil {
				t.Fatalf("got %v, %v", g, err)
			}
			if test.dismissed {
				g.dismiss()
			} else {
				g.pipe.Close() // as the kernel does when we die
				_ = g.cmd.Wait()
			}
			if test.wantKilled {
				eventually(t, "the process was killed", func() bool { return !isRunning(cmd.Process.Pid) })
			} else if !isRunning(cmd.Process.Pid) {
				t.Error("the process was killed")
			}
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
			a.started, a.err = n.Start(testContext(t))
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
	guard := n.server.guard.cmd.Process.Pid
	if !isRunning(guard) {
		t.Fatal("the guard is not there")
	}
	do(t, "kill", n.Kill, true)
	if isRunning(guard) {
		t.Error("the guard outlived its server")
	}
}

// A child that saves would rename its snapshot over that of a later server.
func TestKillEndsTheSavingChild(t *testing.T) {
	_, n := started(t, Config{Persistence: persistence(t, "rdb"), Args: []string{slowSave}})
	saver, err := startSaving(testContext(t), n)
	if err != nil {
		t.Fatal(err)
	}
	endLater(t, saver)
	do(t, "kill", n.Kill, true)
	eventually(t, "the child is gone", func() bool { return !isRunning(saver) })
}

func TestPausedThreadsStandStill(t *testing.T) {
	_, n := started(t, Config{})
	if standsStill(n.PID()) {
		t.Error("a running server stands still")
	}
	do(t, "pause", n.Pause, true)
	if !standsStill(n.PID()) {
		t.Error("a paused server does not stand still")
	}
}
