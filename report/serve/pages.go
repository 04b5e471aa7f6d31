package serve

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"time"

	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

//go:embed assets
var assets embed.FS

// pages answers requests for the pages of a store.
type pages struct {
	store      *store
	template   *template.Template
	tails      *tails
	happenings *happenings
	reports    *reports
}

func newPages(s *store) *pages {
	p := &pages{store: s, happenings: &happenings{store: s}}
	p.reports = &reports{happenings: p.happenings}
	p.template = template.Must(template.New("").Funcs(functions()).ParseFS(assets, "assets/*.html"))
	p.tails = newTails(s, p.fragment)
	return p
}

// close ends what goes on, and closes the store.
func (p *pages) close() {
	p.tails.close()
	_ = p.store.close() // it was only read
}

func (p *pages) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.list)
	mux.HandleFunc("GET /latest", p.latest)
	mux.HandleFunc("GET /runs/{workload}/{name}/{$}", p.run)
	mux.HandleFunc("GET /runs/{workload}/{name}/events", p.events)
	mux.HandleFunc("GET /runs/{workload}/{name}/{picture}", p.picture)
	mux.HandleFunc("GET /zip/{workload}/{name}", p.archive)
	mux.HandleFunc("GET /files/{workload}/{name}/{path...}", p.file)
	mux.HandleFunc("GET /compare", p.compare)
	mux.HandleFunc("GET /trends", p.trends)
	mux.HandleFunc("GET /assets/{name}", p.asset)
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) { // of reports, which name none
		http.Redirect(w, r, "/assets/icon.svg", http.StatusSeeOther)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { p.refuse(w, errNoPage) })
	return mux
}

// problem is an error that a page shows.
type problem struct {
	Status int
	Title  string
	Advice string
}

func (e *problem) Error() string { return e.Title }

var (
	errNoPage = &problem{http.StatusNotFound, "There is no such page.", "All runs are on the first page."}
	errNoRun  = &problem{http.StatusNotFound, "There is no such run in this store.", "It may have been removed since. All runs are on the first page."}
	errNoFile = &problem{http.StatusNotFound, "There is no such file in this run's folder.", "Files outside the folder are never shown, nor what a link in it leads to out there."}
)

// refuse answers with an error as a page.
func (p *pages) refuse(w http.ResponseWriter, err error) {
	var shown *problem
	switch {
	case errors.As(err, &shown):
	case errors.Is(err, context.Canceled):
		return // nobody waits for it any more
	case errors.Is(err, fs.ErrNotExist):
		shown = errNoRun
	case errors.Is(err, fs.ErrPermission):
		shown = &problem{http.StatusForbidden, "This may not be read.", fmt.Sprintf("The user that runs the server has no leave to: %v.", err)}
	default:
		shown = &problem{http.StatusInternalServerError, "This could not be shown.", err.Error()}
	}
	p.show(w, shown.Status, "problem.html", shown.Title, shown)
}

// view is what every page has.
type view struct {
	Title string
	Store string
	Here  string // the template
	Data  any
}

// show answers with a page, whole or not at all.
func (p *pages) show(w http.ResponseWriter, status int, name, title string, data any) {
	var page bytes.Buffer
	if err := p.template.ExecuteTemplate(&page, name, view{title, p.store.dir, name, data}); err != nil {
		http.Error(w, fmt.Sprintf("The page could not be made: %v", err), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // the client went away
}

// requested returns the run that a request's path names; having none it refuses.
func (p *pages) requested(w http.ResponseWriter, r *http.Request) (*digest, bool) {
	id, ok := parseID(r.PathValue("workload"), r.PathValue("name"))
	if !ok {
		p.refuse(w, errNoRun)
		return nil, false
	}
	d, err := p.store.digestOf(id)
	if err != nil {
		p.refuse(w, err)
		return nil, false
	}
	return d, true
}

// asset answers with a style or a script.
func (p *pages) asset(w http.ResponseWriter, r *http.Request) {
	var text []byte
	var err error
	kind := "text/css; charset=utf-8"
	switch name := r.PathValue("name"); name {
	case "theme.css": // that of the pictures
		text = []byte(svg.Variables() + svg.Rules())
	case "icon.svg":
		kind = "image/svg+xml"
		text, err = fs.ReadFile(assets, "assets/"+name)
	case "serve.css":
		text, err = fs.ReadFile(assets, "assets/"+name)
	case "serve.js":
		kind = "text/javascript; charset=utf-8"
		text, err = fs.ReadFile(assets, "assets/"+name)
	default:
		err = errNoPage
	}
	if err != nil {
		p.refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", kind)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
}
