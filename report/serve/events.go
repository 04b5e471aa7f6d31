package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"time"
)

const (
	// writeTimeout is how long a viewer may take to read an update.
	writeTimeout = 10 * time.Second
	// aliveEvery is how often a stream says that it is there, if nothing else.
	aliveEvery = 10 * time.Second
)

// live is what the page of a run shows while the run goes on.
type live struct {
	moment
	Share   int // of the time limit, in percent
	Rate    any
	Faults  []liveFault
	Earlier int // faults that are not listed
	Active  int
	// Wide and Narrow are the same picture, for a screen and a telephone.
	Wide, Narrow template.HTML
}

type liveFault struct {
	What, Where string
	From, To    int64
	Goes        bool // it was not healed yet
}

// events sends how a run stands until it is over, as server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html): "moment" with
// JSON text that is HTML, and at last "over".
func (p *pages) events(w http.ResponseWriter, r *http.Request) {
	d, ok := p.requested(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodHead {
		return
	}
	updates, leave, ok := p.tails.join(d.ID)
	if !ok {
		http.Error(w, "Too many look at runs at this time.", http.StatusServiceUnavailable)
		return
	}
	defer leave()
	alive := time.NewTicker(aliveEvery)
	defer alive.Stop()
	var last []byte
	for {
		var text string
		over := false
		select {
		case <-r.Context().Done():
			return
		case <-alive.C:
			text = ": alive\n\n"
		case u, more := <-updates:
			if more && !bytes.Equal(u.text, last) {
				text, last = event("moment", u.text), u.text
			}
			if over = !more || u.over; over {
				text += event("over", nil)
			}
		}
		if text != "" && !stream(w, text) || over {
			return
		}
	}
}

// firstWait is how long the page of a run waits for how the run stands.
const firstWait = time.Second

// first returns how a run stands, as a part of its page; empty where that is not soon
// known.
func (p *pages) first(id runID) template.HTML {
	updates, leave, ok := p.tails.join(id)
	if !ok {
		return ""
	}
	defer leave()
	select {
	case u := <-updates:
		return template.HTML(u.text) // made by our template, which escapes
	case <-time.After(firstWait):
		return ""
	}
}

// event is one of a stream. As JSON, its text is one line whatever it holds.
func event(name string, text []byte) string {
	line, _ := json.Marshal(string(text)) // cannot fail for a string
	return fmt.Sprintf("event: %s\ndata: %s\n\n", name, line)
}

// stream sends a part of a stream at once, and reports whether it could.
func stream(w http.ResponseWriter, text string) bool {
	to := http.NewResponseController(w)
	_ = to.SetWriteDeadline(time.Now().Add(writeTimeout)) // a writer of tests has none
	defer to.SetWriteDeadline(time.Time{})                // the connection may serve more
	if _, err := w.Write([]byte(text)); err != nil {
		return false
	}
	return to.Flush() == nil
}

// shownFaults is how many faults are listed, the newest.
const shownFaults = 8

// fragment draws the moving part of a run's page.
func (p *pages) fragment(m moment) ([]byte, error) {
	s := m.Tally.series()
	l := live{moment: m, Rate: m.Tally.rate(), Wide: throughput(s, "wide", wide), Narrow: throughput(s, "narrow", narrow)}
	if limit := int64(m.Run.Info.Config.TimeLimit); limit > 0 {
		l.Share = int(min(100, 100*s.End/limit))
	}
	for i := len(s.Faults) - 1; i >= 0; i-- {
		f := s.Faults[i]
		goes := !f.Healed && m.Run.State == Running
		if goes {
			l.Active++
		}
		if len(l.Faults) < shownFaults || goes {
			what := f.Call
			if what == "" {
				what = f.Name
			}
			l.Faults = append(l.Faults, liveFault{what, f.Where, f.From, f.To, goes})
		} else {
			l.Earlier++
		}
	}
	var html bytes.Buffer
	err := p.template.ExecuteTemplate(&html, "live", l)
	return html.Bytes(), err
}
