package serve

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
)

func TestTheListShowsRunsNewestFirst(t *testing.T) {
	store := t.TempDir()
	first := mustRun(t, simulated(store, "register", "aof-always", 1))
	time.Sleep(2 * time.Millisecond) // names have milliseconds
	second := mustRun(t, simulated(store, "set", "none", 2))
	page := startSite(t, store).page("/")
	a, b := strings.Index(page, second.Name), strings.Index(page, first.Name)
	if a < 0 || b < 0 || a > b {
		t.Errorf("the newer run is at %d, the older at %d", a, b)
	}
	mustContain(t, page, "valid", "invalid", "a simulated redis", "seed 2", "1–2 of 2")
}

func TestFilters(t *testing.T) {
	store := t.TempDir()
	valid := mustRun(t, simulated(store, "register", "aof-always", 11))
	lost := mustRun(t, simulated(store, "set", "none", 12))
	s := startSite(t, store)
	for _, test := range []struct {
		query string
		want  []runID
	}{
		{"workload=set", []runID{lost}},
		{"verdict=valid", []runID{valid}},
		{"verdict=invalid", []runID{lost}},
		{"verdict=unknown", nil},
		{"target=sim", []runID{valid, lost}},
		{"target=docker", nil},
		{"seed=11", []runID{valid}},
		{"seed=1", nil},
		{"q=did+not+contain", []runID{lost}},
		{"q=SIMULATED+aof-always", []runID{valid}},
		{"q=nothing+like+that", nil},
		{"workload=set&verdict=valid", nil},
		{"page=99", []runID{valid, lost}},
		{"page=-1&seed=x", nil},
	} {
		page := s.page("/?" + test.query)
		for _, id := range []runID{valid, lost} {
			want := false
			for _, w := range test.want {
				want = want || w == id
			}
			if got := strings.Contains(page, id.Name); got != want {
				t.Errorf("%s shows %s: %t", test.query, id, got)
			}
		}
		if len(test.want) == 0 {
			mustContain(t, page, "No run is like that.")
		}
	}
}

// Run folders that somebody has renamed, that are empty or of the future are listed
// as what they are, and break nothing.
func TestOddFolders(t *testing.T) {
	store := t.TempDir()
	id := mustRun(t, simulated(store, "register", "aof-always", 1))
	s := startSite(t, store)
	for _, name := range []string{"register/empty", "register/.hidden", "mine"} {
		if err := os.MkdirAll(filepath.Join(store, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s.write(runID{"register", "renamed"}, harness.InfoFile, `{"version":1,"redis":"redis 1.2.3","ended":"2026-01-01T00:00:00Z"}`)
	s.write(runID{"register", "future"}, harness.InfoFile, `{"version":99}`)
	s.write(runID{"register", "broken"}, harness.InfoFile, `{`)
	s.write(runID{"register", "nonsense"}, harness.InfoFile, `{"version":1,"ended":"2026-01-01T00:00:00Z"}`)
	s.write(runID{"register", "nonsense"}, harness.ResultsFile, `[1,2`)
	page := s.page("/")
	mustContain(t, page, id.Name, "redis 1.2.3", "newer jepsen-lite", "register/broken", "its results cannot be read", "1–5 of 5")
	for _, name := range []string{"renamed", "future", "broken", "nonsense"} {
		s.page("/runs/register/" + name + "/")
	}
	for _, name := range []string{"empty", ".hidden"} {
		if a := s.get("/runs/register/" + name + "/"); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", name, a.StatusCode)
		}
	}
	if a := s.get("/files/register/future/report.html"); a.StatusCode == http.StatusOK {
		t.Error("a report was made of a run of the future")
	}
}

func TestAnEmptyStore(t *testing.T) {
	s := startSite(t, t.TempDir())
	mustContain(t, s.page("/"), "This store has no run yet", "jepsen-lite run --store")
	mustContain(t, s.page("/trends"), "No run has been judged yet")
	if a := s.get("/latest"); a.StatusCode != http.StatusNotFound {
		t.Errorf("status %d", a.StatusCode)
	}
}

func TestManyPages(t *testing.T) {
	store := t.TempDir()
	copies(t, store, 120)
	s := startSite(t, store)
	mustContain(t, s.page("/"), "1–50 of 120", "page=2")
	mustContain(t, s.page("/?page=3&verdict=valid"), "101–120 of 120", "page=2&amp;verdict=valid")
}

// copies fills a store with so many runs of the same description.
func copies(t testing.TB, store string, count int) {
	t.Helper()
	id := mustRun(t, simulated(store, "register", "aof-always", 1))
	from := filepath.Join(store, id.String())
	began, _ := id.began()
	for i := range count - 1 {
		name := began.Add(-time.Duration(i+1)*time.Minute).Format(nameTime) + "-" + "1"
		to := filepath.Join(store, "register", name)
		if err := os.Mkdir(to, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{harness.InfoFile, harness.ResultsFile} {
			text, err := os.ReadFile(filepath.Join(from, file))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(to, file), text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestAJudgementIsSeenWhenItChanges(t *testing.T) {
	store := t.TempDir()
	id := mustRun(t, simulated(store, "register", "aof-always", 1))
	s := startSite(t, store)
	mustContain(t, s.page("/"), `class="verdict valid"`)
	edit(t, filepath.Join(s.folder(id), harness.ResultsFile), func(r *harness.Results) { r.Verdict, r.Reason = "invalid", "judged anew" })
	mustContain(t, s.page("/"), `class="verdict invalid"`, "judged anew")
	if err := os.RemoveAll(s.folder(id)); err != nil {
		t.Fatal(err)
	}
	mustContain(t, s.page("/"), "This store has no run yet")
	if a := s.get("/runs/" + id.escaped() + "/"); a.StatusCode != http.StatusNotFound {
		t.Errorf("status %d of a run that was removed", a.StatusCode)
	}
}

func TestLatest(t *testing.T) {
	store := t.TempDir()
	id := mustRun(t, simulated(store, "register", "aof-always", 1))
	s := startSite(t, store)
	want := "/runs/" + id.escaped() + "/"
	for _, link := range []string{"as it was made", "../../etc", "/etc", "nowhere/at-all"} {
		if link != "as it was made" {
			if err := os.Remove(filepath.Join(store, "latest")); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(link, filepath.Join(store, "latest")); err != nil {
				t.Fatal(err)
			}
		}
		if a := s.get("/latest"); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != want {
			t.Errorf("%s: %d to %q", link, a.StatusCode, a.Header.Get("Location"))
		}
	}
}

func TestFilterAndItsURL(t *testing.T) {
	f := filter{Workload: "a&b", Target: "sim", Verdict: "not judged", Seed: "7", Text: "x y=z"}
	q, err := url.ParseQuery(f.query(3))
	if err != nil || filterOf(q) != f || q.Get("page") != "3" {
		t.Errorf("%v became %v, %v", f, filterOf(q), err)
	}
}
