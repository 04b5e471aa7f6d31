package paper

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// store has small runs of a real server and of simulated ones.
const store = "testdata/store"

// gathered is the study of some runs.
func gathered(t testing.TB, paths ...string) *Study {
	t.Helper()
	s, err := Gather(t.Context(), paths, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func written(t testing.TB, d *Document, f Format) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, d, f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var pictures = regexp.MustCompile(`(?s)<svg.*?</svg>`)

func TestReports(t *testing.T) {
	d := Compose(gathered(t, store))
	for _, f := range Formats() {
		// Pictures have golden files of their own, in package figure.
		golden(t, f.FileName(), pictures.ReplaceAllString(written(t, d, f), "<svg></svg>"))
	}
	golden(t, "references.bib", d.BibTeX())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	line := 0
	wanted := strings.Split(string(want), "\n")
	for i, l := range strings.Split(got, "\n") {
		if i >= len(wanted) || l != wanted[i] {
			line = i
			t.Errorf("%s differs from line %d on (go test -update rewrites it): %q", path, line+1, l)
			return
		}
	}
	t.Errorf("%s is longer", path)
}

func TestJSONTracesEveryNumber(t *testing.T) {
	var doc struct {
		Sections []Section
		Study    struct{ Runs []Run }
	}
	if err := json.Unmarshal([]byte(written(t, Compose(gathered(t, store)), JSON)), &doc); err != nil {
		t.Fatal(err)
	}
	runs := map[string]bool{}
	for _, r := range doc.Study.Runs {
		runs[r.Label] = true
		if _, err := os.Stat(filepath.Join(r.Folder, "run.json")); err != nil || len(r.SHA256) != 64 {
			t.Errorf("%s: %v, SHA-256 %q", r.Label, err, r.SHA256)
		}
	}
	numbers := 0
	(&Document{Sections: doc.Sections}).walk(func(text Text) {
		for _, s := range text {
			if s.Kind != Number {
				continue
			}
			numbers++
			if len(s.Runs) == 0 && s.Text != "0" {
				t.Errorf("%q comes from no run", s.Text)
			}
			for _, r := range s.Runs {
				if !runs[r] {
					t.Errorf("%q comes from %s, which is no run", s.Text, r)
				}
			}
		}
	})
	if numbers < 50 {
		t.Errorf("only %d numbers", numbers)
	}
}

// A CI system that reads the report must see no test that passed in a run that proved
// nothing, and every violation.
func TestJUnitIsReadAsItIsMeant(t *testing.T) {
	text := written(t, Compose(gathered(t, store)), JUnit)
	var all struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
		Suites   []struct {
			Name  string `xml:"name,attr"`
			Cases []struct {
				Class   string    `xml:"classname,attr"`
				Name    string    `xml:"name,attr"`
				Failure *struct{} `xml:"failure"`
				Skipped *struct {
					Message string `xml:"message,attr"`
				} `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	tests, failures, skipped := 0, 0, 0
	for _, s := range all.Suites {
		for _, c := range s.Cases {
			tests++
			if seen[c.Class+c.Name] {
				t.Errorf("two test cases %s", c.Name)
			}
			seen[c.Class+c.Name] = true
			if c.Failure != nil {
				failures++
			}
			if c.Skipped != nil {
				skipped++
			}
			if strings.HasPrefix(s.Name, "counter") && (c.Skipped == nil || c.Skipped.Message == "") {
				t.Errorf("%s of a run that proved nothing is not skipped", c.Name)
			}
		}
	}
	if tests != all.Tests || failures != all.Failures || skipped != all.Skipped || failures == 0 || skipped == 0 || all.Errors != 0 {
		t.Errorf("counted %d tests, %d failures, %d skipped; attributes say %d, %d, %d and %d errors",
			tests, failures, skipped, all.Tests, all.Failures, all.Skipped, all.Errors)
	}
}

func TestJUnitShowsWhatTheHarnessCouldNotDo(t *testing.T) {
	s := gathered(t, store)
	for i := range s.Runs {
		s.Runs[i].Error = "start n1: it ended"
		s.Runs[i].info.Error = s.Runs[i].Error
	}
	text := written(t, Compose(s), JUnit)
	if got := strings.Count(text, "<error "); got != len(s.Runs) {
		t.Errorf("%d errors in %d runs", got, len(s.Runs))
	}
}

func TestHTMLIsWellFormed(t *testing.T) {
	elements(t, written(t, Compose(gathered(t, store)), HTML))
}

// elements returns a page's elements in order; the page's own CSS is none.
func elements(t interface{ Fatalf(string, ...any) }, page string) (names []string) {
	_, body, _ := strings.Cut(page, "</head>")
	d := xml.NewDecoder(strings.NewReader("<html>" + strings.ReplaceAll(body, "</html>", "") + "</html>"))
	d.Entity = xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
		if e, ok := token.(xml.StartElement); ok {
			names = append(names, e.Name.Local)
		}
	}
}
