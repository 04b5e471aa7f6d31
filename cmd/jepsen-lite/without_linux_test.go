package main

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// nobody is the user that owns nothing.
const nobody = 65534

// asNobody returns a command of a user who is not root, with a store.
func asNobody(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	processtest.Require(t)
	if os.Geteuid() != 0 {
		t.Skip("only root can become another user; without root this is what all other tests try")
	}
	dir, err := os.MkdirTemp("", "jepsen-lite-nobody-") // t.TempDir is for us alone
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "jepsen-lite")
	copyProgram(t, path)
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "DOCKER_HOST=unix:///none/such.sock", "TMPDIR="+dir, "HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	return cmd
}

func copyProgram(t *testing.T, path string) {
	t.Helper()
	from, err := os.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(to, from)
	if closeErr := to.Close(); err != nil || closeErr != nil {
		t.Fatal(err, closeErr)
	}
}

func TestDoctorWithoutRoot(t *testing.T) {
	got := finished(t, asNobody(t, "doctor", "--json"), "")
	var d diagnosis
	if err := json.Unmarshal([]byte(got.out), &d); err != nil || got.code != 0 {
		t.Fatalf("exit %d, %v: %s%s", got.code, err, got.out, got.err)
	}
	if d.Root {
		t.Error("it takes nobody for root")
	}
	onlyDisksAreMissing(t, d)
}

func TestRunsWithoutRoot(t *testing.T) {
	for _, topology := range []string{"standalone", "cluster"} {
		t.Run(topology, func(t *testing.T) {
			got := finished(t, asNobody(t, "run", "--topology", topology, "--workload", "set", "--persistence", "aof-always",
				"--nemesis", "pause", "--nemesis-interval", "500ms", "--time-limit", "3s", "--seed", "1"), "")
			if got.code == 2 || got.code == 4 || !strings.Contains(got.out, ": set on ") {
				t.Errorf("exit %d, %s%s", got.code, got.out, got.err)
			}
		})
	}
}

// onlyDisksAreMissing wants all other faults to work where disks cannot be mounted.
func onlyDisksAreMissing(t *testing.T, d diagnosis) {
	t.Helper()
	if d.Needs[1].Name != "disks" || d.Needs[1].Works {
		t.Skipf("disks can be mounted: %+v", d.Needs[1])
	}
	rows := find(d, "process", "standalone")
	for _, name := range []string{"kill", "pause", "restart", "rollback", "loading", "eviction", "aof-truncate", "config"} {
		if !rows[name].Works || !rows[name].Tried {
			t.Errorf("%+v", rows[name])
		}
	}
	for _, name := range []string{"powerloss", "slow-fsync", "fsync-error", "disk-full", "read-only"} {
		if rows[name].Works || !strings.Contains(rows[name].Reason, "disk faults are not available: ") {
			t.Errorf("%+v", rows[name])
		}
	}
}

// withoutFUSE returns a command in a mount namespace whose /dev has no fuse.
func withoutFUSE(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	processtest.Require(t)
	const script = `set -e
dev=$1; shift
mount -t tmpfs none "$dev"
for name in null zero random urandom; do touch "$dev/$name"; mount --bind "/dev/$name" "$dev/$name"; done
mount --rbind "$dev" /dev
exec "$0" "$@"`
	if err := exec.Command("unshare", "-rm", "true").Run(); err != nil {
		t.Skipf("no mount namespace here, so FUSE cannot be hidden: %v", err)
	}
	cmd := exec.Command("unshare", append([]string{"-rm", "sh", "-c", script, binary, t.TempDir()}, args...)...)
	cmd.Env = append(os.Environ(), noDocker()...)
	return cmd
}

func TestDoctorWithoutFUSE(t *testing.T) {
	got := finished(t, withoutFUSE(t, "doctor", "--json"), "")
	var d diagnosis
	if err := json.Unmarshal([]byte(got.out), &d); err != nil || got.code != 0 {
		t.Fatalf("exit %d, %v: %s%s", got.code, err, got.out, got.err)
	}
	if d.Needs[1].Works {
		t.Errorf("disks work: %+v", d.Needs[1])
	}
	onlyDisksAreMissing(t, d)
}

func TestPowerlossWithoutFUSE(t *testing.T) {
	oneLine(t, finished(t, withoutFUSE(t, "run", "--nemesis", "kill,powerloss"), ""), 2,
		"fault powerloss: node n1 cannot be given a disk that fails on this target; the nearest that works there is kill; disk faults are not available: open /dev/fuse: no such file")
}
