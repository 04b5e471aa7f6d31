package serve

import (
	"archive/zip"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
)

// secret is in a file outside the store, which no answer may hold.
const secret = "nobody may read this"

// tempted is a store with a run, around which everything leads out: links and files
// beside the run's folder.
func tempted(t testing.TB) (store string, id runID) {
	t.Helper()
	above := t.TempDir()
	store = filepath.Join(above, "store")
	id = mustRun(t, simulated(store, "set", "none", 1))
	folder := filepath.Join(store, id.String())
	for name, text := range map[string]string{
		filepath.Join(above, "secret.txt"):                  secret,
		filepath.Join(above, "elsewhere", harness.InfoFile): `{"version":1,"redis":"` + secret + `"}`,
		filepath.Join(store, "secret.txt"):                  secret,
		filepath.Join(store, "set", "secret.txt"):           secret,
		filepath.Join(store, "notes", "mine", "secret.md"):  secret,
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{
		filepath.Join(folder, "absolute"):      filepath.Join(above, "secret.txt"),
		filepath.Join(folder, "relative"):      "../../../secret.txt",
		filepath.Join(folder, "beside"):        "../secret.txt",
		filepath.Join(folder, "up"):            "../../..",
		filepath.Join(folder, "servers", "up"): "../../../..",
		filepath.Join(folder, "within"):        harness.ResultsFile,
		filepath.Join(store, "set", "linked"):  filepath.Join(above, "elsewhere"),
		filepath.Join(store, "above"):          above,
	} {
		if err := os.Symlink(to, link); err != nil {
			t.Fatal(err)
		}
	}
	return store, id
}

func TestFiles(t *testing.T) {
	store, id := tempted(t)
	s := startSite(t, store)
	s.write(id, "servers/n1/redis.log", "a line\n<script>alert(1)</script>\n")
	s.write(id, "servers/n1/page.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
	s.write(id, "servers/n1/dump.rdb", "REDIS\x00\x01\xff\xfe")
	s.write(id, "servers/n1/empty", "")
	s.write(id, "servers/n1/a name % with #?.txt", "odd")
	base := "/files/" + id.escaped() + "/"
	for _, test := range []struct{ name, kind, text string }{
		{"run.json", "text/plain; charset=utf-8", `"workload": "set"`},
		{"history.jsonl", "text/plain; charset=utf-8", `"type":"invoke"`},
		{"servers/n1/redis.log", "text/plain; charset=utf-8", "<script>alert(1)</script>"},
		{"servers/n1/page.svg", "image/svg+xml", "<svg"},
		{"servers/n1/dump.rdb", "application/octet-stream", "REDIS\x00"},
		{"servers/n1/empty", "text/plain; charset=utf-8", ""},
		{"servers/n1/a%20name%20%25%20with%20%23%3F.txt", "text/plain; charset=utf-8", "odd"},
		{"within", "text/plain; charset=utf-8", `"verdict"`},
		{"", "text/html; charset=utf-8", "history.jsonl"},
		{"servers/n1/", "text/html; charset=utf-8", "a%20name%20%25%20with%20%23%3f.txt"},
	} {
		a := s.get(base + test.name)
		if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != test.kind || !strings.Contains(strings.ToLower(a.body), strings.ToLower(test.text)) {
			t.Errorf("%s: status %d, %s, %.200q", test.name, a.StatusCode, a.Header.Get("Content-Type"), a.body)
		}
		if saved := a.Header.Get("Content-Disposition") != ""; saved != (test.kind == "application/octet-stream") {
			t.Errorf("%s: saved: %t", test.name, saved)
		}
	}
	if a := s.get(base + "servers"); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != base+"servers/" {
		t.Errorf("status %d to %s", a.StatusCode, a.Header.Get("Location"))
	}
	part := s.get(base+"servers/n1/redis.log", func(r *http.Request) { r.Header.Set("Range", "bytes=2-5") })
	if part.StatusCode != http.StatusPartialContent || part.body != "line" {
		t.Errorf("status %d, %q", part.StatusCode, part.body)
	}
}

// What has changed is sent again, even within a second.
func TestAFileThatChanges(t *testing.T) {
	store, id := tempted(t)
	s := startSite(t, store)
	url := "/files/" + id.escaped() + "/growing.txt"
	s.write(id, "growing.txt", "a")
	first := s.get(url)
	again := func() answer {
		return s.get(url, func(r *http.Request) {
			r.Header.Set("If-None-Match", first.Header.Get("ETag"))
			r.Header.Set("If-Modified-Since", first.Header.Get("Last-Modified"))
		})
	}
	if a := again(); a.StatusCode != http.StatusNotModified {
		t.Errorf("status %d", a.StatusCode)
	}
	s.write(id, "growing.txt", "ab")
	if a := again(); a.StatusCode != http.StatusOK || a.body != "ab" {
		t.Errorf("status %d, %q", a.StatusCode, a.body)
	}
}

// outward are paths that lead out of a run's folder, in every way there is.
func outward(id runID) []string {
	base := "/files/" + id.escaped()
	paths := []string{"/files/linked/x/run.json", "/files/above/elsewhere/run.json", "/runs/above/elsewhere/", "/zip/above/elsewhere", "/files/notes/mine/secret.md", "/files/set/linked/run.json", "/runs/set/linked/", "/zip/set/linked"}
	for _, way := range []string{
		"absolute", "relative", "beside", "up/secret.txt", "servers/up/secret.txt", "up/store/secret.txt",
		"../secret.txt", "../../secret.txt", "../../../secret.txt", "servers/../../secret.txt", "./../secret.txt",
		"%2e%2e/secret.txt", "%2e%2e%2f%2e%2e%2fsecret.txt", "..%2f..%2fsecret.txt", "%2E%2E%2Fsecret.txt", "..%5csecret.txt", "..\\secret.txt",
		"%252e%252e/secret.txt", "....//secret.txt", "..;/secret.txt", "%00/../secret.txt", "..%00/secret.txt", "run.json%00.txt", "/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd",
		"%c0%ae%c0%ae/secret.txt", "servers//../../secret.txt", "../secret.txt/", "C:%5csecret.txt", "file:%2f%2f%2fetc/passwd", "RUN.JSON/../../secret.txt",
	} {
		paths = append(paths, base+"/"+way)
	}
	return append(paths, "/files/..%2f..%2fsecret.txt", "/files/%2e%2e/store/secret.txt", "/files/set/..%2fsecret.txt", "/files/set/%2e%2e/x",
		"/assets/..%2fserve.go", "/assets/../serve.go", "/assets/list.html", "/zip/%2e%2e/elsewhere", "/runs/%2e%2e/elsewhere/", "/runs/set/..%2f..%2felsewhere/", "/FILES/"+id.escaped()+"/run.json")
}

func TestNothingOutsideIsServed(t *testing.T) {
	store, id := tempted(t)
	s := startSite(t, store)
	for _, path := range outward(id) {
		head, body := raw(t, s.url, path)
		if strings.Contains(body, secret) || strings.Contains(body, "root:") || strings.Contains(head, " 200 ") {
			t.Errorf("%s: %s %.300q", path, head, body)
		}
	}
}

// raw asks for a path that no client of good manners would send.
func raw(t *testing.T, url, path string) (head, body string) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(url, "http://"), patience)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ = strings.Cut(string(text), "\r\n")
	return head, body
}

// Whatever is asked for: what is outside is not in the answer, nothing panics, and
// every answer has the guard's headers.
func FuzzPaths(f *testing.F) {
	store, id := tempted(f)
	for _, path := range outward(id) {
		f.Add(strings.TrimPrefix(path, "/"))
	}
	for _, path := range []string{"", "?page=2&q=%00", "compare?run=set/..&run=../x", "trends?workload=..", "files/" + id.escaped() + "/", "zip/" + id.escaped(), "runs/" + id.escaped() + "/throughput.svg?with=above/elsewhere"} {
		f.Add(path)
	}
	stored, err := openStore(store)
	if err != nil {
		f.Fatal(err)
	}
	pages := newPages(stored)
	f.Cleanup(pages.close)
	handler := guard{pages.handler(), func(string) bool { return true }}.handler()
	f.Fuzz(func(t *testing.T, path string) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/"+path, nil)
		if err != nil || strings.HasSuffix(request.URL.Path, "/events") {
			t.Skip() // no request, or a stream
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, request)
		body := w.Body.String()
		if strings.HasPrefix(request.URL.Path, "/zip/") && w.Code == http.StatusOK {
			body = strings.Join(unzip(t, w.Body.Bytes()), "\n")
		}
		if strings.Contains(body, secret) || strings.Contains(body, "root:x:") {
			t.Errorf("%q shows what is outside: %.300q", path, body)
		}
		if w.Header().Get("Content-Security-Policy") == "" || w.Code >= http.StatusInternalServerError {
			t.Errorf("%q: status %d, policy %q, %.300q", path, w.Code, w.Header().Get("Content-Security-Policy"), body)
		}
	})
}

// unzip returns the texts of an archive's files.
func unzip(t testing.TB, data []byte) (texts []string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range z.File {
		f, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
		texts = append(texts, string(text))
	}
	return texts
}

func TestZip(t *testing.T) {
	store, id := tempted(t)
	s := startSite(t, store)
	pipe := filepath.Join(s.folder(id), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	a := s.get("/zip/" + id.escaped())
	if a.Header.Get("Content-Type") != "application/zip" || !strings.Contains(a.Header.Get("Content-Disposition"), "set-"+id.Name+".zip") {
		t.Errorf("got %v", a.Header)
	}
	z, err := zip.NewReader(strings.NewReader(a.body), int64(len(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range z.File {
		names[f.Name] = true
	}
	for _, want := range []string{harness.InfoFile, harness.ResultsFile, harness.HistoryFile, harness.LogFile} {
		if !names[path.Join(id.Name, want)] {
			t.Errorf("%s is not in the archive: %v", want, names)
		}
	}
	want, err := os.ReadFile(filepath.Join(s.folder(id), harness.HistoryFile))
	if err != nil {
		t.Fatal(err)
	}
	texts := unzip(t, []byte(a.body))
	whole := false
	for _, text := range texts {
		whole = whole || text == string(want)
		if strings.Contains(text, secret) {
			t.Error("what links lead to is in the archive")
		}
	}
	if !whole {
		t.Error("the history is not whole in the archive")
	}
	if a := s.get("/files/" + id.escaped() + "/pipe"); a.StatusCode != http.StatusNotFound { // and it returns
		t.Errorf("a pipe: status %d", a.StatusCode)
	}
}

// A folder that leads out is not read by path: the report of a run could hold what
// is out there. Nor is one that would make the reader wait.
func TestNoReportThroughALink(t *testing.T) {
	store := t.TempDir()
	for name, spoil := range map[string]func(path string) error{
		"a link":  func(path string) error { return os.Symlink("../../../secret.txt", path) },
		"nowhere": func(path string) error { return os.Symlink("none", path) },
		"a pipe":  func(path string) error { return syscall.Mkfifo(path, 0o600) },
	} {
		id := mustRun(t, simulated(store, "set", "none", 1))
		s := startSite(t, store)
		if err := os.Remove(filepath.Join(s.folder(id), harness.HistoryFile)); err != nil {
			t.Fatal(err)
		}
		if err := spoil(filepath.Join(s.folder(id), harness.HistoryFile)); err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{"/files/" + id.escaped() + "/report.html", "/files/" + id.escaped() + "/witness-1.svg", "/runs/" + id.escaped() + "/throughput.svg"} {
			if a := s.get(file); a.StatusCode != http.StatusForbidden || !strings.Contains(a.body, "a link that leads out") {
				t.Errorf("%s: %s: status %d, %s", name, file, a.StatusCode, a.body)
			}
		}
	}
}
