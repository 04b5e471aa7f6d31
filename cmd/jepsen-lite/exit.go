package main

import (
	"errors"
	"fmt"
	"syscall"

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

// concludeDespite is conclude where something went wrong besides: what proves a
// violation proves it, whatever happened then.
func concludeDespite(s streams, verdict checker.Verdict, err error) error {
	switch {
	case err == nil:
		return conclude(verdict)
	case verdict == checker.Invalid:
		fmt.Fprintln(s.err, "jepsen-lite:", explain(err))
		return conclude(verdict)
	}
	return failure{errors.New(explain(err))}
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

// explain returns an error as a user should read it: of several that a run met,
// the first, because the rest follow from it, and what to try next.
func explain(err error) string {
	for {
		several, ok := err.(interface{ Unwrap() []error })
		if !ok {
			break
		}
		err = several.Unwrap()[0]
	}
	if errors.Is(err, syscall.ENOSPC) {
		return err.Error() + "; free some space, or choose another --store"
	}
	return err.Error()
}
