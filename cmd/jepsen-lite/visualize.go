package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// canDraw returns why porcupine's picture cannot be drawn, before anything is
// judged.
func (f *checkFlags) canDraw(path string) error {
	switch {
	case f.visualize == "":
		return nil
	case f.model == "":
		return errors.New("--visualize draws a history as one of a --model: name it")
	case f.read.isRun(path):
		return fmt.Errorf("--visualize draws a history file: try %s/history.jsonl", path)
	}
	_, err := model.Parse(f.model)
	return err
}

// draw writes porcupine's picture, and says what it shows, or why there is none:
// the verdict stands all the same.
func (f *checkFlags) draw(h *history.History, r *harness.Results) string {
	drawn, err := f.drawFile(h, r)
	if err != nil {
		return fmt.Sprintf("there is no picture: %v", err)
	}
	return fmt.Sprintf("porcupine's picture of %s is in %s", drawn, f.visualize)
}

func (f *checkFlags) drawFile(h *history.History, r *harness.Results) (drawn string, err error) {
	m, err := model.Parse(f.model)
	if err != nil {
		return "", err
	}
	file, err := os.Create(f.visualize)
	if err != nil {
		return "", err
	}
	drawn, err = checker.Visualize(file, m, h, r.Checks[0])
	if err = errors.Join(err, file.Close()); err != nil {
		os.Remove(f.visualize)
	}
	return drawn, err
}
