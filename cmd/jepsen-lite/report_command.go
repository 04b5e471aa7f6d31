package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/report/paper"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// reportFlags are what a user can say about a report.
type reportFlags struct {
	format, out  string
	force, quiet bool
}

func newReport(s streams) *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report [RUN...]",
		Short: "Write the consistency report over one or many runs",
		Long: `Writes one report over all the runs, in the manner of a conference paper: what
was tested and how, which promises held in which configuration under which
faults, how sure that is, a counterexample of each kind of anomaly, availability
and latency under faults, and how to repeat it all. RUN is a run folder, or a
folder with run folders below it, as the store is; without any it is
store/latest. What cannot be read as a run is named and left out.

  html   one page that needs no other file
  md     fits a pull request's comment, and a job's summary
  tex    compiles with plain pdflatex
  json   all of it, each figure with the runs that it was counted in
  junit  a test case a run and check; what was not decided is skipped

Exits with 0 when the report is written, whatever the verdicts are, and with 4
if none of the runs can be read.`,
		Example: `  jepsen-lite report store/latest --format md
  jepsen-lite report store --format html --out report.html
  jepsen-lite report store/register store/queue --format tex --out paper/
  jepsen-lite report store --format html,md,json,junit --out reports/`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{filepath.Join("store", "latest")}
			}
			return f.report(cmd.Context(), s, args)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&f.format, "format", string(paper.Markdown), "html, md, tex, json or junit; several with commas between, if --out is a folder")
	fs.StringVar(&f.out, "out", "-", "file to write, - for standard output, or a folder: report.html and so on in it, with references.bib beside a report.tex")
	fs.BoolVar(&f.force, "force", false, "overwrite a file")
	fs.BoolVar(&f.quiet, "quiet", false, "no progress")
	return cmd
}

func (f *reportFlags) report(ctx context.Context, s streams, runs []string) error {
	formats, err := f.formats()
	if err != nil {
		return usage(err)
	}
	p := newProgress(s.err, f.quiet)
	study, err := paper.Gather(ctx, runs, func(done, total int) {
		p.show(fmt.Sprintf("%s of %s runs", svg.Count(done), svg.Count(total)))
	})
	p.done()
	if study != nil {
		for _, skipped := range study.Skipped {
			fmt.Fprintf(s.err, "jepsen-lite: left out %s: %s\n", skipped.Path, skipped.Reason)
		}
	}
	switch {
	case errors.Is(err, paper.ErrNothing):
		return failure{fmt.Errorf("%w; see jepsen-lite report --help", err)}
	case err != nil:
		return asFailure(err)
	}
	document := paper.Compose(study)
	for _, format := range formats {
		if err := f.write(s, document, format); err != nil {
			return err
		}
	}
	return nil
}

// formats reads --format, and whether --out can take them.
func (f *reportFlags) formats() (formats []paper.Format, err error) {
	for name := range strings.SplitSeq(f.format, ",") {
		format, err := paper.ParseFormat(strings.TrimSpace(name))
		if err != nil {
			return nil, fmt.Errorf("--format: %w", err)
		}
		formats = append(formats, format)
	}
	if len(formats) > 1 && !f.intoFolder() {
		return nil, fmt.Errorf("--format: %d formats need a folder to go to: --out reports/", len(formats))
	}
	return formats, nil
}

// intoFolder reports whether --out names a folder: one that is there, or a name that
// ends as one.
func (f *reportFlags) intoFolder() bool {
	info, err := os.Stat(f.out)
	return err == nil && info.IsDir() || strings.HasSuffix(f.out, string(filepath.Separator))
}

func (f *reportFlags) write(s streams, d *paper.Document, format paper.Format) error {
	var text bytes.Buffer
	if err := paper.Write(&text, d, format); err != nil {
		return failure{err}
	}
	copyTo := func(text []byte) func(io.Writer) error {
		return func(w io.Writer) error { _, err := w.Write(text); return unlessDone(err) }
	}
	switch {
	case f.out == "-":
		return copyTo(text.Bytes())(s.out)
	case !f.intoFolder():
		return writeWhole(f.out, f.force, copyTo(text.Bytes()))
	}
	if err := os.MkdirAll(f.out, 0o755); err != nil {
		return failure{err}
	}
	if err := writeWhole(filepath.Join(f.out, format.FileName()), f.force, copyTo(text.Bytes())); err != nil || format != paper.TeX {
		return err
	}
	return writeWhole(filepath.Join(f.out, "references.bib"), f.force, copyTo([]byte(d.BibTeX())))
}
