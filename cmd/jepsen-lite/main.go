// Command jepsen-lite tells whether the data trusted to Redis survives.
//
// See jepsen-lite --help; each command is a file of this package.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/nearest"
	"github.com/jepsen-lite/jepsen-lite/target/docker"
)

func main() {
	// go-redis reports every refused dial on standard error; the history does
	// that better.
	redis.SetLogger(&logging.VoidLogger{})
	log.SetFlags(0)
	docker.TakeOver()
	ctx, stop := untilInterrupted()
	defer stop()
	os.Exit(execute(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// streams are what a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// untilInterrupted returns a context that the first Ctrl-C ends. The second ends
// the program at once; its servers die with it.
func untilInterrupted() (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-signals
		fmt.Fprintln(os.Stderr, "\nstopping: what was begun is ended properly (interrupt again to quit at once)")
		cancel()
		<-signals
		os.Exit(exitFailed)
	}()
	return ctx, func() { signal.Stop(signals); cancel() }
}

// execute runs the command line and returns the exit code.
func execute(ctx context.Context, args []string, s streams) int {
	root := newRoot(s)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	code := exitCode(err)
	if err != nil && code != exitInvalid && code != exitUnknown {
		fmt.Fprintln(s.err, "jepsen-lite:", err)
	}
	return code
}

func newRoot(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "jepsen-lite",
		Short: "Does the data you trust to Redis survive?",
		Long: `jepsen-lite runs concurrent clients against a real Redis (or Valkey) server while
it kills, pauses and restarts it, records every operation, and judges the record.
It explores interleavings one step at a time, on a simulated server or a real one,
and shrinks what fails to the few steps that matter.

Exit codes: 0 valid, 1 a violation was found, 2 usage error, 3 unknown: nothing
was proved, 4 the target or the harness could not do its part.`,
		Example: `  jepsen-lite run                                         20 seconds, all defaults
  jepsen-lite run --workload queue --persistence none     watch Redis lose a queue
  jepsen-lite explore --workload lock-naive               find a failing interleaving
  jepsen-lite show                                        look at the last run
  jepsen-lite check store/latest                          judge the last run again`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	// Flags of 80 columns: on a narrow terminal cobra's own lines break anywhere.
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages ", ".FlagUsagesWrapped 80 "))
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(fmt.Errorf("%w; see %s --help", err, cmd.CommandPath()))
	})
	root.AddCommand(newRun(s), newExplore(s), newReplay(s), newShrink(s), newCheck(s), newShow(s), newReport(s), newConvert(s), newList(s), newServe(s), newDoctor(s), newVersion(s))
	return root
}

func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range cmd.Commands() {
		names = append(names, sub.Name())
	}
	return usage(fmt.Errorf("unknown command %q: did you mean %s? See %s --help", args[0], nearest.Word(args[0], names), cmd.Name()))
}
