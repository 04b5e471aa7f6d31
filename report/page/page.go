package page

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker/promise"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/figure"
	"github.com/jepsen-lite/jepsen-lite/report/page/timeline"
	"github.com/jepsen-lite/jepsen-lite/report/runfolder"
	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// File is what the page is called in a run folder.
const File = "report.html"

// Content is what a page shows.
type Content struct {
	Run *runfolder.Run
	// History is nil where it cannot be read; Series then is, too.
	History *history.History
	Series  *series.Series
	// Figures are shown in their order.
	Figures []Figure
	// Promises are in the order of the table; empty: nothing is known of any.
	Promises []promise.Promise
	// Extras are other files to link to, such as porcupine's picture.
	Extras []Extra
}

// Figure is a picture to show.
type Figure struct {
	// Name is that of its file, without .svg.
	Name, Title, Caption string
	Drawn
}

// Drawn is a picture for a page: elements as [svg.Drawing.Inline] makes them, of
// which the page shows the one that fits.
type Drawn struct{ Wide, Narrow template.HTML }

// Draw draws a picture for a page, with an ID that no other in the page has.
func Draw(id string, draw func(figure.Options) *svg.Drawing) Drawn {
	// What a drawing holds is escaped: see svg.
	return Drawn{
		Wide:   template.HTML(draw(figure.Options{ID: id}).Inline()),
		Narrow: template.HTML(draw(figure.Options{ID: id + "-narrow", Width: narrow}).Inline()),
	}
}

// narrow is the width of a picture on a phone, in pixels.
const narrow = 368

// File returns the name of its file.
func (f Figure) File() string { return f.Name + ".svg" }

// Extra is a file beside the page, and what it is.
type Extra struct{ File, What string }

// Assets in the order in which they stand in the page.
//
//go:embed assets
var assets embed.FS

func scripts() []string {
	return []string{"unpack.js", "view.js", "draw.js", "pointer.js", "logs.js", "page.js"}
}

// Write writes the page. Problems of the run must be complete by then.
func Write(w io.Writer, c Content) error {
	pages, err := template.ParseFS(assets, "assets/page.html")
	if err != nil {
		return fmt.Errorf("read page: %w", err)
	}
	script, err := script()
	if err != nil {
		return err
	}
	style, err := assets.ReadFile("assets/page.css")
	if err != nil {
		return fmt.Errorf("read page: %w", err)
	}
	v := newView(&c)
	v.Script = template.JS(script)
	v.Style = template.CSS(variables() + svg.Rules() + string(style))
	v.Policy = policy(script)
	if err := pages.ExecuteTemplate(w, "top", v); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	if v.Timeline {
		if err := writePacked(w, v.packed); err != nil {
			return err
		}
	}
	if err := pages.ExecuteTemplate(w, "bottom", v); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}

// writePacked writes the timeline. It is base64, in which nothing can end the
// element or be code.
func writePacked(w io.Writer, t *timeline.Timeline) error {
	if _, err := io.WriteString(w, `<script type="text/plain" id="packed">`); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	if err := t.Pack(w); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "</script>"); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}

// script returns the scripts as one, whose names are no one else's.
func script() (string, error) {
	var all strings.Builder
	all.WriteString("(() => {\n\"use strict\";\n")
	for _, name := range scripts() {
		text, err := assets.ReadFile("assets/" + name)
		if err != nil {
			return "", fmt.Errorf("read page: %w", err)
		}
		all.Write(text)
	}
	all.WriteString("})();\n")
	return all.String(), nil
}

// policy allows the page its own script and style, and nothing else: no other
// script, nothing from any network.
func policy(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// variables defines the theme's colours for light and dark, whichever the reader
// prefers or has switched to.
func variables() string {
	var css strings.Builder
	css.WriteString(":root{")
	for _, s := range svg.Theme() {
		fmt.Fprintf(&css, "--%s:light-dark(%s,%s);", s.Name, s.Light, s.Dark)
	}
	css.WriteString("}\n")
	return css.String()
}
