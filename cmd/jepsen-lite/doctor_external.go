package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target/external"
)

// examineExternal shows what servers are that run already, and what they permit.
// Nothing is written there; keys of runs that were cut off long ago are deleted if
// that is asked for.
func examineExternal(ctx context.Context, w io.Writer, url string, tls external.TLS, clean bool) error {
	address, err := external.Parse(url)
	if err != nil {
		return usage(err)
	}
	t, err := external.Open(ctx, external.Config{
		Address: address, TLS: tls, AllowWrites: true, // which it does not
		Password: os.Getenv(external.PasswordVariable), SentinelPassword: os.Getenv(external.SentinelPasswordVariable),
	})
	var wrong *external.AskedError
	switch {
	case errors.As(err, &wrong):
		return usage(err)
	case err != nil:
		return failure{errors.New(explain(err))}
	}
	defer t.Close()
	fmt.Fprintf(w, "server    %s (%s)\n", address, t.Version())
	for _, line := range t.Describe(ctx) {
		fmt.Fprintln(w, line)
	}
	permission(ctx, w, t)
	for _, row := range nemesis.Table(t) {
		if row.Err == nil {
			fmt.Fprintf(w, "fault     %s: possible\n", row.Kind.Name)
		} else {
			fmt.Fprintf(w, "fault     %s: not here: %v\n", row.Kind.Name, row.Err)
		}
	}
	return sweepExternal(ctx, w, t, clean)
}

func permission(ctx context.Context, w io.Writer, t *external.Target) {
	denied, err := t.Denied(ctx)
	switch {
	case err != nil:
		fmt.Fprintf(w, "permitted %v\n", err)
	case len(denied) > 0:
		fmt.Fprintf(w, "permitted all that a run needs but %s; give it with\n          %s\n", strings.Join(denied, ", "), external.ACL("USER"))
	default:
		fmt.Fprintln(w, "permitted all that a run needs")
	}
}

// sweepExternal shows, or deletes, the keys of runs that were cut off.
func sweepExternal(ctx context.Context, w io.Writer, t *external.Target, clean bool) error {
	left, err := t.Leftovers(ctx, clean)
	switch {
	case err != nil:
		return failure{fmt.Errorf("look for keys of runs that were cut off: %w", err)}
	case left == 0:
	case clean:
		fmt.Fprintf(w, "leftover  %d keys of runs that were cut off: deleted\n", left)
	default:
		fmt.Fprintf(w, "leftover  %d keys of runs that were cut off more than %d hours ago; doctor --clean deletes them\n", left, external.OldAfter/time.Hour)
	}
	return nil
}
