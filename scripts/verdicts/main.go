package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/target"
)

func main() {
	log.SetFlags(0)
	tool := flag.String("tool", "bin/jepsen-lite", "the program to run")
	readme := flag.String("readme", "", "file to write the table into, between its two markers; none: only print it")
	limit := flag.Duration("time-limit", 20*time.Second, "length of each run")
	store := flag.String("store", "store", "folder for run folders")
	flag.Parse()

	var (
		table strings.Builder
		wrong int
	)
	table.WriteString(header)
	for _, row := range matrix(*limit) {
		line, mistakes, err := row.try(*tool, *store)
		if err != nil {
			log.Fatal(err)
		}
		wrong += mistakes
		table.WriteString(line)
	}
	fmt.Print(table.String())
	if *readme != "" {
		if err := replace(*readme, table.String()); err != nil {
			log.Fatal(err)
		}
	}
	if wrong > 0 {
		log.Fatalf("%d verdicts are not as expected", wrong)
	}
}

const header = `| workload | persistence | faults asked for | verdict of each run | operations | faults |
| --- | --- | --- | --- | --: | --: |
`

// try makes the row's runs and returns its line of the table.
func (r row) try(tool, store string) (line string, wrong int, err error) {
	operations, faults, said := 0, 0, []string{}
	for _, seed := range r.seeds {
		args := append([]string{"run", "--workload", r.workload, "--persistence", r.persistence, "--nemesis", r.faults,
			"--seed", seed, "--store", store, "--json", "--quiet"}, r.flags...)
		results, err := execute(tool, args)
		if err != nil {
			return "", 0, err
		}
		text, mistake := r.judge(results)
		if mistake != "" {
			wrong++
			log.Printf("NOT AS EXPECTED: %s\n  %s\n  %s", results.Command, mistake, results.Folder)
		}
		log.Printf("%-10s %-12s seed %s: %s, %d operations, %v", r.workload, r.persistence, seed, text, results.Ops.OK, results.Faults)
		said = append(said, text)
		operations += results.Ops.OK
		for _, n := range results.Faults {
			faults += n
		}
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %d | %d |\n", r.workload, r.persistence,
		strings.ReplaceAll(r.faults, ",", ", "), strings.Join(said, "; "), operations, faults), wrong, nil
}

// execute runs the tool. Its exit code says the verdict, which its output says
// too; only where there is none did it fail.
func execute(tool string, args []string) (*harness.Results, error) {
	cmd := exec.Command(tool, args...)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && (exit.ExitCode() == 1 || exit.ExitCode() == 3)) {
		return nil, fmt.Errorf("%s %s: %w\n%s", tool, strings.Join(args, " "), err, complaint.String())
	}
	results := new(harness.Results)
	return results, json.Unmarshal(out.Bytes(), results)
}

// judge returns what the row's checks said, and how that is not as expected.
func (r row) judge(results *harness.Results) (text, mistake string) {
	var parts []string
	allValid, excused := true, false
	for _, c := range results.Checks {
		want, matters := r.expected[c.Name]
		if !matters {
			continue
		}
		allValid = allValid && want == checker.Valid
		part := string(c.Verdict)
		if len(r.expected) > 1 {
			model := strings.TrimSuffix(strings.TrimPrefix(c.Name, "linearizable("), ")")
			part = model + " " + part
		}
		switch held := slices.ContainsFunc(results.Findings, isHeldBack); {
		case c.Verdict == want:
		case c.Verdict == checker.Invalid && r.persistence == target.AOFEverysec && held:
			part, excused = part+" (Redis held its log back)", true
		default:
			mistake = fmt.Sprintf("%s is %s, expected %s", c.Name, c.Verdict, want)
		}
		parts = append(parts, part)
	}
	effects := 0
	for _, n := range results.Faults {
		effects += n
	}
	switch {
	case len(parts) != len(r.expected):
		mistake = "a check is missing"
	case allValid && results.Verdict != checker.Valid && mistake == "" && !excused:
		mistake = "the whole run is " + string(results.Verdict) + ": " + results.Reason
	case results.Ops.OK < minOperations || effects < minFaults:
		mistake = fmt.Sprintf("only %d operations and %d faults", results.Ops.OK, effects)
	}
	return strings.Join(parts, ", "), mistake
}

func isHeldBack(finding string) bool {
	return strings.HasPrefix(finding, "Redis held its append-only file back")
}

// The table stands between these lines.
const (
	begin = "<!-- verdicts: made by make verdicts -->\n"
	end   = "<!-- end of verdicts -->\n"
)

func replace(path, table string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, opened := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !opened || !closed {
		return fmt.Errorf("%s: expected a line %q and later a line %q", path, strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return os.WriteFile(path, []byte(before+begin+table+end+after), 0o644)
}
