package paper

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pdflatex compiles a report twice, as its tables need.
func pdflatex(t *testing.T, tex string) (log string) {
	t.Helper()
	path, err := exec.LookPath("pdflatex")
	if err != nil {
		if os.Getenv("JEPSEN_LITE_REQUIRE_TEX") != "" {
			t.Fatal("no pdflatex, and JEPSEN_LITE_REQUIRE_TEX is set: run scripts/ensure-tex.sh")
		}
		t.Skip("no pdflatex here: scripts/ensure-tex.sh installs it")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "report.tex"), []byte(tex), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, path, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "report.tex")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("pdflatex: %v\n%s", err, out)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "report.pdf")); err != nil || info.Size() == 0 {
		t.Fatalf("no report.pdf: %v", err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "report.log"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTeXCompiles(t *testing.T) {
	log := pdflatex(t, written(t, Compose(gathered(t, store)), TeX))
	for _, complaint := range []string{"undefined references", "Citation", "Missing character"} {
		if strings.Contains(log, complaint) {
			t.Errorf("the log complains: %s", complaint)
		}
	}
}

func TestTeXCompilesWithAnyText(t *testing.T) {
	for _, text := range []string{strings.Join(nasty(), " "), strings.Join(nasty(), "")} {
		s := gathered(t, store)
		poison(s, text)
		pdflatex(t, written(t, Compose(s), TeX))
	}
}
