package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestServe starts the program as a user does, asks for a page at the address that it
// prints, and interrupts it while somebody looks at a run.
func TestServe(t *testing.T) {
	store := t.TempDir()
	if got := tool(t, "", "run", "--target", "sim", "--workload", "set", "--persistence", "none", "--time-limit", "10s", "--seed", "4", "--store", store); got.code != 1 {
		t.Fatalf("exit %d, %s", got.code, got.err)
	}
	for _, test := range []struct{ addr, warning string }{
		{"127.0.0.1:0", ""},
		{"0.0.0.0:0", "reachable from other machines"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		cmd := exec.CommandContext(ctx, binary, "serve", "--store", store, "--addr", test.addr)
		var complaint strings.Builder
		cmd.Stderr = &complaint
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		if !lines.Scan() {
			t.Fatalf("no address: %v", cmd.Wait())
		}
		url := lines.Text()
		if page := get(t, ctx, url); !strings.Contains(page, "seed 4") || !strings.Contains(page, "did not contain") {
			t.Errorf("%s: the run is not on the page: %s", url, page)
		}
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v, %s", err, complaint.String())
		}
		if took := time.Since(began); took > longEnough {
			t.Errorf("it ended after %v", took)
		}
		if warned := strings.Contains(complaint.String(), "warning"); warned != (test.warning != "") || !strings.Contains(complaint.String(), test.warning) {
			t.Errorf("%s: %q", test.addr, complaint.String())
		}
	}
}

func get(t *testing.T, ctx context.Context, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v", url, response.StatusCode, err)
	}
	return string(text)
}
