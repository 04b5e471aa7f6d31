package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/external"
	"github.com/jepsen-lite/jepsen-lite/target/external/externaltest"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// theirs starts a server that is not ours, and returns the URL of its user app.
func theirs(t *testing.T) (url string, command func(args ...any) any) {
	t.Helper()
	s := externaltest.Start(t)
	return "redis://app@" + s.Addr, s.Command
}

// writing starts a long run and returns it when it has written keys.
func writing(t *testing.T, url string, command func(...any) any) (cmd *exec.Cmd, out *bytes.Buffer) {
	t.Helper()
	cmd, out = exec.Command(binary, "run", "--target", url, "--allow-writes", "--time-limit", "10m", "--quiet"), &bytes.Buffer{}
	cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), out, out
	cmd.Env = append(os.Environ(), external.PasswordVariable+"="+externaltest.Password)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	processtest.Eventually(t, "the run writes", func() bool { return command("DBSIZE").(int64) > 3 })
	return cmd, out
}

func TestInterruptedOnTheirServer(t *testing.T) {
	url, command := theirs(t)
	cmd, out := writing(t, url, command)
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != 3 {
		t.Errorf("exit %d: %s", code, out)
	}
	if !strings.Contains(flowing(out.String()), "keys of the run, which began with jepsen-lite:") {
		t.Errorf("it does not say how many keys it deleted:\n%s", out)
	}
	if keys := command("DBSIZE"); keys != int64(1) {
		t.Errorf("%v keys are left, want theirs alone: %v", keys, command("KEYS", "*"))
	}
}

// A run whose servers could not do their part to the end is not called valid, nor
// is it when it is judged again.
func TestFailedOnTheirServer(t *testing.T) {
	url, command := theirs(t)
	t.Setenv(external.PasswordVariable, externaltest.Password)
	command("ACL", "SETUSER", "app", "-unlink") // what a run needs once it is over
	folder := t.TempDir()
	got := tool(t, "", "run", "--target", url, "--allow-writes", "--workload", "set", "--time-limit", "3s", "--nemesis", "client-pause every 500ms for 100ms", "--store", folder, "--quiet")
	text := flowing(got.out)
	if got.code != 4 || !strings.HasPrefix(got.out, "unknown: ") || !strings.Contains(text, "what was recorded breaks no promise, but the run could not be finished") || !strings.Contains(text, "the run could not be finished: delete our keys") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	if again := tool(t, "", "check", filepath.Join(folder, "latest")); again.code != 3 || !strings.HasPrefix(again.out, "unknown: ") {
		t.Errorf("judged again: exit %d: %s%s", again.code, again.out, again.err)
	}
}

// The keys of a run that was killed are deleted a day later, and not before.
func TestKilledOnTheirServer(t *testing.T) {
	url, command := theirs(t)
	cmd, _ := writing(t, url, command)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	keys, _ := command("KEYS", external.Ours+"*").([]any)
	if len(keys) == 0 {
		t.Fatal("nothing is left to be deleted")
	}
	t.Setenv(external.PasswordVariable, externaltest.Password)
	got := tool(t, "", "doctor", "--clean", "--target", url)
	if left := command("DBSIZE"); got.code != 0 || left != int64(len(keys)+1) {
		t.Errorf("exit %d, and %v keys are left of a run that may be under way: %s%s", got.code, left, got.out, got.err)
	}
	for _, key := range keys {
		rest := strings.SplitN(key.(string), ":", 3)
		command("RENAME", key, rest[0]+":20200101T000000Z:"+rest[2])
	}
	if got := tool(t, "", "doctor", "--target", url); got.code != 0 || !strings.Contains(got.out, "more than 24 hours ago; doctor --clean deletes them") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	got = tool(t, "", "doctor", "--clean", "--target", url)
	if left := command("DBSIZE"); got.code != 0 || left != int64(1) || !strings.Contains(got.out, "deleted\n") {
		t.Errorf("exit %d, %v keys are left: %s%s", got.code, left, got.out, got.err)
	}
}

func TestDoctorLooksAtTheirServer(t *testing.T) {
	url, command := theirs(t)
	command("ACL", "SETUSER", "app", "+multi", "+discard", "-sadd")
	t.Setenv(external.PasswordVariable, externaltest.Password)
	got := tool(t, "", "doctor", "--target", url)
	for _, want := range []string{"server    " + url + " (", "primary: answers in ", "permitted all that a run needs but sadd; give it with\n", "fault     client-pause: possible", "fault     kill: not here"} {
		if got.code != 0 || !strings.Contains(got.out, want) {
			t.Errorf("exit %d, %q is not in:\n%s%s", got.code, want, got.out, got.err)
		}
	}
}

func TestDoctorOnTheirServerAsJSON(t *testing.T) {
	url, command := theirs(t)
	command("ACL", "SETUSER", "app", "+multi", "+discard", "-sadd")
	command("SET", external.Ours+"20200101T000000Z:1-0123456789abcdef:k", 1)
	t.Setenv(external.PasswordVariable, externaltest.Password)
	got := tool(t, "", "doctor", "--json", "--target", url)
	var s harness.Servers
	if err := json.Unmarshal([]byte(got.out), &s); err != nil || got.code != 0 || got.err != "" {
		t.Fatalf("exit %d, %v: %s%s", got.code, err, got.out, got.err)
	}
	if s.URL != url || s.Topology != "standalone" || !strings.HasPrefix(s.Redis, "redis ") && !strings.HasPrefix(s.Redis, "valkey ") {
		t.Errorf("got %+v", s)
	}
	if len(s.Nodes) != 1 || s.Nodes[0].Role != target.Primary || s.Nodes[0].AnswerNS <= 0 || !slices.Equal(s.Denied, []string{"sadd"}) || s.DeniedError != "" {
		t.Errorf("got %+v", s)
	}
	if s.LeftoverKeys != 1 || s.Removed || len(s.Table) != len(nemesis.Kinds()) {
		t.Errorf("got %+v", s)
	}
	for _, p := range s.Table {
		if p.Works != (p.Reason == "") || p.Backend != "external" || p.Fault == "client-pause" && !p.Works || p.Fault == "kill" && p.Works {
			t.Errorf("got %+v", p)
		}
	}
}

func TestMistakesOnTheirServerHaveOneClearLine(t *testing.T) {
	url, _ := theirs(t)
	t.Setenv(external.PasswordVariable, externaltest.Password)
	for _, test := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"run", "--target", url}, 2, "if that may be, add --allow-writes"},
		{[]string{"run", "--target", url, "--allow-writes", "--nemesis", "kill"}, 2, "the nearest that works there is client-pause"},
		{[]string{"run", "--target", url, "--persistence", "rdb"}, 2, "--persistence is for servers that we start"},
		{[]string{"run", "--target", url, "--topology", "cluster"}, 2, "--topology cluster: how the servers stand together says the URL's scheme"},
		{[]string{"run", "--target", url, "--shards", "3"}, 2, "--replicas, --shards"},
		{[]string{"run", "--target", url, "--tls-insecure"}, 2, "write rediss:// in place of redis://"},
		{[]string{"run", "--allow-writes"}, 2, "give a URL as --target"},
		{[]string{"run", "--target", "redis://u:p/w@a"}, 2, "write %2F for /"},
		{[]string{"run", "--target", strings.Replace(url, "app@", "app:wrong@", 1)}, 4, "check the password of the user app"},
		{[]string{"doctor", "--target", "http://a"}, 2, "unknown scheme"},
		{[]string{"doctor", "--target", "redis://127.0.0.1:1"}, 4, "nobody listens there"},
		{[]string{"doctor", "--target", "redis://127.0.0.1:1", "--json"}, 4, "nobody listens there"},
	} {
		t.Run(test.want, func(t *testing.T) { oneLine(t, tool(t, "", test.args...), test.code, test.want) })
	}
}

// The line that the documentation gives is the one that the tests run with.
func TestDocumentationGivesThePermissions(t *testing.T) {
	for _, path := range []string{"docs/backends.md", "README.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(path)))
		if err != nil {
			t.Fatal(err)
		}
		if line := external.ACL("jepsen-lite"); !strings.Contains(string(text), "    "+line+"\n") {
			t.Errorf("%s does not have\n    %s", path, line)
		}
	}
}
