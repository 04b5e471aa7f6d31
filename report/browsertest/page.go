package browsertest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Page is a tab of a browser. It is used by the goroutine of its test.
type Page struct {
	t   testing.TB
	ctx context.Context

	mu     sync.Mutex
	errors []string
}

// Open opens a URL in a tab of its own, 1400 by 1000 pixels, and waits until it is
// loaded. The tab is closed with the test, which fails if the page had errors.
func (b *Browser) Open(t testing.TB, url string) *Page {
	t.Helper()
	tab, closeTab := chromedp.NewContext(b.ctx)
	ctx, cancel := context.WithTimeout(tab, 5*patience)
	p := &Page{t: t, ctx: ctx}
	t.Cleanup(func() {
		cancel()
		closeTab()
		for _, e := range p.Errors() {
			t.Errorf("the page says: %s", e)
		}
	})
	if err := chromedp.Listen(tab, p.listen); err != nil {
		t.Fatalf("open tab: %v", err)
	}
	p.Resize(1400, 1000)
	p.do("open "+url, chromedp.Navigate(url))
	return p
}

// listen keeps what goes wrong on the page.
func (p *Page) listen(event any) {
	text := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text = fmt.Sprint(e.ExceptionDetails.Text, " ", describe(e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError && len(e.Args) > 0 {
			text = describe(e.Args[0])
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			text = e.Entry.Text + " " + e.Entry.URL
		}
	}
	if text != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.errors = append(p.errors, text)
	}
}

func describe(o *runtime.RemoteObject) string {
	if o == nil {
		return ""
	}
	return o.Description + string(o.Value)
}

// Errors returns what went wrong on the page so far, and forgets it.
func (p *Page) Errors() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	errors := p.errors
	p.errors = nil
	return errors
}

func (p *Page) do(what string, action chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, action); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// Eval returns what a JavaScript expression comes to in the page.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	value, err := evaluate[T](p, expression)
	if err != nil {
		p.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return value
}

func evaluate[T any](p *Page, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// Wait waits until a JavaScript expression is true, on this page or on one that it
// leads to: what cannot be evaluated meanwhile is not true yet.
func (p *Page) Wait(condition string) {
	p.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		met, err := evaluate[bool](p, "Boolean("+condition+")")
		switch {
		case met && err == nil:
			return
		case time.Now().After(end):
			p.t.Fatalf("it never came to %s (%v)", condition, err)
		}
	}
}

// Click clicks the middle of the first element of a CSS selector that is to be seen,
// once the page is complete: until then things move.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.Wait("document.readyState === 'complete'")
	type place struct{ X, Y float64 }
	at := Eval[*place](p, fmt.Sprintf(`(() => {
		const shown = [...document.querySelectorAll(%q)].find((e) => e.checkVisibility());
		if (!shown) return null;
		shown.scrollIntoView({ block: "center", behavior: "instant" });
		const box = shown.getBoundingClientRect();
		return { X: box.x + box.width / 2, Y: box.y + box.height / 2 };
	})()`, selector))
	if at == nil {
		p.t.Fatalf("click %s: there is none to be seen", selector)
	}
	p.do("click "+selector, chromedp.MouseClickXY(at.X, at.Y))
}

// Type types into the focused element; kb of chromedp names special keys.
func (p *Page) Type(keys string) {
	p.t.Helper()
	p.do(fmt.Sprintf("type %q", keys), chromedp.KeyEvent(keys))
}

// Drag drags the mouse between two places in the window.
func (p *Page) Drag(fromX, fromY, toX, toY float64) {
	p.t.Helper()
	p.do("drag", chromedp.DragAndDropXY(fromX, fromY, toX, toY, 5))
}

// Pinch moves two fingers, side by side, from one distance to another.
func (p *Page) Pinch(x, y, from, to float64) {
	p.t.Helper()
	touch := func(kind input.DispatchTouchEventType, apart float64) chromedp.Action[chromedp.Void] {
		event := input.DispatchTouchEventParams{Type: kind, TouchPoints: []*input.TouchPoint{}}
		if kind != input.DispatchTouchEventTypeTouchEnd {
			event.TouchPoints = append(event.TouchPoints,
				&input.TouchPoint{X: x - apart/2, Y: y, ID: new(0.0)}, &input.TouchPoint{X: x + apart/2, Y: y, ID: new(1.0)})
		}
		return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, input.DispatchTouchEvent, event)
			return err
		})
	}
	p.do("touch", touch(input.DispatchTouchEventTypeTouchStart, from))
	for i := 1.0; i <= 4; i++ {
		p.do("pinch", touch(input.DispatchTouchEventTypeTouchMove, from+(to-from)*i/4))
	}
	p.do("let go", touch(input.DispatchTouchEventTypeTouchEnd, 0))
}

// Hover moves the mouse to a place in the window.
func (p *Page) Hover(x, y float64) {
	p.t.Helper()
	p.do("hover", chromedp.MouseEvent(chromedp.MouseMoved, x, y))
}

// Resize sets the size of the window.
func (p *Page) Resize(width, height int64) {
	p.t.Helper()
	p.do("resize", chromedp.EmulateViewport(width, height))
}

// Prefer sets whether the reader prefers dark or light.
func (p *Page) Prefer(scheme string) {
	p.t.Helper()
	p.do("prefer "+scheme, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}))
}

// Screenshot writes a picture of the whole page to a PNG file.
func (p *Page) Screenshot(path string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(path, picture, 0o644)
	}
	if err != nil {
		p.t.Fatalf("take a picture: %v", err)
	}
}
