package paper

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
)

// JUnit has no schema of its own that everybody keeps. This is what Jenkins, GitLab
// and GitHub's actions read alike: the elements below, a name that no other test case
// has (GitLab drops the second of two), and the message both as an attribute (Jenkins)
// and as text (GitLab).
type (
	suites struct {
		XMLName  xml.Name `xml:"testsuites"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Skipped  int      `xml:"skipped,attr"`
		Time     string   `xml:"time,attr"`
		Suites   []suite  `xml:"testsuite"`
	}
	suite struct {
		Name       string     `xml:"name,attr"`
		Tests      int        `xml:"tests,attr"`
		Failures   int        `xml:"failures,attr"`
		Errors     int        `xml:"errors,attr"`
		Skipped    int        `xml:"skipped,attr"`
		Time       string     `xml:"time,attr"`
		Timestamp  string     `xml:"timestamp,attr,omitempty"`
		Properties []property `xml:"properties>property"`
		Cases      []testCase `xml:"testcase"`
	}
	property struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	testCase struct {
		Class   string  `xml:"classname,attr"`
		Name    string  `xml:"name,attr"`
		Time    string  `xml:"time,attr"`
		Failure *remark `xml:"failure"`
		Error   *remark `xml:"error"`
		Skipped *remark `xml:"skipped"`
	}
	remark struct {
		Type    string `xml:"type,attr,omitempty"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes a suite a run and a test case a check. A violation is a failure,
// a run that could not do its part an error. What was not decided is skipped, also
// where a check found nothing wrong in a run that proved nothing: it has not passed.
// What XML cannot have at all the encoder replaces.
func writeJUnit(w io.Writer, d *Document) error {
	all := suites{Name: "jepsen-lite"}
	total := int64(0)
	names := map[string]int{}
	for i := range d.Study.Runs {
		s := suiteOf(&d.Study.Runs[i])
		distinguish(s.Cases, names)
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
		all.Skipped += s.Skipped
		all.Suites = append(all.Suites, s)
		total += d.Study.Runs[i].DurationNS
	}
	all.Time = seconds(total)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func seconds(ns int64) string { return fmt.Sprintf("%.3f", float64(ns)/1e9) }

func suiteOf(r *Run) suite {
	s := suite{Name: r.Workload + " " + r.Label, Time: seconds(r.DurationNS)}
	if !r.Started.IsZero() {
		s.Timestamp = r.Started.UTC().Format("2006-01-02T15:04:05")
	}
	s.Properties = []property{
		{"verdict", string(r.Verdict)}, {"seed", fmt.Sprint(r.Seed)}, {"configuration", r.Configuration}, {"faults", planText(r.info.Config)},
		{"servers", r.info.Redis}, {"folder", r.Folder}, {"command", r.Command}, {"sha256", r.SHA256},
		{"ok", fmt.Sprint(r.Ops.OK)}, {"fail", fmt.Sprint(r.Ops.Fail)}, {"info", fmt.Sprint(r.Ops.Info)},
	}
	s.Cases = casesOf(r)
	for _, c := range s.Cases {
		s.Tests++
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
	return s
}

func casesOf(r *Run) (cases []testCase) {
	empty := emptiness(r.info, r.checks)
	// Why not the run's label: names are compared with those of the last pipeline.
	conditions := strings.Join(slices.DeleteFunc([]string{r.info.Config.Topology, r.info.Config.Persistence, planText(r.info.Config), fmt.Sprint("seed ", r.Seed)},
		func(s string) bool { return s == "" }), ", ")
	named := func(name string) testCase {
		return testCase{Class: "jepsen-lite." + r.Workload, Name: name + " (" + conditions + ")"}
	}
	if r.Error != "" {
		c := named("run")
		c.Error = because("target-or-harness", r.Error)
		cases = append(cases, c)
	}
	for _, x := range r.judged() {
		c := named(x.Name)
		c.Time = seconds(x.DurationNS)
		switch {
		case x.Verdict == checker.Invalid:
			c.Failure = violation(x)
		case x.Verdict != checker.Valid:
			c.Skipped = because("", "not decided: "+x.Reason)
		case empty != "":
			c.Skipped = because("", "not decided: "+empty)
		}
		cases = append(cases, c)
	}
	return cases
}

// distinguish numbers test cases that have the name of an earlier one.
func distinguish(cases []testCase, seen map[string]int) {
	for i := range cases {
		name := cases[i].Class + " " + cases[i].Name
		if seen[name]++; seen[name] > 1 {
			cases[i].Name += fmt.Sprint(" ", seen[name])
		}
	}
}

// judged returns the checks that judge something; of a run that nobody has judged
// those that would.
func (r *Run) judged() (all []checker.Result) {
	checks := r.checks
	if checks == nil {
		checks = unjudged(r.info)
	}
	for _, c := range checks {
		if base(c.Name) != "stats" {
			all = append(all, c)
		}
	}
	return all
}

// violation says what a check found, with the operations that prove it.
func violation(c checker.Result) *remark {
	r := &remark{Type: "violation", Message: "violated"}
	var lines []string
	for i, a := range c.Anomalies {
		if i == 0 {
			r.Type, r.Message = a.Type, a.Explanation
		}
		lines = append(lines, a.Type+" "+a.Key+": "+a.Explanation)
		for _, op := range a.Witness {
			lines = append(lines, fmt.Sprintf("  %d  process %d  %s", op.Index, op.Process, shorten(op.Operation, 200)))
		}
	}
	r.Text = strings.Join(lines, "\n")
	return r
}

func because(kind, reason string) *remark { return &remark{kind, reason, reason} }
