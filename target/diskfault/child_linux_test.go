package diskfault_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
	"github.com/jepsen-lite/jepsen-lite/target/diskfault/diskfaulttest"
)

// childVariable makes the test's program a child of a test, that mounts a disk in
// the folder of this name and waits.
const childVariable = "JEPSEN_LITE_DISKFAULT_CHILD"

func beChild() {
	dir := os.Getenv(childVariable)
	_, err := diskfault.Mount(diskfault.Config{Backing: filepath.Join(dir, "backing"), Point: filepath.Join(dir, "with a blank")})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("mounted")
	time.Sleep(10 * patience) // the test kills it
}

// mountInChild has another process mount a disk.
func mountInChild(t *testing.T) (child *exec.Cmd, point, backing string) {
	t.Helper()
	diskfaulttest.Require(t)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	point, backing = filepath.Join(dir, "with a blank"), filepath.Join(dir, "backing")
	if err := errors.Join(os.Mkdir(point, 0o755), os.Mkdir(backing, 0o755)); err != nil {
		t.Fatal(err)
	}
	child = exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childVariable+"="+dir)
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = child.Process.Kill()
		_ = child.Wait()
		if _, err := diskfault.Clean(); err != nil {
			t.Error(err)
		}
	})
	line, _ := bufio.NewReader(output).ReadString('\n')
	if line != "mounted\n" {
		t.Fatalf("the child said %q", line)
	}
	return child, point, backing
}

func isLeftover(t *testing.T, point string) bool {
	t.Helper()
	left, err := diskfault.Leftovers()
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(left, func(l diskfault.Leftover) bool { return l.Point == point })
}

func TestLeftoverOfAKilledProcess(t *testing.T) {
	for tries := 1; !cleanAfterAKilledProcess(t); tries++ {
		if tries == 5 {
			t.Fatal("it was not we who removed it")
		}
	}
}

// cleanAfterAKilledProcess reports false if somebody else removed the mount: a run
// that starts elsewhere on this machine does so too.
func cleanAfterAKilledProcess(t *testing.T) (ours bool) {
	t.Helper()
	child, point, backing := mountInChild(t)
	mine := newLab(t, diskfault.Config{})
	file, err := os.OpenFile(filepath.Join(point, "a"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	_, _ = file.WriteString("kept")
	if err := file.Sync(); err != nil {
		t.Fatal(err)
	}
	_, _ = file.WriteString(" not kept")
	if removed, err := diskfault.Clean(); err != nil || slices.ContainsFunc(removed, func(l diskfault.Leftover) bool { return l.Point == point }) {
		t.Fatalf("removed %v, %v while the owner lives", removed, err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a write fails with ENOTCONN", func() bool {
		_, err := file.WriteString("x")
		return errors.Is(err, syscall.ENOTCONN)
	})
	// A zombie holds no mount any more.
	eventually(t, "the mount is a leftover, or has been removed", func() bool {
		_, err := os.Stat(point)
		return isLeftover(t, point) || err == nil
	})
	_, dead := os.Stat(point)
	if dead != nil && !errors.Is(dead, syscall.ENOTCONN) {
		t.Errorf("stat: got %v, want ENOTCONN", dead)
	}
	removed, err := diskfault.Clean()
	if err != nil {
		t.Errorf("clean: %v", err)
	}
	ours = slices.ContainsFunc(removed, func(l diskfault.Leftover) bool { return l.Point == point })
	if names, err := os.ReadDir(point); len(names) != 0 || err != nil {
		t.Errorf("the mount point holds %v, %v", names, err)
	}
	if text, err := os.ReadFile(filepath.Join(backing, "a")); string(text) != "kept" {
		t.Errorf("what survived is %q, %v", text, err)
	}
	mine.keep(t, "a", "mine is still there")
	return ours && dead != nil
}

func TestServersDoNotInheritTheDevice(t *testing.T) {
	newLab(t, diskfault.Config{})
	output, err := exec.Command("ls", "-l", "/proc/self/fd").CombinedOutput()
	if err != nil || strings.Contains(string(output), "/dev/fuse") {
		t.Errorf("a child has, %v:\n%s", err, output)
	}
}

func TestUnmountWhileFilesAreOpen(t *testing.T) {
	if left, err := os.ReadDir("/sys/fs/fuse/connections"); os.Geteuid() != 0 && (err != nil || len(left) == 0) {
		t.Skip("without root and without fusectl (mount -t fusectl none /sys/fs/fuse/connections), open files are served until they are closed")
	}
	l := newLab(t, diskfault.Config{})
	file := l.open(t, "a", os.O_CREATE|os.O_RDWR)
	l.write(t, file, "not synced")
	holder := exec.Command("sh", "-c", "cd \"$0\" && exec sleep 100", l.Point())
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = holder.Process.Kill()
		_ = holder.Wait()
	}()
	if err := l.Unmount(); err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString("x"); err == nil {
		t.Error("wrote to an unmounted disk")
	}
	if _, err := l.PowerLoss(nil, diskfault.Nothing); err == nil {
		t.Error("an unmounted disk lost power")
	}
	if got := tree(t, l.backing); len(got) != 1 || got["a"] != "not synced" {
		t.Errorf("after an orderly unmount the backing folder holds %q", got)
	}
	if names, err := os.ReadDir(l.Point()); len(names) != 0 || err != nil {
		t.Errorf("the mount point holds %v, %v", names, err)
	}
}

func TestPermissionsSurvive(t *testing.T) {
	l := newLab(t, diskfault.Config{})
	l.keep(t, "a", "secret")
	if err := os.Chmod(l.path("a"), 0o000); err != nil {
		t.Fatal(err)
	}
	l.sync(t, ".")
	l.losePower(t, diskfault.Nothing, 1)
	for _, folder := range []string{l.Point(), l.backing} {
		if info, err := os.Stat(filepath.Join(folder, "a")); err != nil || info.Mode() != 0 || info.Size() != 6 {
			t.Errorf("%s: got %v, %v", folder, info, err)
		}
	}
}

// TestAReplacedFileHasNoSayAnyMore changes a file that another has replaced.
func TestAReplacedFileHasNoSayAnyMore(t *testing.T) {
	l := newLab(t, diskfault.Config{})
	l.keep(t, "a", "old")
	l.keep(t, "b", "new")
	file := l.open(t, "a", os.O_RDWR)
	if err := errors.Join(os.Rename(l.path("b"), l.path("a")), file.Chmod(0o600)); err != nil {
		t.Fatal(err)
	}
	l.write(t, file, "x")
	if err := file.Sync(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(l.backing, "a")); err != nil || info.Mode() != 0o644 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
	l.losePower(t, diskfault.Nothing, 1)
	l.must(t, map[string]string{"a": "new"})
}

func TestMountWhatIsThere(t *testing.T) {
	backing := t.TempDir()
	for name, text := range map[string]string{"a": "one", "d/b": "two"} {
		path := filepath.Join(backing, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o640)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Link(filepath.Join(backing, "a"), filepath.Join(backing, "d/c")); err != nil {
		t.Fatal(err)
	}
	disk := diskfaulttest.Mount(t, diskfault.Config{Backing: backing})
	l := lab{disk, backing}
	l.must(t, map[string]string{"a": "one", "d/b": "two", "d/c": "one"})
	file := l.open(t, "a", os.O_WRONLY|os.O_APPEND)
	l.write(t, file, "!")
	file.Close()
	if got := tree(t, l.Point())["d/c"]; got != "one!" {
		t.Errorf("the other name has %q", got)
	}
	if err := l.Unmount(); err != nil {
		t.Fatal(err)
	}
	if got := tree(t, backing); got["a"] != "one!" || got["d/c"] != "one!" {
		t.Errorf("got %q", got)
	}
	if err := os.Symlink("a", filepath.Join(backing, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := diskfault.Mount(diskfault.Config{Backing: backing, Point: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "link is neither") {
		t.Errorf("a backing folder with a link: got %v", err)
	}
}

func TestAFullFolderIsNotCovered(t *testing.T) {
	l := newLab(t, diskfault.Config{})
	l.keep(t, "a", "there")
	_, err := diskfault.Mount(diskfault.Config{Backing: t.TempDir(), Point: l.Point()})
	if err == nil || !strings.Contains(err.Error(), "empty folder") {
		t.Errorf("got %v", err)
	}
}
