package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/harness"
)

// masked hides what differs between two runs of the same: folders and durations.
func masked(text, store string) string {
	text = strings.ReplaceAll(text, store, "STORE")
	text = regexp.MustCompile(`\d{8}T\d{6}\.\d{3}Z`).ReplaceAllString(text, "TIME")
	// Where a line ends depends on how long a duration is.
	text = regexp.MustCompile(`(?m)^  found       (.*)\n              (.*)$`).ReplaceAllString(text, "  found       $1 $2")
	return regexp.MustCompile(`\b[0-9.]+(ms|s)([,;]|$|\n)`).ReplaceAllString(text, "DURATION$2")
}

func TestExploreShowsWhatItFinds(t *testing.T) {
	folder, store := found(t)
	first := tool(t, "", "explore", "--workload", "lock-naive", "--seed", "1", "--store", store)
	second := tool(t, "", "explore", "--workload", "lock-naive", "--seed", "1", "--store", store, "--workers", "1", "--quiet")
	golden(t, "explore.txt", masked(first.out, store))
	if a, b := picture(first.out), picture(second.out); a != b || a == "" {
		t.Errorf("the same seed shows\n%s\nand with one worker\n%s", a, b)
	}
	for _, name := range []string{"schedule.json", "history.jsonl", "results.json", "run.json", "schedule.txt"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || len(text) == 0 {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
		if name == "schedule.txt" && !strings.Contains(first.out, string(text)) {
			t.Errorf("what was printed is not %s:\n%s", name, text)
		}
	}
	checked := tool(t, "", "check", folder)
	if checked.code != 1 || !strings.HasPrefix(checked.out, "invalid: lock-naive") {
		t.Errorf("judged again: exit %d, %s%s", checked.code, checked.out, checked.err)
	}
	if strings.Contains(first.out, "\x1b") {
		t.Error("there is colour, but no terminal")
	}
}

// picture returns the lines between the verdict and the facts.
func picture(out string) string {
	_, rest, _ := strings.Cut(out, "\n\n")
	drawn, _, _ := strings.Cut(rest, "\n\n")
	return drawn
}

func TestReplayReproduces(t *testing.T) {
	folder, store := found(t)
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"a run", []string{folder}, "reproduced  1 of 1\n"},
		{"a file, often", []string{filepath.Join(folder, "schedule.json"), "--times", "3"}, "reproduced  3 of 3, all histories the same, byte for byte\n"},
		{"a seed", []string{"--seed", "1"}, "reproduced  1 of 1\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := tool(t, "", append([]string{"replay", "--store", store}, test.args...)...)
			if got.code != 1 || got.err != "" || !strings.HasPrefix(got.out, "invalid: lock-naive on a simulated redis") || !strings.Contains(got.out, test.want) {
				t.Errorf("exit %d, %s%s", got.code, got.out, got.err)
			}
			kept, err := os.ReadFile(filepath.Join(folder, "schedule.txt"))
			if err != nil || !strings.Contains(got.out, string(kept)) {
				t.Errorf("%v: the picture is another one:\n%s", err, got.out)
			}
		})
	}
}

func TestReplayTellsWhatItSkips(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schedule.json")
	text := strings.Replace(goodSchedule, `"kill", "start"`, `"start", "kill", "kill"`, 1)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got := tool(t, "", "replay", path)
	for _, want := range []string{"step 3, start: the server runs", "step 5, kill: the server is down", "reproduced  0 of 1"} {
		if got.code != 0 || !strings.Contains(got.out, want) {
			t.Errorf("exit %d, no %q in\n%s%s", got.code, want, got.out, got.err)
		}
	}
}

func TestSchedulesPrintOneJSONDocument(t *testing.T) {
	folder, store := found(t)
	for _, args := range [][]string{
		{"explore", "--workload", "lock-naive", "--seed", "1"}, {"replay", folder}, {"shrink", folder},
	} {
		got := tool(t, "", append(args, "--json", "--quiet", "--store", store)...)
		stored, err := os.ReadFile(filepath.Join(store, "latest", "results.json"))
		if err != nil || got.code != 1 || got.out != string(stored) || got.err != "" {
			t.Errorf("%s: exit %d, %v; --json is not what results.json holds:\n%s%s", args[0], got.code, err, got.out, got.err)
		}
	}
	got := tool(t, "", "explore", "--workload", "counter", "--checks", "200", "--json")
	var results harness.Results
	if err := json.Unmarshal([]byte(got.out), &results); err != nil || got.code != 0 || results.Verdict != "valid" || results.Command == "" {
		t.Errorf("exit %d, %v: %s%s", got.code, err, got.out, got.err)
	}
}

func TestExploreThatFindsNothing(t *testing.T) {
	for _, test := range []struct {
		name, args string
		code       int
		want       []string
	}{
		{"all kept the promise", "--workload counter --checks 300", 0, []string{"valid: counter on a simulated redis", "tried       300 schedules in ", "none broke a promise\n", "repeat      jepsen-lite explore --workload counter --checks 300 --seed 5"}},
		{"fewer were asked for than are enough", "--workload counter --checks 3", 0, []string{"tried       3 schedules in "}},
		{"no time", "--workload counter --time-limit 1ns", 3, []string{"unknown: counter", "only 0 schedules were judged; allow more time", "; the search was"}},
		{"no faults", "--workload lock-naive --max-faults 0 --checks 200", 0, []string{"--max-faults 0"}},
		{"every interleaving", "--workload counter --clients 2 --ops 1 --max-faults 1 --faults kill --exhaustive", 0, []string{"valid: counter", "visited     ", "complete    no interleaving of these operations and faults breaks a promise", "c1: "}},
		{"not every interleaving", "--workload counter --exhaustive --time-limit 1ns", 3, []string{"unknown: counter", "not every interleaving was visited"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := tool(t, "", append(strings.Fields("explore --seed 5"), strings.Fields(test.args)...)...)
			if got.code != test.code || got.err != "" {
				t.Errorf("exit %d, want %d: %s%s", got.code, test.code, got.out, got.err)
			}
			for _, want := range test.want {
				if !strings.Contains(got.out, want) {
					t.Errorf("no %q in\n%s", want, got.out)
				}
			}
		})
	}
}

func TestEveryInterleavingFindsTheSmallest(t *testing.T) {
	got := tool(t, "", strings.Fields("explore --workload counter-get-set --clients 2 --ops 1 --faults none --exhaustive --seed 1")...)
	if got.code != 1 || !strings.Contains(got.out, "every interleaving was visited, short ones first") {
		t.Errorf("exit %d, %s%s", got.code, got.out, got.err)
	}
}

// What is written is performed as a reader of it would, in a folder of this
// module: it compiles, and fails with the picture.
func TestTheGoTestThatIsWritten(t *testing.T) {
	dir, err := os.MkdirTemp("testdata", "emitted-") // where nobody else looks for Go files
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path, err := filepath.Abs(filepath.Join(dir, "lock_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	beside := filepath.Join(dir, "shop.go")
	if err := os.WriteFile(beside, []byte("package shop\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := tool(t, "", "explore", "--workload", "lock-naive", "--seed", "1", "--emit-go-test", path); got.code != 1 || got.err != "" {
		t.Fatalf("exit %d, %s%s", got.code, got.out, got.err)
	}
	cmd := exec.Command("go", "test", "./"+dir)
	cmd.Dir = "."
	got := finished(t, cmd, "")
	if got.code != 1 || !strings.Contains(got.out, "--- FAIL: TestLockNaive") || !strings.Contains(got.out, "┌ acquire k1") {
		t.Errorf("exit %d, %s%s", got.code, got.out, got.err)
	}
	if vet := finished(t, exec.Command("gofmt", "-l", path), ""); vet.out != "" || vet.code != 0 {
		t.Errorf("not formatted: %s%s", vet.out, vet.err)
	}
}
