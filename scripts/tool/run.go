package tool

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/harness"
)

// Run runs the program with those arguments, --json and --quiet, and returns the
// results. Its exit code says the verdict, which its output says too; only where
// there is none is that an error.
func Run(program string, args ...string) (*harness.Results, error) {
	cmd := exec.Command(program, append(args, "--json", "--quiet")...)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && (exit.ExitCode() == 1 || exit.ExitCode() == 3)) {
		return nil, fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, complaint.String())
	}
	results := new(harness.Results)
	return results, json.Unmarshal(out.Bytes(), results)
}
