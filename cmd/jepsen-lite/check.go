package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// checkFlags are what a user can say about judging.
type checkFlags struct {
	model     string
	engine    string
	visualize string
	read      reading
	checks    []string
	quirks    bool
	timeout   time.Duration
	memoryMiB int64
	output
}

func newCheck(s streams) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check FILE|RUN|-",
		Short: "Judge a history, or a stored run again",
		Long: `Judges a history (- for standard input) by a model, or a run folder by the
checks of its workload. A history is a file in one of these formats, told from
its content, or a store folder of Jepsen's:

` + formatsHelp + `
A run that proved too little is unknown; a history file is judged as it is,
however small. Models: ` + strings.Join(model.Names(), ", ") + `.`,
		Example: `  jepsen-lite check store/latest
  jepsen-lite check history.jsonl --model fifo-queue
  jepsen-lite check jepsen/store/latest --model cas-register
  jepsen-lite check history.edn --model cas-register --keyed
  jepsen-lite check - --model 'lease(300ms)' --json < history.jsonl`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(fmt.Errorf("expected one history file or run folder; see %s --help", cmd.CommandPath()))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			results, err := f.judge(cmd.Context(), s, args[0])
			if err != nil {
				return err
			}
			if f.checks == nil && f.model == "" { // else it is not what the folder says
				f.leaveReport(s, results.Folder)
			}
			if err := report(s, results, f.json); err != nil {
				return failure{err}
			}
			if disagree(results) {
				return errDisagree
			}
			return conclude(results.Verdict)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&f.model, "model", "", "judge linearizability by this model (or the name of a check)")
	fs.StringArrayVar(&f.checks, "check", nil, "judge by this check (see jepsen-lite list); may be repeated")
	fs.BoolVar(&f.quirks, "jepsen-quirks", false, "judge as Jepsen's checkers do where ours are stricter (see docs/jepsen.md)")
	f.read.flags(cmd, "format")
	fs.DurationVar(&f.timeout, "timeout", time.Minute, "how long a check may search")
	fs.Int64Var(&f.memoryMiB, "memory", 2048, "how many MiB a check may hold")
	fs.StringVar(&f.visualize, "visualize", "", "write porcupine's picture of the history to this file (HTML); needs --model")
	fs.StringVar(&f.engine, "engine", string(checker.Auto), "how linearizability is decided: auto, monitor, search, porcupine or all")
	f.flags(cmd)
	return cmd
}

func (f *checkFlags) judge(ctx context.Context, s streams, path string) (*harness.Results, error) {
	if f.timeout <= 0 || f.memoryMiB <= 0 {
		return nil, usage(errors.New("--timeout and --memory must be larger than 0"))
	}
	checks, err := f.parse()
	if err == nil {
		err = f.canDraw(path)
	}
	if err != nil {
		return nil, usage(err)
	}
	if checks == nil {
		if checks, err = caseChecks(path); err != nil {
			return nil, usage(err)
		}
		f.quirks = f.quirks || checks != nil
	}
	f.read.unpaired = len(checks) > 0 && !slices.ContainsFunc(checks, func(c checker.Check) bool { return !checker.ByEvents(c) })
	o := harness.JudgeOptions{Checks: checks, Keep: checks != nil}
	o.JepsenQuirks = f.quirks
	o.Timeout, o.MemoryBytes = f.timeout, f.memoryMiB<<20
	if o.Engine, err = checker.ParseEngine(f.engine); err != nil {
		return nil, usage(err)
	}
	p := newProgress(s.err, f.quiet)
	defer p.done()
	o.Progress = p.judging
	if f.read.isRun(path) {
		results, err := harness.Judge(ctx, path, o)
		return results, asUsage(err)
	}
	return f.judgeFile(ctx, s, path, o)
}

// judgeFile judges a history that is no run of ours.
func (f *checkFlags) judgeFile(ctx context.Context, s streams, path string, o harness.JudgeOptions) (*harness.Results, error) {
	start := time.Now()
	h, err := f.read.load(s, path)
	if err != nil {
		return nil, usage(err)
	}
	read := time.Since(start)
	if o.Checks == nil {
		return nil, usage(errNoModel(h))
	}
	results, err := harness.JudgeHistory(ctx, h, o.Checks, o.Options)
	if err != nil {
		return nil, usage(err)
	}
	results.ReadingNS = int64(read)
	if disagree(results) {
		results.Findings = append(results.Findings, saveDisagreement(h, results))
	}
	if f.visualize != "" {
		results.Findings = append(results.Findings, f.draw(h, results))
	}
	return results, nil
}

// asUsage: what goes wrong in judging a history lies in the history.
func asUsage(err error) error {
	if err == nil {
		return nil
	}
	return usage(err)
}

// parse returns the checks asked for, or nil for those of the run.
func (f *checkFlags) parse() ([]checker.Check, error) {
	var checks []checker.Check
	if f.model != "" {
		c, err := checker.Parse("linearizable(" + f.model + ")")
		if named, unknown := checker.Parse(f.model); err != nil && unknown == nil {
			c, err = named, nil // the name of a check, and of no model
		}
		if err != nil {
			return nil, err
		}
		checks = append(checks, c)
	}
	for _, name := range f.checks {
		c, err := checker.Parse(name)
		if err != nil {
			return nil, err
		}
		checks = append(checks, c)
	}
	return checks, nil
}

func errNoModel(h *history.History) error {
	fitting := model.Fitting(h.Ops)
	if len(fitting) == 0 {
		return errors.New("name a --model or a --check; no model knows all operations of this history")
	}
	return fmt.Errorf("name a --model; the operations of this history fit %s", strings.Join(fitting, ", "))
}
