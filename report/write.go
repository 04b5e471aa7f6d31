package report

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/figure"
	"github.com/jepsen-lite/jepsen-lite/report/page"
	"github.com/jepsen-lite/jepsen-lite/report/runfolder"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

// Write writes a run's report into its folder: report.html, and its figures as files
// of their own. Each file is written whole or not at all. A run that still goes on,
// is torn or was never judged has a report that says so.
//
// It reads the run folder and nothing else, and changes no other file in it. A panic
// is a bug of ours, which is no reason to lose the run's verdict: it is an error.
func Write(folder string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("write report: a bug in jepsen-lite: %v", p)
		}
	}()
	run, err := runfolder.Open(folder)
	if err != nil {
		return err
	}
	content, files := contentOf(run)
	for _, p := range files {
		if err := harness.WriteFile(filepath.Join(run.Dir, p.File()), p.save); err != nil {
			return err
		}
	}
	if content.History != nil {
		content.Extras = writePorcupine(run, content.History)
		if err := writeWitnesses(run, content); err != nil {
			return err
		}
	}
	return harness.WriteFile(filepath.Join(run.Dir, page.File), func(w io.Writer) error { return page.Write(w, content) })
}

// Page writes the page that [Write] makes to w, and nothing into the run's folder.
func Page(w io.Writer, folder string) error {
	run, err := runfolder.Open(folder)
	if err != nil {
		return err
	}
	content, _ := contentOf(run)
	return page.Write(w, content)
}

// contentOf reads what a run's page shows, and draws its figures.
func contentOf(run *runfolder.Run) (content page.Content, files []picture) {
	content.Run = run
	if run.Results != nil {
		content.Promises = run.Results.Promises
	}
	if h, err := run.History(); err != nil {
		run.Problems = append(run.Problems, fmt.Sprintf("The history cannot be read: %v.", err))
	} else {
		content.History, content.Series = h, series.Of(h, incidents(run, h))
		files = pictures(content.Series)
		for _, p := range files {
			content.Figures = append(content.Figures, p.Figure)
		}
	}
	return content, files
}

// incidents are what the nemesis did, as results.json has it, else as the history.
func incidents(run *runfolder.Run, h *history.History) []checker.Incident {
	if run.Results != nil && !run.Live() {
		return run.Results.Nemesis
	}
	return checker.Incidents(h)
}

// Picture writes the picture that [Write] would leave in a file of that name to w, and
// nothing into the run's folder. The error is [fs.ErrNotExist] where there is none.
func Picture(w io.Writer, folder, name string) error {
	run, err := runfolder.Open(folder)
	if err != nil {
		return err
	}
	content, files := contentOf(run)
	for _, p := range files {
		if p.File() == name {
			return p.save(w)
		}
	}
	if content.History != nil {
		for i, a := range shownAnomalies(run) {
			if page.WitnessFile(i) == name {
				_, err := w.Write(witness(content, a))
				return err
			}
		}
	}
	return fmt.Errorf("draw %s: %w", name, fs.ErrNotExist)
}

// shownAnomalies are those that the page shows at once.
func shownAnomalies(run *runfolder.Run) []page.Listed {
	if run.Results == nil {
		return nil
	}
	all, open := page.Anomalies(run.Results.Checks)
	return all[:open]
}

// witness draws what proves an anomaly.
func witness(c page.Content, a page.Listed) []byte {
	return figure.Witness(figure.ProofOf(c.History, c.Series, a.Check, a.Anomaly), figure.Options{}).File()
}

// writeWitnesses writes the pictures of the anomalies that the page shows at once, and
// removes those that an earlier judgement left.
func writeWitnesses(run *runfolder.Run, c page.Content) error {
	shown := shownAnomalies(run)
	for i, a := range shown {
		err := harness.WriteFile(filepath.Join(run.Dir, page.WitnessFile(i)), func(w io.Writer) error {
			_, err := w.Write(witness(c, a))
			return err
		})
		if err != nil {
			return err
		}
	}
	for i := len(shown); ; i++ {
		if err := os.Remove(filepath.Join(run.Dir, page.WitnessFile(i))); err != nil {
			return nil // there are no more
		}
	}
}
