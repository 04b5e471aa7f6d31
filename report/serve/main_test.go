package serve

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jepsen-lite/jepsen-lite/harness"
)

// patience bounds every wait of a test; none should come near it.
const patience = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// simulated is a run of two virtual seconds with a few faults.
func simulated(store, workload, persistence string, seed uint64) harness.Config {
	c := harness.Defaults()
	c.Workload, c.Persistence, c.Target, c.Store, c.Seed = workload, persistence, "sim", store, seed
	c.TimeLimit, c.Interval = 2*time.Second, 400*time.Millisecond
	c.Concurrency, c.Rate, c.Keys = 5, 400, 4
	return c
}

// mustRun makes a run, and returns its name in the store.
func mustRun(t testing.TB, c harness.Config) runID {
	t.Helper()
	results, err := harness.Run(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	id, ok := parseID(filepath.Base(filepath.Dir(results.Folder)), filepath.Base(results.Folder))
	if !ok {
		t.Fatalf("%s is no run", results.Folder)
	}
	return id
}

// site is a server that runs until its test ends.
type site struct {
	t     testing.TB
	url   string // without the last slash
	store string
}

func startSite(t testing.TB, store string) site {
	t.Helper()
	server, err := Listen(Options{Store: store, Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		http.DefaultClient.CloseIdleConnections()
		select {
		case err := <-served:
			if err != nil {
				t.Errorf("serve: %v", err)
			}
		case <-time.After(patience):
			t.Error("the server does not end")
		}
	})
	return site{t, strings.TrimSuffix(server.URL(), "/"), store}
}

// answer is what a server answered.
type answer struct {
	*http.Response
	body string
}

// get asks for a path as it is written.
func (s site) get(path string, change ...func(*http.Request)) answer {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range change {
		c(request)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{response, string(body)}
}

// page asks for a page that must be there.
func (s site) page(path string) string {
	s.t.Helper()
	a := s.get(path)
	if a.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: status %d, %s", path, a.StatusCode, a.body)
	}
	return a.body
}

// folder is where a run is.
func (s site) folder(id runID) string { return filepath.Join(s.store, id.Workload, id.Name) }

// write puts a file into a run's folder.
func (s site) write(id runID, name, text string) {
	s.t.Helper()
	path := filepath.Join(s.folder(id), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// mustContain checks that a page says all that, in its HTML.
func mustContain(t *testing.T, page string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(page, w) {
			t.Errorf("%q is not in the page:\n%s", w, page)
		}
	}
}

func mustRead(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// edit changes a JSON file of a run.
func edit[T any](t testing.TB, path string, change func(*T)) {
	t.Helper()
	text := mustRead(t, path)
	var v T
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	change(&v)
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}
