package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"github.com/jepsen-lite/jepsen-lite/checker"
)

// testCase is a file that says by which checker of Jepsen's its history is to be
// judged.
type testCase struct {
	Checker string
	Options map[string]json.RawMessage `json:"checker_opts"`
	Model   string
	History json.RawMessage
}

// caseChecks returns the check that a file asks for, or nil if it asks for none.
func caseChecks(path string) ([]checker.Check, error) {
	info, err := os.Stat(path)
	if path == "-" || err != nil || !info.Mode().IsRegular() || info.Size() > maxCaseBytes {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil || !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return nil, nil // whoever reads the history says what is wrong
	}
	var c testCase
	if json.Unmarshal(text, &c) != nil || c.Checker == "" || c.History == nil {
		return nil, nil
	}
	check, err := checker.ForJepsen(c.Checker, c.Options, c.Model)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return []checker.Check{check}, nil
}

// maxCaseBytes is up to which size a file is looked at for a checker.
const maxCaseBytes = 16 << 20
