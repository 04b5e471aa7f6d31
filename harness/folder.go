package harness

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Names of the files in a run folder: see docs/run-folder.md.
const (
	InfoFile        = "run.json"
	HistoryFile     = "history.jsonl"
	ResultsFile     = "results.json"
	LogFile         = "jepsen-lite.log"
	serversFolder   = "servers"
	persistenceFile = "persistence.jsonl" // in each server's folder
)

// Info is run.json: everything about a run but what happened in it. Fields are
// only ever added.
type Info struct {
	// Version is the version of the folder's formats.
	Version int    `json:"version"`
	Config  Config `json:"config"`
	// Command repeats the run.
	Command string `json:"command"`
	// Checks name what judges the history.
	Checks []string `json:"checks"`
	// Started is time 0 of the history.
	Started time.Time `json:"started"`
	// Ended is zero while the run goes on, and stays so if it is cut off.
	Ended time.Time `json:"ended,omitzero"`
	// CutShort: the user stopped the run before its time.
	CutShort bool `json:"cut_short,omitempty"`
	// Error is what kept the run from doing its part.
	Error string `json:"error,omitempty"`
	// Stepped: the run followed a schedule.
	Stepped bool `json:"stepped,omitempty"`
	// Notes are things the harness saw that no check judges.
	Notes []string `json:"notes,omitempty"`
	// KeyPrefix is what the run's keys began with on servers that are not ours.
	KeyPrefix string `json:"key_prefix,omitempty"`
	// Target, Redis, Tool and Go are names and versions of what ran.
	Target string `json:"target"`
	Redis  string `json:"redis"`
	Tool   string `json:"tool"`
	Go     string `json:"go"`
}

// formatVersion is the Version this package writes, and the newest it reads.
const formatVersion = 1

// makeFolder makes store/<workload>/<UTC time>-<seed>/ and points store/latest
// at it.
func makeFolder(c Config, now time.Time) (string, error) {
	name := fmt.Sprintf("%s-%d", now.UTC().Format("20060102T150405.000Z"), c.Seed)
	relative := filepath.Join(c.Workload, name)
	folder := filepath.Join(c.Store, relative)
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return "", fmt.Errorf("make store folder: %w; try another --store", err)
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		return "", fmt.Errorf("make run folder: %w; try another --store", err)
	}
	if err := os.Mkdir(filepath.Join(folder, serversFolder), 0o755); err != nil {
		return "", fmt.Errorf("make run folder: %w", err)
	}
	return folder, pointLatest(c.Store, relative)
}

// pointLatest replaces the link in one step, so that it always leads somewhere.
func pointLatest(store, relative string) error {
	link := filepath.Join(store, "latest")
	next := fmt.Sprintf("%s.%d", link, os.Getpid())
	_ = os.Remove(next) // one left by a run that was cut off here
	if err := os.Symlink(relative, next); err != nil {
		return fmt.Errorf("point latest: %w", err)
	}
	if err := os.Rename(next, link); err != nil {
		return fmt.Errorf("point latest: %w", err)
	}
	return nil
}

// writeJSON writes a file whole or not at all.
func writeJSON(path string, v any) error {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false) // people copy commands from it
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode %s: %w", filepath.Base(path), err)
	}
	return writeFile(path, text.Bytes())
}

// writeFile is [WriteFile] of a text.
func writeFile(path string, text []byte) error {
	return WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// WriteFile writes a file of a run folder whole or not at all. What write writes is
// buffered.
func WriteFile(path string, write func(io.Writer) error) error {
	next := path + ".new"
	file, err := os.Create(next)
	if err == nil {
		buffered := bufio.NewWriterSize(file, 64<<10)
		err = errors.Join(write(buffered), buffered.Flush(), file.Close())
	}
	if err == nil {
		err = os.Rename(next, path)
	}
	if err != nil {
		_ = os.Remove(next) // a part of it is of no use
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return nil
}

// ReadInfo reads the run.json of a run folder.
func ReadInfo(folder string) (Info, error) {
	var info Info
	text, err := os.ReadFile(filepath.Join(folder, InfoFile))
	if errors.Is(err, fs.ErrNotExist) {
		return info, fmt.Errorf("%s is no run folder: it has no %s", folder, InfoFile)
	}
	if err != nil {
		return info, fmt.Errorf("read run: %w", err)
	}
	return DecodeInfo(text, folder)
}

// DecodeInfo reads the text of a run.json; folder is where it is from, for errors.
func DecodeInfo(text []byte, folder string) (Info, error) {
	var info Info
	if err := json.Unmarshal(text, &info); err != nil {
		return info, fmt.Errorf("read %s: %w", filepath.Join(folder, InfoFile), err)
	}
	if info.Version > formatVersion {
		return info, fmt.Errorf("%s was made by a newer jepsen-lite (format %d, this one reads up to %d)", folder, info.Version, formatVersion)
	}
	return info, nil
}

// appendLog appends a line to a run folder's log.
func appendLog(folder, text string) error {
	f, err := os.OpenFile(filepath.Join(folder, LogFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = fmt.Fprintf(f, "%s %s\n", time.Now().UTC().Format(time.RFC3339Nano), text)
	return err
}
