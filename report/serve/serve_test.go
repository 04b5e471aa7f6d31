package serve

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestListenSaysWhatToTry(t *testing.T) {
	store := t.TempDir()
	id := mustRun(t, simulated(store, "register", "aof-always", 1))
	file := filepath.Join(store, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, test := range []struct{ name, store, addr, want string }{
		{"no store", filepath.Join(store, "none"), "127.0.0.1:0", "there is no store at"},
		{"a file", file, "127.0.0.1:0", "is a file, and a store is a folder"},
		{"a run", filepath.Join(store, id.String()), "127.0.0.1:0", "is one run: name the store that it is in (--store " + store + ")"},
		{"a workload", filepath.Join(store, "register"), "127.0.0.1:0", "(--store " + store + ")"},
		{"a port in use", store, taken.Addr().String(), "is in use: try another port, or --addr 127.0.0.1:0"},
		{"no port", store, "127.0.0.1", "is no HOST:PORT: try 127.0.0.1:8080"},
		{"a port that is none", store, "127.0.0.1:99999", "try --addr 127.0.0.1:8080"},
		{"another machine", store, "192.0.2.1:0", "is no address of this machine: try --addr 127.0.0.1:8080"},
	} {
		server, err := Listen(Options{Store: test.store, Addr: test.addr})
		if err == nil {
			server.Close()
			t.Errorf("%s: no error", test.name)
		} else if !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

func TestAddresses(t *testing.T) {
	store := t.TempDir()
	for _, test := range []struct {
		addr, url string
		loopback  bool
	}{
		{"127.0.0.1:0", "http://127.0.0.1:%d/", true},
		{"localhost:0", "http://localhost:%d/", true},
		{"127.5.5.5:0", "http://127.5.5.5:%d/", true},
		{"0.0.0.0:0", "http://localhost:%d/", false},
		{":0", "http://localhost:%d/", false},
	} {
		server, err := Listen(Options{Store: store, Addr: test.addr})
		if err != nil {
			t.Errorf("%s: %v", test.addr, err)
			continue
		}
		if want := fmt.Sprintf(test.url, server.listener.Addr().(*net.TCPAddr).Port); server.URL() != want || server.Loopback() != test.loopback {
			t.Errorf("%s: %s, loopback %t", test.addr, server.URL(), server.Loopback())
		}
		server.Close()
	}
}

// The end does not wait for those who look at a run.
func TestTheEndWithOpenStreams(t *testing.T) {
	store := t.TempDir()
	id, _ := unfinished(t, site{t: t, store: store}, 0.5)
	server, err := Listen(Options{Store: store, Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx) }()
	s := site{t, strings.TrimSuffix(server.URL(), "/"), store}
	opened, ended := make(chan bool, 5), make(chan bool, 5)
	for range 5 {
		go func() {
			ended <- s.stream(id, func(string, string) bool {
				select {
				case opened <- true:
				default:
				}
				return false
			})
		}()
	}
	for range 5 {
		<-opened
	}
	cancel()
	select {
	case err := <-served:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
	for range 5 {
		<-ended
	}
	if _, err := http.Get(s.url + "/"); err == nil {
		t.Error("it still answers")
	}
	http.DefaultClient.CloseIdleConnections()
}

// Serving changes no file of the store and adds none.
func TestNothingIsWritten(t *testing.T) {
	store := t.TempDir()
	id := mustRun(t, simulated(store, "set", "none", 1))
	before := listed(t, store)
	s := startSite(t, store)
	for _, path := range []string{"/", "/trends", "/runs/" + id.escaped() + "/", "/files/" + id.escaped() + "/report.html", "/runs/" + id.escaped() + "/latency.svg", "/zip/" + id.escaped()} {
		s.page(path)
	}
	if after := listed(t, store); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}

func listed(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil {
			fmt.Fprintln(&all, path, info.Size(), info.ModTime())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
