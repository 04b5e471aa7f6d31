package serve

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/report/browsertest"
)

// TestInABrowser does what a reader does, in a real browser: an error on a page's
// console fails it.
func TestInABrowser(t *testing.T) {
	browser := browsertest.Start(t)
	store := t.TempDir()
	a := mustRun(t, simulated(store, "set", "none", 1))
	b := mustRun(t, simulated(store, "set", "aof-always", 2))
	mustRun(t, simulated(store, "register", "aof-always", 3))
	s := startSite(t, store)
	t.Run("filter", func(t *testing.T) {
		page := browser.Open(t, s.url+"/")
		page.Wait("document.querySelectorAll('.runs tbody tr').length === 3")
		browsertest.Eval[bool](page, `(() => {
			const select = document.querySelector("select[name=workload]");
			select.value = "set";
			return select.dispatchEvent(new Event("change"));
		})()`)
		page.Wait("location.search.includes('workload=set') && document.querySelectorAll('.runs tbody tr').length === 2")
		page.Click(".clear")
		page.Wait("document.querySelectorAll('.runs tbody tr').length === 3")
	})
	t.Run("compare", func(t *testing.T) {
		page := browser.Open(t, s.url+"/?workload=set")
		page.Wait("document.querySelector('button.compare').disabled")
		page.Click(fmt.Sprintf("input[value=%q]", a))
		page.Click(fmt.Sprintf("input[value=%q]", b))
		page.Wait("!document.querySelector('button.compare').disabled")
		page.Click("button.compare")
		page.Wait("document.querySelectorAll('.differs').length > 1")
		page.Wait(`(() => {
			for (const img of document.images) img.loading = "eager";
			return document.images.length === 4 && [...document.images].every((img) => img.complete && img.naturalWidth > 300);
		})()`)
	})
	t.Run("report", func(t *testing.T) {
		page := browser.Open(t, s.url+"/runs/"+a.escaped()+"/")
		page.Click(".actions a")
		page.Wait("location.pathname.endsWith('/report.html') && document.readyState === 'complete' && document.body.innerText.includes('did not contain')")
		page.Wait("self.origin === 'null'") // it is no part of this site
		page.Wait("document.querySelector('canvas')")
	})
	t.Run("widths", func(t *testing.T) {
		for _, path := range []string{"/", "/trends", "/runs/" + a.escaped() + "/", "/compare?run=" + a.String() + "&run=" + b.String(), "/files/" + a.escaped() + "/"} {
			page := browser.Open(t, s.url+path)
			for _, width := range []int64{1400, 400} {
				page.Resize(width, 900)
				page.Wait("document.documentElement.scrollWidth <= innerWidth")
			}
		}
	})
}

func TestTextsOfRunsAreHarmlessInABrowser(t *testing.T) {
	browser := browsertest.Start(t)
	store := t.TempDir()
	id, live := hostileRun(t, store, false), hostileRun(t, store, true)
	s := startSite(t, store)
	for _, path := range []string{
		"/", "/trends", "/runs/" + id.escaped() + "/", "/runs/" + live.escaped() + "/", "/compare?run=" + id.String() + "&run=" + live.String(),
		"/files/" + id.escaped() + "/report.html", "/files/" + live.escaped() + "/report.html",
	} {
		t.Run(strings.Split(path, "/")[1], func(t *testing.T) {
			page := browser.Open(t, s.url+path)
			if strings.HasPrefix(path, "/runs/"+live.escaped()) {
				page.Wait("document.querySelector('.live .big')")
			}
			page.Wait("document.body.innerText.includes('<script>window.harmed=1')")
			page.Wait("window.harmed === undefined")
		})
	}
}

// A run in the simulator would be over at once: this one is slow, and on the same
// pages.
func TestLiveInABrowser(t *testing.T) {
	browser := browsertest.Start(t)
	store := t.TempDir()
	s := startSite(t, store)
	id, rest := unfinished(t, s, 0.5)
	page := browser.Open(t, s.url+"/runs/"+id.escaped()+"/")
	page.Wait("document.querySelector('.live .big') && document.querySelector('.live svg')")
	const done = "Number(document.querySelectorAll('.live .big')[2].textContent.replaceAll(',', ''))"
	before := browsertest.Eval[int](page, done)
	text := string(mustRead(t, filepath.Join(s.folder(id), harness.HistoryFile)))
	s.write(id, harness.HistoryFile, strings.TrimSuffix(text, `{"index":99,"ti`)+strings.Join(rest, ""))
	page.Wait(fmt.Sprintf("%s > %d", done, before))
	edit(t, filepath.Join(s.folder(id), harness.InfoFile), func(i *harness.Info) { i.Ended = time.Now() })
	if _, err := harness.Judge(context.Background(), s.folder(id), harness.JudgeOptions{}); err != nil {
		t.Fatal(err)
	}
	page.Wait("!document.querySelector('.live') && document.querySelector('h1 .valid')") // it has loaded itself again
}
