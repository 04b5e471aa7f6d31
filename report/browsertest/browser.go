package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience bounds every wait; none should come near it.
const patience = time.Minute

// find returns the path of a browser.
func find() (string, error) {
	if named := os.Getenv("JEPSEN_LITE_CHROMIUM"); named != "" {
		return exec.LookPath(named)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no chromium found: run scripts/ensure-chromium.sh, or set JEPSEN_LITE_CHROMIUM=/path/to/chromium")
}

// Browser is a browser that runs.
type Browser struct {
	ctx     context.Context
	profile string
}

// Start starts a browser, or skips the test where there is none. It ends with the
// test.
func Start(t testing.TB) *Browser {
	t.Helper()
	path, err := find()
	switch {
	case err == nil:
	case os.Getenv("JEPSEN_LITE_REQUIRE_CHROMIUM") == "1":
		t.Fatal(err)
	default:
		t.Skip(err)
	}
	profile, err := os.MkdirTemp("", "jepsen-lite-browser-")
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.DisableGPU)
	allocated, release := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(allocated) // ended by Cancel below
	b := &Browser{ctx, profile}
	t.Cleanup(func() {
		if err := b.close(release); err != nil {
			t.Errorf("close browser: %v", err)
		}
	})
	started := make(chan error, 1)
	go func() { started <- chromedp.Do(ctx) }()
	select {
	case err = <-started:
	case <-time.After(patience):
		release() // which makes it return
		err = errors.Join(errors.New("it did not start in time"), <-started)
	}
	if err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return b
}

// close ends the browser and removes its profile.
func (b *Browser) close(release func()) error {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	err := chromedp.Cancel(ctx)
	release() // kills it if it did not end, and waits for it
	// Processes of the browser's may outlive it for a moment, and still write.
	removed := os.RemoveAll(b.profile)
	for try := 0; removed != nil && try < 100; try++ {
		time.Sleep(20 * time.Millisecond)
		removed = os.RemoveAll(b.profile)
	}
	return errors.Join(err, removed)
}

// File returns the URL of a file.
func File(path string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	return fmt.Sprintf("file://%s", filepath.ToSlash(path))
}
