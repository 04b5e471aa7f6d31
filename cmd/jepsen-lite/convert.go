package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// convertFlags are what a user can say about a conversion.
type convertFlags struct {
	read  reading
	to    string
	force bool
	quiet bool
}

func newConvert(s streams) *cobra.Command {
	var f convertFlags
	cmd := &cobra.Command{
		Use:   "convert IN OUT",
		Short: "Copy a history to another format",
		Long: `Copies a history to a file in another format; - stands for standard input and
output. IN may be a run folder, or a store folder of Jepsen's. What is read:

` + formatsHelp + `
What is written, by --to or else by the name of OUT: jsonl, edn (a map a line)
or json (an array). A read of nil that says nothing is written without a value.
The file appears when it is whole.`,
		Example: `  jepsen-lite convert history.edn history.jsonl
  jepsen-lite convert store/latest history.edn
  jepsen-lite convert - - --from jepsen-log --to edn < jepsen.log`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage(fmt.Errorf("expected a history and the file to write; see %s --help", cmd.CommandPath()))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.convert(cmd.Context(), s, args[0], args[1])
		},
	}
	f.read.flags(cmd, "from")
	fs := cmd.Flags()
	fs.StringVar(&f.to, "to", "auto", "format to write: jsonl, edn, json, or auto for that of OUT's name, else jsonl")
	fs.BoolVar(&f.force, "force", false, "overwrite OUT")
	fs.BoolVar(&f.quiet, "quiet", false, "no progress")
	return cmd
}

func (f *convertFlags) convert(ctx context.Context, s streams, in, out string) error {
	to, err := history.ParseFormat(f.to)
	if err != nil {
		return usage(fmt.Errorf("--to: %w", err))
	}
	if to == history.FormatAuto {
		to = formatOf(out)
	}
	from, closeIn, err := f.read.open(s, in)
	if err != nil {
		return usage(err)
	}
	defer closeIn()
	p := newProgress(s.err, f.quiet)
	copyTo := func(w io.Writer) error {
		writer, err := history.NewWriter(w, to)
		if err != nil {
			return usage(err)
		}
		warnings, err := history.Convert(from, writer, p.converting(ctx))
		p.done()
		for _, warning := range warnings {
			fmt.Fprintln(s.err, "jepsen-lite:", warning)
		}
		var wrong *history.LineError
		if errors.As(err, &wrong) || errors.Is(err, history.ErrEmpty) {
			return usage(fmt.Errorf("read %s: %w", in, err))
		}
		return unlessDone(err)
	}
	if out == "-" {
		return copyTo(s.out)
	}
	return writeWhole(out, f.force, copyTo)
}

// formatOf returns the format that a file's name asks for.
func formatOf(name string) history.Format {
	ending := strings.TrimPrefix(filepath.Ext(name), ".")
	for _, f := range history.WritableFormats() {
		if ending == string(f) {
			return f
		}
	}
	return history.FormatJSONL
}

// converting shows how many events were copied, and ends the copying with ctx.
func (p *progress) converting(ctx context.Context) func(events int) error {
	return func(events int) error {
		if events%10_000 != 0 {
			return nil
		}
		if spent := time.Since(p.began); spent > patientFor {
			p.show(fmt.Sprintf("%5.1f s  %s events", spent.Seconds(), svg.Count(events)))
		}
		return ctx.Err()
	}
}

// unlessDone is asFailure where there may be no error.
func unlessDone(err error) error {
	if err == nil {
		return nil
	}
	return asFailure(err)
}

// writeWhole makes a file of what write writes, which appears when it is whole.
func writeWhole(path string, force bool, write func(io.Writer) error) error {
	if _, err := os.Stat(path); err == nil && !force {
		return usage(fmt.Errorf("%s exists already; --force overwrites it", path))
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return failure{err}
	}
	defer os.Remove(file.Name()) // nothing once it has its name
	err = write(file)
	if err == nil {
		err = unlessDone(errors.Join(file.Chmod(0o644), file.Sync()))
	}
	if closed := file.Close(); err == nil {
		err = unlessDone(closed)
	}
	if err != nil {
		return err
	}
	return unlessDone(os.Rename(file.Name(), path))
}
