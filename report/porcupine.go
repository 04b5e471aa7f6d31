package report

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/report/page"
	"github.com/jepsen-lite/jepsen-lite/report/runfolder"
)

// porcupineFile is porcupine's own picture of the history.
const porcupineFile = "porcupine.html"

// writePorcupine writes porcupine's picture where porcupine judged, and else removes
// the one that an earlier judgement left. None is written of what is too large to
// draw.
func writePorcupine(run *runfolder.Run, h *history.History) []page.Extra {
	path := filepath.Join(run.Dir, porcupineFile)
	judged, m := porcupined(run)
	if judged == nil {
		_ = os.Remove(path) // most often there is none
		return nil
	}
	drawn := ""
	err := harness.WriteFile(path, func(w io.Writer) (err error) {
		drawn, err = checker.Visualize(w, m, h, *judged)
		return err
	})
	if err != nil {
		run.Problems = append(run.Problems, fmt.Sprintf("There is no picture of porcupine's: %v.", err))
		return nil
	}
	return []page.Extra{{File: porcupineFile, What: "porcupine's own picture of " + drawn}}
}

// porcupined returns the check in which porcupine was an engine, and its model.
func porcupined(run *runfolder.Run) (*checker.Result, model.Model) {
	if run.Results == nil {
		return nil, model.Model{}
	}
	for i, c := range run.Results.Checks {
		if !strings.Contains(c.Engine, string(checker.ByPorcupine)) || c.Model == "" {
			continue
		}
		if m, err := model.Parse(c.Model); err == nil {
			return &run.Results.Checks[i], m
		}
	}
	return nil, model.Model{}
}
