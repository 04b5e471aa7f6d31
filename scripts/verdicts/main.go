package main

import (
	"flag"
	"fmt"
	"log"
	"slices"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/scripts/tool"
	"github.com/jepsen-lite/jepsen-lite/target"
)

func main() {
	log.SetFlags(0)
	program := flag.String("tool", "bin/jepsen-lite", "the program to run")
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
		line, mistakes, err := row.try(*program, *store)
		if err != nil {
			log.Fatal(err)
		}
		wrong += mistakes
		table.WriteString(line)
	}
	fmt.Print(table.String())
	if *readme != "" {
		if err := tool.Replace(*readme, "verdicts", table.String()); err != nil {
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
func (r row) try(program, store string) (line string, wrong int, err error) {
	operations, faults, said := 0, 0, []string{}
	for _, seed := range r.seeds {
		args := append([]string{"run", "--workload", r.workload, "--persistence", r.persistence, "--nemesis", r.faults,
			"--seed", seed, "--store", store}, r.flags...)
		results, err := tool.Run(program, args...)
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
