package main

import (
	"errors"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
)

// Exit codes.
const (
	exitValid   = 0
	exitInvalid = 1
	exitUsage   = 2
	exitUnknown = 3
	exitFailed  = 4
)

// verdictError ends a command with the exit code of a verdict that has already
// been printed.
type verdictError struct{ verdict checker.Verdict }

func (e verdictError) Error() string { return string(e.verdict) }

// failure is an error of the target or the harness.
type failure struct{ error }

func (f failure) Unwrap() error { return f.error }

func usage(err error) error { return &harness.UsageError{Err: err} }

// conclude turns a verdict into the error that gives its exit code.
func conclude(verdict checker.Verdict) error {
	if verdict == checker.Valid {
		return nil
	}
	return verdictError{verdict}
}

func exitCode(err error) int {
	var (
		verdict verdictError
		failed  failure
	)
	switch {
	case err == nil:
		return exitValid
	case errors.As(err, &verdict) && verdict.verdict == checker.Invalid:
		return exitInvalid
	case errors.As(err, &verdict):
		return exitUnknown
	case errors.As(err, &failed):
		return exitFailed
	}
	return exitUsage
}

// oneLine keeps an error readable: what several goroutines reported the same
// stands once.
func oneLine(err error) string {
	var lines []string
	for line := range strings.Lines(err.Error()) {
		line = strings.TrimRight(line, "\n")
		if len(lines) == 0 || lines[len(lines)-1] != line {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
