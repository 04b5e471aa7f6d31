package report_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report"
	"github.com/jepsen-lite/jepsen-lite/report/browsertest"
)

// ready is the condition that the timeline is drawn.
const ready = `document.getElementById("timeline").dataset.ready === "true"`

// look writes the report of a folder and opens it from disk.
func look(t *testing.T, b *browsertest.Browser, dir string) *browsertest.Page {
	t.Helper()
	if err := report.Write(dir); err != nil {
		t.Fatal(err)
	}
	return b.Open(t, browsertest.File(filepath.Join(dir, "report.html")))
}

// part is which part of the run the timeline shows, in seconds, and how many
// operations.
type part struct{ From, To, Shown float64 }

func partOf(p *browsertest.Page) part {
	return browsertest.Eval[part](p, `(() => { const d = document.getElementById("timeline").dataset; return { From: d.from / 1e9, To: d.to / 1e9, Shown: Number(d.shown) }; })()`)
}

// settle waits until what was asked for is drawn.
func settle(p *browsertest.Page) {
	browsertest.Eval[bool](p, "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
}

func TestInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	dir := invalidRun(t, "k1")
	tests := []struct {
		name string
		run  func(t *testing.T, p *browsertest.Page)
	}{
		{"the verdict stands on top", testVerdict},
		{"buttons, keys and the wheel zoom", testZoom},
		{"dragging moves", testDrag},
		{"two fingers zoom", testPinch},
		{"the overview chooses a part", testOverview},
		{"operations are chosen by a filter", testFilter},
		{"an anomaly is jumped to", testJump},
		{"an operation is told of", testTell},
		{"logs stand beside it", testLogs},
		{"colours are switched", testDark},
		{"texts can be read", testContrast},
		{"a phone shows it all", testNarrow},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := look(t, b, dir)
			p.Wait(ready)
			test.run(t, p)
		})
	}
	t.Run("hostile names are harmless", func(t *testing.T) { testHostile(t, b) })
	t.Run("a run without a verdict", func(t *testing.T) { testUnjudged(t, b) })
}

func testVerdict(t *testing.T, p *browsertest.Page) {
	if got := browsertest.Eval[string](p, `document.querySelector("h1").textContent`); got != "invalid" {
		t.Errorf("the verdict is %q", got)
	}
	if got := browsertest.Eval[string](p, `document.querySelector(".why").textContent`); got != "A read returned null after the write of k1 had completed." {
		t.Errorf("why: %q", got)
	}
	if got := browsertest.Eval[int](p, `document.querySelectorAll("#anomalies figure .on-wide svg").length`); got != 1 {
		t.Errorf("%d witnesses are drawn, want 1", got)
	}
}

func testZoom(t *testing.T, p *browsertest.Page) {
	whole := partOf(p)
	p.Click("button[data-view=in]")
	settle(p)
	near := partOf(p)
	if got, want := near.To-near.From, (whole.To-whole.From)/2; got < want*0.99 || got > want*1.01 {
		t.Errorf("zooming in shows %v s, want %v s", got, want)
	}
	browsertest.Eval[bool](p, `document.getElementById("lanes").focus() || true`)
	p.Type("+")
	settle(p)
	if nearer := partOf(p); nearer.To-nearer.From >= near.To-near.From {
		t.Error("the key + does not zoom in")
	}
	p.Type("0")
	settle(p)
	if again := partOf(p); again != whole {
		t.Errorf("the key 0 shows %v, want %v", again, whole)
	}
	turn := `(() => { const c = document.getElementById("lanes"); return c.dispatchEvent(new WheelEvent("wheel", { deltaY: -50, clientX: c.getBoundingClientRect().left + 300, cancelable: true })); })()`
	if scrolls := browsertest.Eval[bool](p, turn); scrolls {
		t.Error("the wheel scrolls the page although the timeline has the focus")
	}
	settle(p)
	if wheeled := partOf(p); wheeled.To-wheeled.From >= whole.To-whole.From {
		t.Error("the wheel does not zoom in")
	}
	browsertest.Eval[bool](p, `document.activeElement.blur() || true`)
	if scrolls := browsertest.Eval[bool](p, turn); !scrolls {
		t.Error("the wheel is taken from a page that did not turn to the timeline")
	}
}

// box is where an element is in the window.
type box struct{ X, Y, Width, Height float64 }

func boxOf(p *browsertest.Page, id string) box {
	return browsertest.Eval[box](p, fmt.Sprintf(`(() => { const e = document.getElementById(%q); e.scrollIntoView({ block: "center" }); const b = e.getBoundingClientRect(); return { X: b.x, Y: b.y, Width: b.width, Height: b.height }; })()`, id))
}

func testDrag(t *testing.T, p *browsertest.Page) {
	p.Click("button[data-view=in]")
	settle(p)
	before, at := partOf(p), boxOf(p, "lanes")
	p.Drag(at.X+500, at.Y+40, at.X+700, at.Y+40)
	settle(p)
	if after := partOf(p); after.From >= before.From || after.To-after.From > (before.To-before.From)*1.001 {
		t.Errorf("dragging to the right went from %v to %v", before, after)
	}
}

func testPinch(t *testing.T, p *browsertest.Page) {
	before, at := partOf(p), boxOf(p, "lanes")
	p.Pinch(at.X+600, at.Y+40, 100, 300)
	settle(p)
	if after := partOf(p); after.To-after.From > (before.To-before.From)*0.5 {
		t.Errorf("fingers moved apart to three times the distance go from %v to %v", before, after)
	}
}

func testOverview(t *testing.T, p *browsertest.Page) {
	whole, at := partOf(p), boxOf(p, "overview")
	p.Drag(at.X+at.Width*0.4, at.Y+20, at.X+at.Width*0.6, at.Y+20)
	settle(p)
	if got := partOf(p); got.To-got.From > (whole.To-whole.From)*0.3 || got.From < whole.From+0.3 {
		t.Errorf("the fifth that was drawn shows %v of %v", got, whole)
	}
}

func testFilter(t *testing.T, p *browsertest.Page) {
	shown := func(what string, want float64) {
		t.Helper()
		settle(p)
		if got := partOf(p).Shown; got != want {
			t.Errorf("%s: %v operations are shown, want %v", what, got, want)
		}
	}
	shown("all", 204)
	p.Click("input[data-outcome='0']")
	shown("without ok", 2)
	p.Click("input[data-outcome='2']")
	shown("without info", 1)
	p.Click("#reset")
	shown("all again", 204)
	p.Click("#operations label:nth-child(2)")
	shown("without writes", 203)
	p.Click("#reset")
	p.Click("#key")
	p.Type("k1")
	shown("of a key", 2)
	p.Click("#process")
	p.Type("1")
	shown("of a key and a process", 1)
}

func testJump(t *testing.T, p *browsertest.Page) {
	p.Click("button[data-anomaly]")
	p.Wait(`document.getElementById("timeline").dataset.anomaly === "0"`)
	settle(p)
	if got := partOf(p); got.Shown != 2 || got.From > 0.9 || got.To < 2.001 || got.To-got.From > 1.5 {
		t.Errorf("the anomaly is at 0.9 s and 2 s, and it shows %v", got)
	}
	if got := browsertest.Eval[string](p, `document.getElementById("key").value`); got != "k1" {
		t.Errorf("the operations are those of key %q", got)
	}
}

func testTell(t *testing.T, p *browsertest.Page) {
	browsertest.Eval[bool](p, `document.getElementById("lanes").focus() || true`)
	p.Type("n")
	p.Type("n")
	p.Wait(`!document.getElementById("tip").hidden`)
	if got := browsertest.Eval[string](p, `document.getElementById("said").textContent`); !strings.Contains(got, "operation read → 1,") || !strings.Contains(got, "ok after 1 ms") || !strings.Contains(got, "called 0.004000 s") {
		t.Errorf("the second operation is told of as %q", got)
	}
	p.Click("button[data-anomaly]")
	settle(p)
	at, seen := boxOf(p, "lanes"), partOf(p)
	// Its read is on the second lane: 34 pixels are names, 20 those of faults.
	p.Hover(at.X+34+(at.Width-34)*(2.0005-seen.From)/(seen.To-seen.From), at.Y+20+28+14)
	p.Wait(`document.getElementById("tip").textContent.includes("read → null")`)
}

func testLogs(t *testing.T, p *browsertest.Page) {
	lines := `[...document.querySelectorAll("#logs li")].map((l) => l.textContent)`
	got := browsertest.Eval[[]string](p, lines)
	if len(got) != 3 || !strings.HasPrefix(got[0], "0.250 sn1") || !strings.HasPrefix(got[1], "1.000 sn1") || !strings.Contains(got[1], "# dying") {
		t.Errorf("the lines are %q", got)
	}
	browsertest.Eval[bool](p, `(() => { const e = document.querySelector("[data-log=level]"); e.value = "warning"; e.dispatchEvent(new Event("input")); return true; })()`)
	if got := browsertest.Eval[[]string](p, lines); len(got) != 1 {
		t.Errorf("the warnings are %q", got)
	}
	p.Click("#logs li button")
	settle(p)
	if got := partOf(p); got.From > 1 || got.To < 1 || got.To-got.From > 2.1 {
		t.Errorf("a moment at 1 s shows %v", got)
	}
}

func testDark(t *testing.T, p *browsertest.Page) {
	background := `getComputedStyle(document.body).backgroundColor`
	p.Prefer("light")
	light := browsertest.Eval[string](p, background)
	p.Prefer("dark")
	dark := browsertest.Eval[string](p, background)
	if light == dark {
		t.Errorf("light and dark are both %s", light)
	}
	p.Click("#theme")
	if got := browsertest.Eval[string](p, background); got != light {
		t.Errorf("the switch gives %s, want %s", got, light)
	}
	// The canvas follows: the overview has no pixel of the other colours' blue.
	p.Click("#theme")
	settle(p)
	blue := browsertest.Eval[[]int](p, `[...document.getElementById("overview").getContext("2d").getImageData(200, 42, 1, 1).data]`)
	if fmt.Sprint(blue) != "[86 180 233 255]" {
		t.Errorf("the dark overview is %v, want the dark blue of ok", blue)
	}
}

// contrast is the least contrast of a text in the page to what is behind it, as WCAG
// 2.2 defines it, and the text.
const contrast = `(() => {
	const paint = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
	const light = (colour) => {
		paint.fillStyle = colour;
		paint.fillRect(0, 0, 1, 1);
		const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	let worst = { Ratio: 21, Text: "" };
	for (const e of document.querySelectorAll("body *")) {
		const text = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join("");
		if (!text || !e.checkVisibility() || e.closest("script, .skip")) continue;
		let behind = e;
		while (behind !== document.documentElement && getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
		const colour = e.closest("svg") ? getComputedStyle(e).fill : getComputedStyle(e).color;
		const [low, high] = [light(colour), light(getComputedStyle(behind).backgroundColor)].sort((a, b) => a - b);
		const large = parseFloat(getComputedStyle(e).fontSize) >= 24 || Number(getComputedStyle(e).fontWeight) >= 600 && e.closest("svg");
		const ratio = (high + 0.05) / (low + 0.05) * (large ? 1.5 : 1);
		if (ratio < worst.Ratio) worst = { Ratio: ratio, Text: text };
	}
	return worst;
})()`

func testContrast(t *testing.T, p *browsertest.Page) {
	for _, scheme := range []string{"light", "dark"} {
		p.Prefer(scheme)
		worst := browsertest.Eval[struct {
			Ratio float64
			Text  string
		}](p, contrast)
		t.Logf("%s: least contrast %.2f, of %q", scheme, worst.Ratio, worst.Text)
		if worst.Ratio < 4.5 {
			t.Errorf("%s: %q has a contrast of %.2f, want 4.5", scheme, worst.Text, worst.Ratio)
		}
	}
}

func testNarrow(t *testing.T, p *browsertest.Page) {
	p.Resize(400, 900)
	settle(p)
	if got := browsertest.Eval[int](p, "document.documentElement.scrollWidth"); got > 400 {
		t.Errorf("the page is %d pixels wide on a window of 400", got)
	}
}

func testHostile(t *testing.T, b *browsertest.Browser) {
	for i, name := range hostile() {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			dir := invalidRun(t, name)
			p := look(t, b, dir)
			p.Wait(ready)
			p.Click("button[data-anomaly]")
			settle(p)
			shown := strings.ToValidUTF8(name, "\ufffd")
			if got := browsertest.Eval[string](p, `document.querySelector(".anomaly code").textContent`); got != strings.ReplaceAll(shown, "\x00", "\ufffd") && got != shown {
				t.Errorf("the key %q is shown as %q", shown, got)
			}
			if got := browsertest.Eval[string](p, `document.getElementById("key").value`); got != shown && !strings.ContainsAny(name, "\u2028\x00") {
				t.Errorf("the key %q is filtered by as %q", shown, got)
			}
			if got := browsertest.Eval[int](p, `document.scripts.length + document.images.length`); got != 1 {
				t.Errorf("the page has %d scripts and images, want its own script alone", got)
			}
			if got := partOf(p); got.Shown != 2 {
				t.Errorf("of the key %v operations are shown, want 2", got.Shown)
			}
		})
	}
}

// A run that goes on, is torn, or was never judged has a page that says so.
func testUnjudged(t *testing.T, b *browsertest.Browser) {
	for _, test := range []struct {
		name, want string
		make       func(f *folder) string
	}{
		{"goes on", "not judged yet", func(f *folder) string {
			f.info.Ended = time.Time{}
			f.op(history.Event{F: "read", Value: history.NullValue}, 5, history.OK, history.Int(1), "")
			return f.end("")
		}},
		{"never judged", "not judged", func(f *folder) string {
			f.op(history.Event{F: "read", Value: history.NullValue}, 5, history.OK, history.Int(1), "")
			return f.end("")
		}},
		{"nothing recorded", "not judged", func(f *folder) string { return f.end("") }},
		{"torn", "unknown", func(f *folder) string {
			f.op(history.Event{F: "read", Value: history.NullValue}, 5, history.OK, history.Int(1), "")
			f.results.Reason = "too little"
			dir := f.end(checker.Unknown)
			file, err := os.OpenFile(filepath.Join(dir, "history.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				f.t.Fatal(err)
			}
			defer file.Close()
			if _, err := file.WriteString(`{"index":2,"time":`); err != nil {
				f.t.Fatal(err)
			}
			return dir
		}},
		{"history unreadable", "unknown", func(f *folder) string {
			dir := f.end(checker.Unknown)
			f.write("history.jsonl", []byte("nonsense\n{}\n"))
			return dir
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := look(t, b, test.make(newFolder(t)))
			if got := browsertest.Eval[string](p, `document.querySelector("h1").textContent`); got != test.want {
				t.Errorf("the heading is %q, want %q", got, test.want)
			}
			if got := browsertest.Eval[int](p, `document.querySelectorAll(".notice li").length`); got == 0 {
				t.Error("it does not say what is missing")
			}
		})
	}
}
