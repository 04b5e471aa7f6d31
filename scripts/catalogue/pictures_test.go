package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/schedule/catalogue"
)

// The pictures in the document are those that jepsen-lite prints.
func TestThePicturesAreTrue(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", document))
	if err != nil {
		t.Fatal(err)
	}
	sessions := strings.Split(string(text), "```\n$ jepsen-lite replay schedule/catalogue/testdata/")[1:]
	if len(sessions) < 3 {
		t.Fatalf("%s has %d pictures", document, len(sessions))
	}
	for _, session := range sessions {
		name, rest, _ := strings.Cut(session, ".json\n")
		output, _, _ := strings.Cut(rest, "\n```")
		at := slices.IndexFunc(catalogue.All(), func(b catalogue.Bug) bool { return b.Name == name })
		if at < 0 {
			t.Errorf("%s shows %s, which is no bug", document, name)
			continue
		}
		r := shownHere(t, catalogue.All()[at])
		says, picture, _ := strings.Cut(output, "\n\n")
		if picture != strings.TrimRight(r.shown.Picture, "\n") {
			t.Errorf("%s: %s shows\n%s\nexpected\n%s", name, document, picture, r.shown.Picture)
		}
		if says = strings.Join(strings.Fields(says), " "); !strings.HasSuffix(says, r.shown.Execution.Anomaly().Explanation) {
			t.Errorf("%s: %s says %q, expected %q", name, document, says, r.shown.Execution.Anomaly().Explanation)
		}
	}
}
