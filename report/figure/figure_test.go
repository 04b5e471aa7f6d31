package figure

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/series"
	"github.com/jepsen-lite/jepsen-lite/report/svg"
)

var update = flag.Bool("update", false, "write the golden files")

// written is a text of a drawing with the box that it takes.
type written struct {
	text                     string
	left, right, top, bottom float64
}

// texts reads back what a drawing says; it fails where that is no XML.
func texts(t failer, file []byte) (all []written) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(file))
	var open *written
	var anchor string
	var look svg.Type
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, file)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local != "text" {
				continue
			}
			attribute := map[string]string{}
			for _, a := range e.Attr {
				attribute[a.Name.Local] = a.Value
			}
			x, y := number(t, attribute["x"]), number(t, attribute["y"])
			look = svg.Type{Size: number(t, attribute["font-size"]), Bold: attribute["font-weight"] == "bold"}
			anchor = attribute["text-anchor"]
			open = &written{left: x, top: y - 0.72*look.Size, bottom: y + 0.1*look.Size}
		case xml.CharData:
			if open != nil {
				open.text += string(e)
			}
		case xml.EndElement:
			if open == nil || e.Name.Local != "text" {
				continue
			}
			width := svg.Width(open.text, look)
			open.left -= map[string]float64{"": 0, "middle": width / 2, "end": width}[anchor]
			open.right = open.left + width
			if look.Size < 9 {
				t.Fatalf("%q is written in %v px", open.text, look.Size)
			}
			all = append(all, *open)
			open = nil
		}
	}
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func number(t failer, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return x
}

// checkReadable fails where texts are in each other's way or beyond the edges.
func checkReadable(t failer, d *svg.Drawing) {
	t.Helper()
	all := texts(t, d.File())
	const slack = 1.5
	for i, a := range all {
		if a.left < -slack || a.right > d.Size.Width+slack || a.top < -slack || a.bottom > d.Size.Height+slack {
			t.Fatalf("%q at %.1f–%.1f, %.1f–%.1f is not within %v", a.text, a.left, a.right, a.top, a.bottom, d.Size)
		}
		for _, b := range all[:i] {
			if a.left < b.right-slack && b.left < a.right-slack && a.top < b.bottom-slack && b.top < a.bottom-slack {
				t.Fatalf("%q (%.1f–%.1f, %.1f) lies on %q (%.1f–%.1f, %.1f)", a.text, a.left, a.right, a.bottom, b.text, b.left, b.right, b.bottom)
			}
		}
	}
}

// drawRun draws a run of any shape.
func drawRun(t *rapid.T) *series.Series {
	h := &history.History{Ended: true}
	now := int64(0)
	most := rapid.SampledFrom([]int64{1e3, 1e6, 1e9, 60e9}).Draw(t, "scale")
	for i := range rapid.IntRange(0, 150).Draw(t, "operations") {
		now += rapid.Int64Range(0, most).Draw(t, "pause")
		op := history.Op{
			F: rapid.SampledFrom([]string{"read", "write", "<script>", "a-very-long-name-of-an-operation", "e", "f", "g", "h", "i", "j"}).Draw(t, "f"), Call: now, Return: history.Never,
			Outcome: rapid.SampledFrom([]history.Type{history.OK, history.OK, history.OK, history.Fail, history.Info}).Draw(t, "outcome"),
			Process: history.Process(i), Invoked: 2 * i, Completed: 2*i + 1,
		}
		if took := rapid.Int64Range(0, most).Draw(t, "took"); op.Outcome != history.Info {
			op.Return = now + took
		} else {
			op.GaveUp = now + took
		}
		h.Ops = append(h.Ops, op)
	}
	names := rapid.SampledFrom([][]string{{"kill"}, {"kill", "pause", "restart"}, {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"}, {"a-fault-with-a-name-longer-than-any"}}).Draw(t, "names")
	var incidents []checker.Incident
	at := int64(0)
	for range rapid.SampledFrom([]int{0, 1, 5, 13, 200}).Draw(t, "faults") {
		at += rapid.Int64Range(0, most).Draw(t, "wait")
		x := checker.Incident{TimeNS: at, F: rapid.SampledFrom(names).Draw(t, "fault"), Where: "n1"}
		incidents = append(incidents, x)
		if rapid.Bool().Draw(t, "healed") {
			at += rapid.Int64Range(0, most).Draw(t, "lasts")
			incidents = append(incidents, checker.Incident{TimeNS: at, F: "healing", Heals: x.F, Where: "n1"})
		}
	}
	return series.Of(h, incidents)
}

func TestFiguresOfAnyRunAreReadable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawRun(t)
		o := Options{Width: rapid.SampledFrom([]float64{0, 360, 1100}).Draw(t, "width")}
		for _, draw := range []func(*series.Series, Options) *svg.Drawing{Latency, Throughput, Histogram, Availability} {
			checkReadable(t, draw(s, o))
		}
	})
}

// drawProof draws a proof of any shape.
func drawProof(t *rapid.T) Proof {
	p := Proof{Type: "lost-write", Key: rapid.SampledFrom([]string{"", "k1", "<script>", strings.Repeat("k", 10_000)}).Draw(t, "key"), Broken: -1}
	processes := rapid.SampledFrom([]int{1, 2, 5, 60, 70}).Draw(t, "processes")
	free := make([]int64, processes)
	now := int64(0)
	for i := range rapid.IntRange(1, 90).Draw(t, "operations") {
		now += rapid.SampledFrom([]int64{0, 1, 1e3, 1e6, 20e9}).Draw(t, "pause")
		process := rapid.IntRange(0, processes-1).Draw(t, "process")
		now = max(now, free[process])
		op := Operation{Index: i, Process: process, Call: now, Return: now + rapid.Int64Range(0, 3e6).Draw(t, "took"), Outcome: history.OK,
			Text: rapid.SampledFrom([]string{"read → 7", "read → <script>", "write(1) → " + strings.Repeat("7", 10_000), "cas([1,2]) → ?", "r"}).Draw(t, "text")}
		if free[process] = op.Return + 1; rapid.IntRange(0, 5).Draw(t, "unknown") == 0 && free[process] < history.Never/2 {
			op.Outcome, op.Return, free[process] = history.Info, history.Never, now+1
		}
		p.Operations = append(p.Operations, op)
		if op.Return != history.Never && (p.Broken < 0 || op.Return >= p.Operations[p.Broken].Return) {
			p.Broken = i
		}
	}
	if p.Broken >= 0 && rapid.Bool().Draw(t, "ordered") {
		p.Start = "null"
		for i := range min(len(p.Operations), 8) {
			p.Order = append(p.Order, Step{i, strings.Repeat("state ", i*i)})
		}
	}
	return p
}

func TestWitnessesOfAnyShapeAreReadable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProof(t)
		faults := drawRun(t)
		p.faults(faults)
		checkReadable(t, Witness(p, Options{Width: rapid.SampledFrom([]float64{0, 360, 1100}).Draw(t, "width")}))
	})
}

func TestBrokenAxisKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProof(t)
		a := NewAxis(p.Operations, 80, 700, cutWidth)
		from, to := p.span()
		last := a.At(from)
		for range 30 {
			from += rapid.Int64Range(0, max(1, (to-from)/4)).Draw(t, "step")
			x := a.At(from)
			if x < last || x < 80 || x > 700.001 {
				t.Fatalf("%d is drawn at %v, after %v", from, x, last)
			}
			last = x
		}
	})
}

// story is a hand-drawn violation: the write of 1 is lost when the server is killed.
//
//	process 0  write(1) ok ├──┤
//	process 1                        write(2) ?  ├─────────
//	process 2                                              read → null ├─┤
//	kill                     ▓▓▓▓▓▓▓▓▓▓▓
func story() (*history.History, *series.Series, checker.Result) {
	ops := []history.Op{
		{Process: 0, F: "write", Key: "r", Input: history.Int(1), Output: history.Int(1), Call: 1e9, Return: 1e9 + 800e3, Outcome: history.OK, Invoked: 0, Completed: 1},
		{Process: 1, F: "write", Key: "r", Input: history.Int(2), Call: 4e9, Return: history.Never, GaveUp: 5e9, Outcome: history.Info, Invoked: 2, Completed: 3},
		{Process: 2, F: "read", Key: "r", Input: history.NullValue, Output: history.NullValue, Call: 5e9, Return: 5e9 + 500e3, Outcome: history.OK, Invoked: 4, Completed: 5},
	}
	h := &history.History{Ops: ops, Ended: true}
	s := series.Of(h, []checker.Incident{{TimeNS: 2e9, F: "kill", Where: "n1"}, {TimeNS: 3e9, F: "start", Heals: "kill", Where: "n1"}})
	found := checker.Result{Model: "register", Anomalies: []checker.Anomaly{{Type: "lost-write", Key: "r", Ops: []int{0, 2, 4},
		Witness: []checker.WitnessOp{{Index: 0, Operation: "write(1) → 1", CallNS: 1e9, ReturnNS: 1e9 + 800e3}}}}}
	return h, s, found
}

func TestProofHasTheOrderOfTheRest(t *testing.T) {
	h, s, found := story()
	p := ProofOf(h, s, found, found.Anomalies[0])
	got := fmt.Sprintln(p.Start, p.Broken, p.Order, len(p.Faults), p.Operations[0].Text, p.Operations[1].Text)
	if want := "null 2 [{0 1}] 1 write(1) → 1 write(2) → ?\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	legal := found
	legal.Anomalies = []checker.Anomaly{{Type: "x", Ops: []int{0, 99}}}
	if p := ProofOf(h, s, legal, legal.Anomalies[0]); p.Order != nil || len(p.Operations) != 1 {
		t.Errorf("of what the model allows: %+v", p)
	}
	if p := ProofOf(&history.History{}, s, found, found.Anomalies[0]); len(p.Operations) != 1 || p.Operations[0].Text != "write(1) → 1" || p.Order != nil {
		t.Errorf("of what only the witness has: %+v", p)
	}
	if p := ProofOf(h, s, checker.Result{}, checker.Anomaly{Type: "lost", Ops: []int{0}}); p.Broken != -1 {
		t.Errorf("of one operation and no model: %+v", p)
	}
}

func TestWitnessFile(t *testing.T) {
	h, s, found := story()
	got := Witness(ProofOf(h, s, found, found.Anomalies[0]), Options{ID: "story"}).File()
	path := filepath.Join("testdata", "witness.svg")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs: look at it, and run with -update if it is right", path)
	}
}

func TestNothingIsDrawnOfNothing(t *testing.T) {
	s := series.Of(&history.History{}, nil)
	for _, c := range []struct {
		drawing *svg.Drawing
		says    string
	}{
		{Latency(s, Options{}), "no operations"}, {Throughput(s, Options{}), "no operation ended"},
		{Histogram(s, Options{}), "no operation succeeded"}, {Availability(s, Options{}), "no fault took effect"},
		{Witness(Proof{}, Options{}), "no operation of this anomaly"},
	} {
		if !strings.Contains(string(c.drawing.File()), c.says) {
			t.Errorf("it does not say %q", c.says)
		}
	}
}
