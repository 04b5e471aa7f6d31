package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/report/runfolder"
	"github.com/jepsen-lite/jepsen-lite/report/terminal"
)

func newShow(s streams) *cobra.Command {
	var store string
	cmd := &cobra.Command{
		Use:   "show [RUN]",
		Short: "Show a run in the terminal",
		Long: `Shows what was found in a run folder, the last run if none is named: the
verdict, how many operations there were over time with the faults below, and
the operations that prove each violation. It judges nothing, and exits with 0
whatever it shows; jepsen-lite check judges a run again.`,
		Example: `  jepsen-lite show
  jepsen-lite show store/queue/20260102T150405.000Z-42
  jepsen-lite show --store /tmp/store`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(fmt.Errorf("expected one run folder at most; see %s --help", cmd.CommandPath()))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			folder := filepath.Join(store, "latest")
			if len(args) == 1 {
				folder = args[0]
			}
			run, err := runfolder.Open(folder)
			if errors.Is(err, fs.ErrNotExist) {
				err = fmt.Errorf("%w; make one with: jepsen-lite run", err)
			}
			if err != nil {
				return usage(err)
			}
			if err := terminal.Show(s.out, run, terminal.Options{Colour: isTerminal(s.out) && os.Getenv("NO_COLOR") == ""}); err != nil {
				return failure{fmt.Errorf("write: %w", err)}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&store, "store", "store", "the folder of runs whose last one is shown")
	return cmd
}
