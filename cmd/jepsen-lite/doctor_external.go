package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/target/external"
)

// examineExternal shows what servers are that run already, and what they permit.
func examineExternal(ctx context.Context, w io.Writer, c harness.Config, clean, asJSON bool) error {
	c.Password, c.SentinelPassword = os.Getenv(external.PasswordVariable), os.Getenv(external.SentinelPasswordVariable)
	found, err := harness.ExamineServers(ctx, c, clean)
	if found == nil {
		return asFailure(err)
	}
	if asJSON {
		if printErr := encodeJSON(w, found); printErr != nil {
			return failure{printErr}
		}
	} else {
		printServers(w, found)
	}
	if err != nil {
		return failure{errors.New(explain(err))}
	}
	return nil
}

func printServers(w io.Writer, s *harness.Servers) {
	fmt.Fprintf(w, "server    %s (%s)\n", s.URL, s.Redis)
	for _, node := range s.Nodes {
		fmt.Fprintln(w, "node      "+node.String())
	}
	switch {
	case s.DeniedError != "":
		fmt.Fprintf(w, "permitted %s\n", s.DeniedError)
	case len(s.Denied) > 0:
		fmt.Fprintf(w, "permitted all that a run needs but %s; give it with\n          %s\n", strings.Join(s.Denied, ", "), external.ACL("USER"))
	default:
		fmt.Fprintln(w, "permitted all that a run needs")
	}
	for _, p := range s.Table {
		if p.Works {
			fmt.Fprintf(w, "fault     %s: possible\n", p.Fault)
		} else {
			fmt.Fprintf(w, "fault     %s: not here: %s\n", p.Fault, p.Reason)
		}
	}
	switch {
	case s.LeftoverKeys == 0:
	case s.Removed:
		fmt.Fprintf(w, "leftover  %d keys of runs that were cut off: deleted\n", s.LeftoverKeys)
	default:
		fmt.Fprintf(w, "leftover  %d keys of runs that were cut off more than %d hours ago; doctor --clean deletes them\n", s.LeftoverKeys, external.OldAfter/time.Hour)
	}
}
