package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// TestBadInputHasOneClearLine wants, for each mistake, a line that names it and
// what to try, nothing on standard output, and the right exit code.
func TestBadInputHasOneClearLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("hello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	queue := filepath.Join(t.TempDir(), "queue.jsonl")
	if err := os.WriteFile(queue, []byte(queueHistory), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, args string
		code       int
		want       string
	}{
		{"unknown command", "frob", 2, `unknown command "frob": did you mean`},
		{"unknown flag", "run --frobnicate", 2, "unknown flag: --frobnicate; see jepsen-lite run --help"},
		{"bad flag value", "run --keys many", 2, `invalid argument "many" for "--keys"`},
		{"argument too many", "run now", 2, `unexpected argument "now"`},
		{"unknown workload", "run --workload cuonter", 2, `unknown workload "cuonter": did you mean counter?`},
		{"unknown fault", "run --nemesis kil", 2, "did you mean kill?"},
		{"place of a fault", "run --nemesis kill(primray)", 2, `--nemesis "kill(primray)", column 6: "primray" does not fit kill: place expects one, all, `},
		{"fault that is nowhere", "run --target sim --nemesis kill(replica)", 2, "fault kill(replica): there are no replicas here; try primary"},
		{"fault of a real server", "run --target sim --nemesis rollback", 2, "the nearest that works there is restart"},
		{"none beside a fault", "run --nemesis kill,none", 2, "none cannot stand beside a fault"},
		{"unknown persistence", "run --persistence aof", 2, `unknown persistence "aof"`},
		{"unknown target", "run --target cloud", 2, `unknown target "cloud"`},
		{"a real server's flag for a simulated one", "run --target sim --redis-server /none", 2, "--redis-server and --redis-arg are for a real server"},
		{"no fault fits", "run --nemesis-interval 1m", 2, "try --nemesis-interval 4s"},
		{"no such server", "run --redis-server /none/such", 4, `server "/none/such", named by --redis-server`},
		{"store is a file", "run --store " + file, 4, "try another --store"},
		{"no history", "check /none/such --model set", 2, "open history"},
		{"not JSON", "check " + file + " --model set", 2, "line 1: column 1: expected a JSON object, found 'h'"},
		{"no model named", "check " + queue, 2, "name a --model; the operations of this history fit fifo-queue, unordered-queue"},
		{"model does not fit", "check " + queue + " --model register", 2, "enqueue"},
		{"unknown model", "check " + queue + " --model quue", 2, `unknown model "quue"`},
		{"unknown check", "check " + queue + " --check quue", 2, `unknown check "quue"`},
		{"unknown format", "check " + queue + " --format xml", 2, `unknown format "xml"`},
		{"a folder that is no run", "check " + filepath.Dir(file), 2, "is no run folder"},
		{"nothing to check", "check", 2, "expected one history file or run folder"},
		{"no run yet", "show", 2, "no such file or directory; make one with: jepsen-lite run"},
		{"runs too many", "show a b", 2, "expected one run folder at most"},
		{"no store", "serve --store /none/such", 2, "there is no store at /none/such: make a run first (jepsen-lite run), or name another --store"},
		{"store that is a file", "serve --store " + file, 2, "is a file, and a store is a folder"},
		{"address without a port", "serve --store " + filepath.Dir(file) + " --addr localhost", 2, "try 127.0.0.1:8080"},
		{"address of another machine", "serve --store " + filepath.Dir(file) + " --addr 192.0.2.1:80", 2, "is no address of this machine"},
		{"negative timeout", "check " + queue + " --model set --timeout -1s", 2, "--timeout"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.code == 4 {
				processtest.Require(t)
			}
			got := tool(t, "", strings.Fields(test.args)...)
			if got.code != test.code || !strings.Contains(got.err, test.want) {
				t.Errorf("exit %d, %q; want %d and %q", got.code, got.err, test.code, test.want)
			}
			if got.out != "" || strings.Count(got.err, "\n") != 1 || !strings.HasPrefix(got.err, "jepsen-lite: ") {
				t.Errorf("want one line on standard error alone, got %q and %q", got.out, got.err)
			}
		})
	}
}

// nowhere returns a command that finds no server.
func nowhere(t *testing.T, args ...string) *exec.Cmd {
	cmd := exec.Command(binary, args...)
	cmd.Env = []string{"PATH=" + t.TempDir()}
	return cmd
}

func TestWithoutAServerARunIsSimulated(t *testing.T) {
	got := finished(t, nowhere(t, "run", "--time-limit", "5s", "--persistence", "aof-always", "--seed", "3"), "")
	if got.code != 0 || !strings.HasPrefix(got.out, "valid: register on a simulated redis 7.0\n") {
		t.Errorf("exit %d, %q, %q", got.code, got.out, got.err)
	}
	for _, want := range []string{"this was a simulation", "no redis-server or", "install one (Debian: apt-get install redis-server)", " --target sim "} {
		if !strings.Contains(got.out, want) {
			t.Errorf("%q is not in %s", want, got.out)
		}
	}
}

func TestNoServerFound(t *testing.T) {
	for _, args := range [][]string{{"run", "--target", "process"}, {"run", "--redis-arg", "maxmemory 100mb"}} {
		got := finished(t, nowhere(t, args...), "")
		if got.code != 4 || !strings.Contains(got.err, "no redis-server or valkey-server found: install one") {
			t.Errorf("%v: exit %d, %q", args, got.code, got.err)
		}
	}
	got := finished(t, nowhere(t, "doctor"), "")
	if got.code != 0 || !strings.Contains(flowing(got.out), "process not here: no redis-server or valkey-server found") || !strings.Contains(got.out, "sim        a simulated redis") {
		t.Errorf("doctor: exit %d, %q", got.code, got.out)
	}
	got = finished(t, nowhere(t, "doctor", "--redis-server", "/none/such"), "")
	if got.code != 4 || !strings.Contains(got.out, "process    not here: server \"/none/such\"") {
		t.Errorf("doctor: exit %d, %q", got.code, got.out)
	}
}

func TestAServerThatDoesNotStartShowsItsLog(t *testing.T) {
	processtest.Require(t)
	got := tool(t, "", "run", "--redis-arg", "no-such-directive 1")
	if got.code != 4 || !strings.Contains(got.err, "Bad directive or wrong number of arguments") || got.out != "" {
		t.Errorf("exit %d, %q, %q", got.code, got.out, got.err)
	}
}

func TestAFullDisk(t *testing.T) {
	processtest.Require(t)
	// A small file system of the test's own, in a mount namespace that ends with
	// the command.
	store := t.TempDir()
	script := `mount -t tmpfs -o size=1m none "$1" && exec "$0" run --store "$1" --rate 0 --time-limit 30s --nemesis none --persistence none`
	if err := exec.Command("unshare", "-rm", "true").Run(); err != nil {
		t.Skipf("no mount namespace here, so no small file system: %v", err)
	}
	got := finished(t, exec.Command("unshare", "-rm", "sh", "-c", script, binary, store), "")
	if got.code != 4 || !strings.Contains(got.err, "no space left on device; free some space, or choose another --store") {
		t.Errorf("exit %d, %q", got.code, got.err)
	}
	if !strings.Contains(got.out, "register on redis") || !strings.Contains(got.out, "the recording was cut off") {
		t.Errorf("what was recorded is not judged: %q", got.out)
	}
}
