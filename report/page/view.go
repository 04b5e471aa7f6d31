package page

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/report/page/timeline"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

// view is what the template shows.
type view struct {
	Policy string
	Style  template.CSS
	Script template.JS

	Workload, Redis, Tool string
	Verdict               checker.Verdict
	Heading, Why          string
	Problems              []string
	Tiles                 []fact
	Command               string
	Contents              []content

	Promises                 []promiseView
	AnomaliesLead            string
	Anomalies, MoreAnomalies []*anomalyView
	Timeline                 bool
	TimelineLead             string
	Logs                     []string // what to know of each; one at least where there are logs
	Figures                  []figureView
	Faults                   []faultView
	Checks                   []checkView
	Operations               []operationView
	Extras                   []Extra
	Findings                 []string
	Parameters               []fact
	Info                     string
	Files                    []fileView
	FilesLeft                string

	packed *timeline.Timeline
	marked []timeline.Anomaly
}

// fact is a name and what it stands for.
type fact struct{ Name, Value, Note string }

type content struct{ ID, Title string }

type figureView struct {
	Figure
	ID string
}

func newView(c *Content) *view {
	info := c.Run.Info
	v := &view{Workload: info.Config.Workload, Redis: info.Redis, Tool: info.Tool, Verdict: c.Run.Verdict(), Command: info.Command}
	v.Heading, v.Why = headline(c)
	v.addAnomalies(c)
	v.addPromises(c)
	v.addTimeline(c)
	for _, f := range c.Figures {
		v.Figures = append(v.Figures, figureView{f, "figure-" + f.Name})
	}
	v.addFaults(c)
	v.addChecks(c)
	v.Extras = c.Extras
	v.addRun(c)
	v.addFiles(c)
	v.Problems = c.Run.Problems // the logs and files have added to them
	v.addContents()
	return v
}

// headline returns the verdict in a word and why in a sentence.
func headline(c *Content) (heading, why string) {
	r := c.Run.Results
	switch {
	case r == nil && c.Run.Live():
		return "not judged yet", "The run has no end: it goes on, or was cut off. What was recorded so far stands below."
	case r == nil:
		return "not judged", "Nothing has judged what was recorded."
	case r.Reason != "":
		return string(r.Verdict), sentence(r.Reason)
	case r.Verdict == checker.Valid:
		return string(r.Verdict), fmt.Sprintf("No violation was found in %s that succeeded%s.", counted(r.Ops.OK, "operation"), underFaults(r.Faults))
	}
	return string(r.Verdict), "No reason was given."
}

func underFaults(faults map[string]int) string {
	total := 0
	for _, n := range faults {
		total += n
	}
	if total == 0 {
		return "; no fault took effect"
	}
	return ", while " + counted(total, "fault") + " took effect"
}

// sentence begins with a capital and ends with a stop.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	text = string(unicode.ToUpper(first)) + text[size:]
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// counted writes a number of things: 1 fault, 2,000 operations.
func counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return svg.Count(n) + " " + thing
}

func (v *view) addTimeline(c *Content) {
	v.TimelineLead = "The history cannot be read: there is nothing to draw."
	if c.History == nil {
		return
	}
	if len(c.History.Ops) == 0 {
		v.TimelineLead = "No operation was recorded."
		return
	}
	logs := c.Run.Logs()
	for _, log := range logs {
		note := strings.TrimSpace(log.Cut + " " + log.Unaligned)
		if note != "" {
			note = log.File + ": " + note
		}
		v.Logs = append(v.Logs, note)
	}
	v.packed = timeline.New(c.History, c.Series, timeline.Options{Clients: c.Run.Info.Config.Concurrency, Anomalies: v.marked, Logs: logs})
	v.Timeline = true
	v.TimelineLead = held(v.packed.Kept())
}

// held says which operations the timeline has.
func held(k timeline.Kept) string {
	const look = "Each bar is an operation from its call to its return, each lane a client; bands are faults."
	if !k.Thinned() {
		return look + " All " + counted(k.All, "operation") + " are here."
	}
	proofs := ""
	if k.Near > 0 {
		proofs = "those that prove anomalies with those around them and on their keys, "
	}
	return fmt.Sprintf("%s Of %s the timeline holds %s: %s%s, %s, the slowest, and of the rest every so many. The strip below it, the figures and the tables count all.",
		look, counted(k.All, "operation"), svg.Count(k.Held), proofs, part(k.Unknown, k.AllUnknown, "of unknown outcome"), part(k.Failed, k.AllFailed, "that failed"))
}

func part(held, all int, what string) string {
	if held == all {
		return fmt.Sprintf("all %s %s", svg.Count(all), what)
	}
	return fmt.Sprintf("%s of %s %s", svg.Count(held), svg.Count(all), what)
}

func (v *view) addContents() {
	for _, one := range []struct {
		there bool
		content
	}{
		{len(v.Promises) > 0, content{"promises", "Promises"}},
		{len(v.Anomalies) > 0, content{"anomalies", "What went wrong"}},
		{true, content{"timeline", "Every operation"}},
		{len(v.Logs) > 0, content{"logs", "Logs"}},
		{len(v.Figures) > 0, content{"figures", "Over time"}},
		{true, content{"faults", "Faults"}},
		{len(v.Checks) > 0, content{"checks", "What was judged"}},
		{true, content{"run", "The run"}},
		{true, content{"files", "Files"}},
	} {
		if one.there {
			v.Contents = append(v.Contents, one.content)
		}
	}
}

// indented is a value as JSON for people.
func indented(value any) string {
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false) // the template does
	if err := e.Encode(value); err != nil {
		return err.Error()
	}
	return text.String()
}
