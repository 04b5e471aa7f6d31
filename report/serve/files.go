package serve

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// folder is the page of what a folder of a run holds.
type folder struct {
	Run   *digest
	Path  string // within the run's folder, empty: itself
	Trail []link
	Files []fileEntry
}

type link struct{ Name, URL string }

type fileEntry struct {
	Name, URL string
	Folder    bool
	Size      int64
	Modified  time.Time
}

// file answers with a file of a run's folder, or with what a folder in it holds.
func (p *pages) file(w http.ResponseWriter, r *http.Request) {
	d, ok := p.requested(w, r)
	if !ok {
		return
	}
	name := strings.TrimSuffix(r.PathValue("path"), "/")
	if name == reportFile {
		p.report(w, r, d)
		return
	}
	root, err := p.store.open(d.ID)
	if err != nil {
		p.refuse(w, err)
		return
	}
	defer root.Close()
	f, info, err := openInside(root, name)
	if errors.Is(err, fs.ErrNotExist) && p.drawn(w, r, d.ID, name) {
		return
	}
	if err != nil {
		p.refuse(w, errNoFile)
		return
	}
	defer f.Close()
	if info.IsDir() {
		p.folder(w, r, d, name, f)
		return
	}
	serveFile(w, r, f, info)
}

// openInside opens what is at a path that a request named. Whatever is not inside
// the root is not there: a path that is none, one that leads up, and a link that
// leads out, which [os.Root] refuses.
func openInside(root *os.Root, name string) (*os.File, fs.FileInfo, error) {
	if name == "" {
		name = "."
	}
	if !fs.ValidPath(name) || strings.ContainsAny(name, "\\\x00") {
		return nil, nil, fmt.Errorf("open %q: %w", name, fs.ErrInvalid)
	}
	return openRegular(root, name)
}

// serveFile answers with a file as what it is without harm: text as text, whatever
// its name says, pictures and pages without this site's rights, the rest to be saved.
func serveFile(w http.ResponseWriter, r *http.Request, f *os.File, info fs.FileInfo) {
	head := make([]byte, 8<<10)
	n, err := io.ReadFull(f, head)
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		http.Error(w, "The file cannot be read: "+err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", filePolicy)
	switch text := isText(head[:n]); {
	case text && path.Ext(info.Name()) == ".svg":
		h.Set("Content-Type", "image/svg+xml")
	case text && path.Ext(info.Name()) == ".html":
		h.Set("Content-Security-Policy", reportPolicy)
		h.Set("Content-Type", "text/html; charset=utf-8")
	case text:
		h.Set("Content-Type", "text/plain; charset=utf-8")
	default:
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", disposition(info.Name()))
	}
	h.Set("ETag", tag(stamp{info.ModTime(), info.Size()}))
	http.ServeContent(w, r, "", info.ModTime(), f)
}

// tag tells a browser whether what it has is still so. The time alone would not: HTTP
// knows seconds, in which a file may change many times.
func tag(of ...stamp) string {
	var text strings.Builder
	for _, s := range of {
		fmt.Fprintf(&text, "%x.%x.", s.modified.UnixNano(), s.size)
	}
	return strconv.Quote(text.String())
}

// disposition makes a browser save what it gets under that name.
func disposition(name string) string {
	return "attachment; filename*=UTF-8''" + url.PathEscape(name)
}

// isText reports whether a file that begins with head is text.
func isText(head []byte) bool {
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		if r == 0 || r == utf8.RuneError && n == 1 && utf8.FullRune(head[i:]) {
			return false
		}
		i += n
	}
	return true
}

// folder shows what a folder holds.
func (p *pages) folder(w http.ResponseWriter, r *http.Request, d *digest, name string, f *os.File) {
	if !strings.HasSuffix(r.URL.Path, "/") {
		http.Redirect(w, r, fileURL(d.ID, name)+"/", http.StatusSeeOther)
		return
	}
	entries, err := f.ReadDir(-1)
	if err != nil {
		p.refuse(w, err)
		return
	}
	view := folder{Run: d, Path: name}
	if name == "" && !hasReport(entries) {
		view.Files = append(view.Files, fileEntry{Name: reportFile + " (made when it is opened)", URL: fileURL(d.ID, reportFile), Size: -1})
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !e.IsDir() && !e.Type().IsRegular() {
			continue // removed since, or nothing to be read: a link, a socket
		}
		entry := fileEntry{Name: e.Name(), URL: fileURL(d.ID, path.Join(name, e.Name())), Folder: e.IsDir(), Size: info.Size(), Modified: info.ModTime()}
		if e.IsDir() {
			entry.URL += "/"
		}
		view.Files = append(view.Files, entry)
	}
	sortFiles(view.Files)
	at := ""
	for part := range strings.SplitSeq(name, "/") {
		if part == "" {
			continue
		}
		at = path.Join(at, part)
		view.Trail = append(view.Trail, link{part, fileURL(d.ID, at) + "/"})
	}
	p.show(w, http.StatusOK, "folder.html", "Files of "+d.ID.String(), view)
}

// fileURL is where a file of a run's folder is; the folder itself where it is empty.
func fileURL(id runID, name string) string {
	all := "/files/" + id.escaped()
	for part := range strings.SplitSeq(name, "/") {
		if part != "" {
			all += "/" + url.PathEscape(part)
		}
	}
	return all
}

// hasReport reports whether a run's folder has its report.
func hasReport(entries []fs.DirEntry) bool {
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == reportFile })
}

// sortFiles puts folders last, and orders by name.
func sortFiles(files []fileEntry) {
	slices.SortFunc(files, func(a, b fileEntry) int {
		if a.Folder != b.Folder {
			if a.Folder {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.Name, b.Name)
	})
}
