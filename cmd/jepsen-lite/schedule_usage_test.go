package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// goodSchedule is a schedule file in which nothing is wrong, and which keeps every
// promise.
const goodSchedule = `{
  "version": 1,
  "workload": {"name": "counter"},
  "target": {"persistence": "aof-always"},
  "clients": [
    [
      {"f": "add-and-get", "key": "k1", "value": 1}
    ],
    [
      {"f": "add-and-get", "key": "k1", "value": 1}
    ]
  ],
  "steps": [
    "c0", "c0", "kill", "start", "c0", "c1", "c1", "c1"
  ]
}
`

// oneLine wants one line on standard error alone, and that exit code.
func oneLine(t *testing.T, got ran, code int, want string) {
	t.Helper()
	if got.code != code || !strings.Contains(got.err, want) {
		t.Errorf("exit %d, %q; want %d and %q", got.code, got.err, code, want)
	}
	if got.out != "" || strings.Count(got.err, "\n") != 1 || !strings.HasPrefix(got.err, "jepsen-lite: ") {
		t.Errorf("want one line on standard error alone, got %q and %q", got.out, got.err)
	}
}

func TestBadExplorationsHaveOneClearLine(t *testing.T) {
	for _, test := range []struct {
		name, args string
		code       int
		want       string
	}{
		{"unknown workload", "--workload lock-naiv", 2, `unknown workload "lock-naiv": did you mean lock-naive?`},
		{"unknown fault", "--faults kill,pwerloss", 2, `unknown fault "pwerloss": did you mean powerloss?`},
		{"none beside a fault", "--faults kill,none", 2, "none cannot stand beside a fault"},
		{"no fault at all", "--faults=", 2, `unknown fault ""`},
		{"a fault that only a simulated disk has", "--target process --faults powerloss", 2, "fault powerloss: only a simulated disk can do that: use --target sim"},
		{"replicas of a real server", "--target process --replicas 1", 2, "only simulated servers have replicas here: use --target sim"},
		{"a fault of replicas without any", "--faults failover", 2, "fault failover: there are no replicas: allow one with --replicas 1"},
		{"too many replicas", "--replicas 6", 2, "there are 6 replicas: expected 0 to 5"},
		{"unknown target", "--target cloud", 2, `unknown target "cloud": expected sim, process or auto`},
		{"unknown persistence", "--persistence aof", 2, `unknown persistence "aof"`},
		{"unknown strategy", "--strategy luck", 2, `unknown strategy "luck": expected uniform, pct or both`},
		{"unknown check", "--check linear", 2, `unknown check "linear"`},
		{"a check that judges nothing", "--check stats", 2, "no check judges the schedule"},
		{"no clients", "--clients 0", 2, "--clients must be at least 1"},
		{"too many clients", "--clients 65", 2, "there are 65 clients: expected 1 to 64"},
		{"no operations", "--ops 0", 2, "--ops must be at least 1"},
		{"no keys", "--keys 0", 2, "--keys must be at least 1"},
		{"fewer schedules than none", "--checks -1", 2, "--checks must be at least 1"},
		{"fewer workers than none", "--workers -1", 2, "--workers must not be negative"},
		{"fewer faults than none", "--max-faults -1", 2, "--max-faults must not be negative"},
		{"a tick that is no time", "--tick soon", 2, `invalid argument "soon" for "--tick" flag: expected a time, as in 300ms`},
		{"a tick that takes no time", "--tick 1s,0s", 2, "--tick must be longer than 0s"},
		{"a tick without end", "--tick 25h --faults tick", 2, "a tick of 25h0m0s: expected more than 0s, and 24h0m0s at most"},
		{"a time limit before it began", "--time-limit -1s", 2, "--time-limit must not be negative"},
		{"no time to shrink", "--shrink-limit 0s", 2, "--shrink-limit must be longer than 0s"},
		{"no time to live", "--ttl 0s", 2, "--ttl must be at least 1ms"},
		{"no stock", "--stock 0", 2, "--stock must be at least 1"},
		{"an argument too many", "now", 2, `unexpected argument "now"; see jepsen-lite explore --help`},
		{"a test that go test does not read", "--emit-go-test lock.go", 2, "go test reads only files whose name ends with _test.go"},
		{"a test in a folder that is not there", "--emit-go-test none/lock_test.go", 2, "there is no folder none"},
		{"every interleaving on a real server", "--exhaustive --target process", 2, "an exhaustive search needs simulated servers: use --target sim"},
		{"no such server", "--target process --redis-server /none/such", 4, `server "/none/such", named by --redis-server`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if strings.Contains(test.args, "process") {
				processtest.Require(t)
			}
			oneLine(t, tool(t, "", append([]string{"explore"}, strings.Fields(test.args)...)...), test.code, test.want)
		})
	}
}

func TestBadReplaysHaveOneClearLine(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.json")
	if err := os.WriteFile(good, []byte(goodSchedule), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, args string
		want       string
	}{
		{"nothing to replay", "replay", "expected one schedule file or run folder, or --seed"},
		{"two schedules", "replay a b", "expected one schedule file or run folder, or --seed"},
		{"a schedule and a seed", "replay " + good + " --seed 4", "a schedule and --seed are too much: leave one out"},
		{"a seed that nobody used", "replay --seed 99 --store " + dir, "holds no schedule of seed 99: name a schedule.json, or explore with --seed 99 again"},
		{"no times", "replay " + good + " --times 0", "--times must be at least 1"},
		{"no file", "replay /none/such", "no such file or directory; name a schedule.json, or a run folder"},
		{"a folder that is no run", "replay " + dir, "is no run folder: it has no run.json"},
		{"unknown target", "replay " + good + " --target cloud", `unknown target "cloud"`},
		{"nothing to shrink", "shrink", "expected one schedule file or run folder"},
		{"no time to shrink", "shrink " + good + " --time-limit 0s", "--time-limit must be longer than 0s"},
		{"no file to shrink", "shrink /none/such", "no such file or directory; name a schedule.json, or a run folder"},
		{"a folder to shrink that is no run", "shrink " + dir, "is no run folder: it has no run.json"},
	} {
		t.Run(test.name, func(t *testing.T) { oneLine(t, tool(t, "", strings.Fields(test.args)...), 2, test.want) })
	}
}

func TestWrongSchedulesHaveOneClearLine(t *testing.T) {
	for _, test := range []struct{ name, old, new, want string }{
		{"a typo in a field", `"steps"`, `"stpes"`, `unknown field "stpes": did you mean "steps"?`},
		{"an unknown step", `"kill"`, `"kil"`, `step 3: unknown step "kil": did you mean kill?`},
		{"a client that is not there", `"c1"`, `"c2"`, "there is no client c2: they are c0 to c1"},
		{"a node that is not there", `"kill"`, `"kill:n2"`, "there is no node n2: they are n1 alone"},
		{"an operation that is not there", `add-and-get`, `add-and-gte`, `client c0, operation 1: counter has no operation "add-and-gte": did you mean add-and-get?`},
		{"an unknown workload", `"counter"`, `"cuonter"`, `unknown workload "cuonter": did you mean counter?`},
		{"a version from the future", `"version": 1`, `"version": 2`, "version 2 is from a newer jepsen-lite"},
		{"no JSON", goodSchedule, "hello", "line 1: invalid character 'h'"},
		{"nothing", goodSchedule, "", "this is no schedule: it is empty"},
		{"no schedule", goodSchedule, "[]", "this is no schedule: expected an object"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "schedule.json")
			if err := os.WriteFile(path, []byte(strings.Replace(goodSchedule, test.old, test.new, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, command := range []string{"replay", "shrink"} {
				got := tool(t, "", command, path)
				oneLine(t, got, 2, test.want)
				if !strings.HasPrefix(got.err, "jepsen-lite: "+path+": ") {
					t.Errorf("the file is not named: %q", got.err)
				}
			}
		})
	}
}

func TestAValueOfTheWrongKind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schedule.json")
	text := strings.NewReplacer("counter", "register", "add-and-get", "cas").Replace(goodSchedule)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"replay", "shrink"} {
		oneLine(t, tool(t, "", command, path), 2, path+": client c0 panicked: runtime error: index out of range [0] with length 0; are the values of its operations such as its workload has?")
	}
}

func TestAScheduleThatMayNotBeRead(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	path := filepath.Join(t.TempDir(), "schedule.json")
	if err := os.WriteFile(path, []byte(goodSchedule), 0); err != nil {
		t.Fatal(err)
	}
	oneLine(t, tool(t, "", "replay", path), 2, "permission denied")
}

func TestAFaultThatTheTargetCannotDo(t *testing.T) {
	processtest.Require(t)
	path := filepath.Join(t.TempDir(), "schedule.json")
	if err := os.WriteFile(path, []byte(strings.Replace(goodSchedule, `"kill"`, `"powerloss"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	oneLine(t, tool(t, "", "replay", path, "--target", "process"), 2, "step 3, powerloss: only a simulated disk can do that: use --target sim")
}

// found makes a run folder of a lock that breaks, and returns it and its store.
func found(t *testing.T) (folder, store string) {
	t.Helper()
	store = t.TempDir()
	got := tool(t, "", "explore", "--workload", "lock-naive", "--seed", "1", "--store", store)
	if got.code != 1 || got.err != "" {
		t.Fatalf("exit %d, %s%s", got.code, got.out, got.err)
	}
	folder, err := filepath.EvalSymlinks(filepath.Join(store, "latest"))
	if err != nil {
		t.Fatal(err)
	}
	return folder, store
}

func TestARunOfANewerTool(t *testing.T) {
	folder, _ := found(t)
	path := filepath.Join(folder, "run.json")
	text, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, bytes.Replace(text, []byte(`"version": 1`), []byte(`"version": 9`), 1), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"replay", "shrink", "check"} {
		oneLine(t, tool(t, "", command, folder), 2, "was made by a newer jepsen-lite (format 9, this one reads up to 1)")
	}
}

// What was found is shown, even if it cannot be kept.
func TestAStoreThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	got := tool(t, "", "explore", "--workload", "lock-naive", "--seed", "1", "--store", file)
	if got.code != 1 || !strings.Contains(got.err, "try another --store") || strings.Count(got.err, "\n") != 1 || !strings.Contains(got.out, "┌ acquire k1") {
		t.Errorf("exit %d, %q\n%s", got.code, got.err, got.out)
	}
	if got := tool(t, "", "explore", "--workload", "lock-naive", "--seed", "1", "--store", file, "--json"); got.code != 1 || !strings.Contains(got.out, `"verdict": "invalid"`) {
		t.Errorf("exit %d, %q\n%s", got.code, got.err, got.out)
	}
	good := filepath.Join(t.TempDir(), "schedule.json")
	if err := os.WriteFile(good, []byte(goodSchedule), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := tool(t, "", "replay", good, "--store", file); got.code != 4 || !strings.Contains(got.err, "try another --store") {
		t.Errorf("replay: exit %d, %q\n%s", got.code, got.err, got.out)
	}
}

func TestADiskThatIsFullWhenAFailureIsFound(t *testing.T) {
	if err := exec.Command("unshare", "-rm", "true").Run(); err != nil {
		t.Skipf("no mount namespace here, so no small file system: %v", err)
	}
	const script = `mount -t tmpfs -o size=4k none "$1" && exec "$0" explore --workload lock-naive --seed 1 --store "$1"`
	got := finished(t, exec.Command("unshare", "-rm", "sh", "-c", script, binary, t.TempDir()), "")
	if got.code != 1 || !strings.Contains(got.err, "no space left on device; free some space, or choose another --store") {
		t.Errorf("exit %d, %q", got.code, got.err)
	}
	if !strings.HasPrefix(got.out, "invalid: lock-naive") || !strings.Contains(got.out, "┌ acquire k1") || !strings.Contains(got.out, "found by") {
		t.Errorf("what was found is not shown: %q", got.out)
	}
}

func TestExploringWithoutAServer(t *testing.T) {
	at := func(args ...string) ran {
		cmd := exec.Command(binary, append([]string{"explore", "--workload", "lock-naive", "--seed", "1"}, args...)...)
		cmd.Env = []string{"PATH=" + t.TempDir()}
		return finished(t, cmd, "")
	}
	if got := at(); got.code != 1 {
		t.Errorf("exit %d, %s%s", got.code, got.out, got.err)
	}
	oneLine(t, at("--target", "process"), 4, "or use --target sim, which needs no server")
}
