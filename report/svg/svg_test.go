package svg

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// wellFormed returns the text of the elements, or why this is no XML.
func wellFormed(text []byte) (texts []string, err error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts, nil
		}
		if err != nil {
			return nil, err
		}
		if t, ok := token.(xml.CharData); ok {
			texts = append(texts, string(t))
		}
	}
}

func drawAnything(text string, x float64) *Drawing {
	d := New(text, Size{Width: 100, Height: x})
	d.Describe(text)
	d.Titled(text, func() {
		d.Text(Point{X: x, Y: 2}, text, Type{Bold: true, Anchor: Middle})
		d.Rect(Box{Width: x, Height: 5, Radius: 2}, Style{Fill: Info, Texture: Dots, Stroke: Ink, Dash: text})
		d.Path(new(Path).Move(Point{x, x}).Line(Point{1, x}).Close(), Style{Stroke: OK})
	})
	return d
}

func FuzzWritesWellFormedXML(f *testing.F) {
	for _, text := range []string{"dequeue → 7", "<script>alert(1)</script>", `"&'`, "]]>", "a\x00\x1b\xff\ufffe", "\r\n\t"} {
		f.Add(text, 1.5)
	}
	f.Add("", math.NaN())
	f.Fuzz(func(t *testing.T, text string, x float64) {
		d := drawAnything(text, x)
		for _, out := range [][]byte{d.File(), []byte(d.Inline())} {
			texts, err := wellFormed(out)
			if err != nil {
				t.Fatalf("%v:\n%s", err, out)
			}
			if want := plain(text); want != "" && !slices.Contains(texts, want) {
				t.Fatalf("%q is not in %q", want, texts)
			}
		}
	})
}

// plain is what of a text XML can hold.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0xfffe, r == 0xffff:
			return utf8.RuneError
		}
		return r
	}, text)
}

func TestTextsFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, width := rapid.String().Draw(t, "text"), rapid.Float64Range(0, 200).Draw(t, "width")
		fitted := Fit(text, width, Type{Size: 11})
		if fitted != text && !strings.HasSuffix(fitted, "…") && fitted != "" {
			t.Fatalf("%q became %q", text, fitted)
		}
		if w := Width(fitted, Type{Size: 11}); w > width+1e-6 {
			t.Fatalf("%q is %.1f wide, more than %.1f", fitted, w, width)
		}
	})
	if fitted := Fit(strings.Repeat("x", 1<<20), 50, Type{}); len(fitted) > 20 {
		t.Errorf("a long text became %q", fitted)
	}
}

func TestScales(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(0.001, 1e12).Draw(t, "low")
		high := low * rapid.Float64Range(1, 1e6).Draw(t, "times")
		for _, s := range []Scale{Linear{low, high, 40, 700}, Logarithmic{low, high, 300, 10}} {
			most := rapid.IntRange(1, 12).Draw(t, "most")
			ticks := s.Ticks(most)
			if len(ticks) == 0 || len(ticks) > max(most+1, 1) || !slices.IsSorted(ticks) {
				t.Fatalf("%+v has the ticks %v of %d", s, ticks, most)
			}
			v := low + (high-low)*rapid.Float64Range(0, 1).Draw(t, "part")
			if at := s.At(v); at < 10 || at > 700 || math.IsNaN(at) {
				t.Fatalf("%+v puts %v on %v", s, v, at)
			}
		}
	})
}

func TestTicksAreRound(t *testing.T) {
	for _, c := range []struct {
		scale Scale
		want  []float64
	}{
		{Linear{0, 24, 0, 1}, []float64{0, 5, 10, 15, 20}},
		{Linear{0, 1, 0, 1}, []float64{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1}},
		{Linear{3, 3, 0, 1}, []float64{3}},
		{Logarithmic{1e3, 1e9, 0, 1}, []float64{1e3, 1e5, 1e7, 1e9}},
		{Logarithmic{150, 900, 0, 1}, []float64{200, 500}},
	} {
		if got := c.scale.Ticks(5); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.scale, got, c.want)
		}
	}
}

func TestTimeTicks(t *testing.T) {
	for end, want := range map[float64]string{
		0: "0 s", 24e9: "0 s, 5 s, 10 s, 15 s, 20 s", 165e9: "0 min, 1 min, 2 min", 120e9: "0 min, 30 s, 1 min, 1 min 30 s, 2 min",
		7200e9: "0 min, 30 min, 1 h, 1 h 30 min, 2 h", 400 * 3600e9: "0 min, 100 h, 200 h, 300 h, 400 h",
	} {
		var labels []string
		for _, tick := range TimeTicks(end, 5) {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, ", "); got != want {
			t.Errorf("%v: %s, want %s", end, got, want)
		}
	}
}

func TestAmountsAreWrittenForPeople(t *testing.T) {
	for ns, want := range map[float64]string{
		0: "0 s", 850: "850 ns", 1e3: "1 µs", 1042311: "1.04 ms", 999.9e6: "1 s", 12.34e9: "12.3 s", -5e6: "−5 ms",
		200e9: "3 min 20 s", 7200e9: "2 h", 5400e9: "90 min", 90000e9: "25 h",
	} {
		if got := Duration(ns); got != want {
			t.Errorf("%v ns: %q, want %q", ns, got, want)
		}
	}
	for share, want := range map[float64]string{0: "0 %", 1: "100 %", 0.9999: "> 99.9 %", 0.0001: "< 0.1 %", 0.713: "71.3 %", 0.5: "50 %"} {
		if got := Percent(share); got != want {
			t.Errorf("%v: %q, want %q", share, got, want)
		}
	}
	if got := Count(-1234567); got != "-1,234,567" {
		t.Error(got)
	}
}

func TestEveryColourHasItsRules(t *testing.T) {
	file := string(New("x", Size{Width: 1, Height: 1}).File())
	for _, s := range Theme() {
		for _, want := range []string{s.Light, s.Dark, "jl-f-" + string(s.Name), "jl-s-" + string(s.Name)} {
			if !strings.Contains(file, want) {
				t.Errorf("a file has no %s", want)
			}
		}
		if !strings.Contains(Variables(), "--"+string(s.Name)+":"+s.Dark) || !strings.Contains(Rules(), "var(--"+string(s.Name)+")") {
			t.Errorf("a page has no %s", s.Name)
		}
	}
}
