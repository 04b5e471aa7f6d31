package guard

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// Guard is a shell that kills a server when we die without having done so. A nil
// one does nothing.
//
// Why, beside the parent-death signal: that one exists on Linux only, follows a
// thread rather than a process, and is lost if a server changes its user. A pipe
// of which we alone hold the writing end is closed by the kernel however we end.
type Guard struct {
	cmd  *exec.Cmd
	pipe *os.File
}

const (
	shell = "/bin/sh"
	// dismissLimit bounds the wait for a guard that was told to go.
	dismissLimit = 5 * time.Second
)

// guardScript gets a process id and the start time of that process, which may be
// empty. A line says that the server is gone. The end of the pipe without a line
// says that we are: then the server and what it forked, its process group, is
// killed, unless the id belongs to a younger process by now. The 22nd field of
// /proc/PID/stat is the start time; the fields after the name begin with the 3rd.
const guardScript = `read -r line && exit 0
stat=$(cat "/proc/$1/stat" 2>/dev/null)
set -- "$1" "$2" ${stat##*)}
[ -n "$2" ] && [ -n "${22}" ] && [ "${22}" != "$2" ] && exit 0
kill -s KILL -- "-$1" 2>/dev/null
exit 0`

// Start watches over a process, the leader of its process group, with its start
// time if that is known, as a child of ours may do without. It returns nil without an error where there
// is no /bin/sh: then the parent-death signal has to do.
func Start(pid int, started string) (*Guard, error) {
	reader, writer, err := os.Pipe() // neither end is passed on by exec
	if err != nil {
		return nil, fmt.Errorf("start guard: %w", err)
	}
	defer reader.Close()
	cmd := exec.Command(shell, "-c", guardScript, "jepsen-lite-guard", strconv.Itoa(pid), started)
	cmd.Stdin = reader
	cmd.Dir = "/"
	// A session of its own: no terminal's signal ends the guard before us.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		writer.Close()
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, fmt.Errorf("start guard: %w", err)
	}
	return &Guard{cmd: cmd, pipe: writer}, nil
}

// PID returns the id of the guard's own process.
func (g *Guard) PID() int { return g.cmd.Process.Pid }

// Dismiss tells the guard that its server is gone, and waits for the guard's end.
func (g *Guard) Dismiss() {
	if g == nil {
		return
	}
	// An error here means that the guard has gone already.
	_, _ = g.pipe.WriteString("gone\n")
	g.end()
}

// Trigger has the guard kill the server now, as if we had died, and waits for the
// guard's end.
func (g *Guard) Trigger() {
	if g != nil {
		g.end()
	}
}

func (g *Guard) end() {
	g.pipe.Close()
	overdue := time.AfterFunc(dismissLimit, func() { _ = g.cmd.Process.Kill() })
	defer overdue.Stop()
	_ = g.cmd.Wait()
}
