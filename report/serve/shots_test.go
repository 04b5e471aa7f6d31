package serve

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/report/browsertest"
)

func TestShots(t *testing.T) {
	b := browsertest.Start(t)
	base := "http://127.0.0.1:18080"
	for _, line := range strings.Fields(os.Getenv("SHOTS")) {
		name, path, _ := strings.Cut(line, "=")
		p := b.Open(t, base+path)
		for _, w := range []int64{1400, 400} {
			for _, s := range []string{"light", "dark"} {
				p.Resize(w, 900)
				p.Prefer(s)
				time.Sleep(700 * time.Millisecond)
				if over := browsertest.Eval[int](p, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
					t.Errorf("%s at %d scrolls by %d", name, w, over)
				}
				p.Screenshot(fmt.Sprintf("/tmp/serve/%s-%d-%s.png", name, w, s))
			}
		}
	}
}
