package history

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// IsStore reports whether path is a folder in which Jepsen left a test.
func IsStore(path string) bool {
	for _, name := range append(storeFiles(), "test.jepsen", "independent") {
		if _, err := os.Stat(filepath.Join(path, name)); err == nil {
			return true
		}
	}
	return false
}

// storeFiles are the files with a test's history, the best first.
func storeFiles() []string {
	return []string{"history.edn", "history.edn.gz", "history.txt", "jepsen.log"}
}

// inStore returns the file with the history in a store folder, or those with the
// histories of its keys.
func inStore(folder string) (whole string, parts []string, err error) {
	for _, name := range append([]string{"history.jsonl"}, storeFiles()...) {
		path := filepath.Join(folder, name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, nil, nil
		}
	}
	parts, err = filepath.Glob(filepath.Join(escapeGlob(folder), "independent", "*", "history.edn"))
	if err == nil && len(parts) > 0 {
		return "", parts, nil
	}
	if _, err := os.Stat(filepath.Join(folder, "test.jepsen")); err == nil {
		return "", nil, fmt.Errorf("read %s: it has only Jepsen's binary test.jepsen, which is not read: expected a history.edn or history.txt beside it", folder)
	}
	return "", nil, fmt.Errorf("read %s: no history in this folder: expected history.edn, history.txt or independent/KEY/history.edn", folder)
}

// readStore reads the history in a store folder.
func readStore(folder string, o ReadOptions) (*History, error) {
	whole, parts, err := inStore(folder)
	if err != nil {
		return nil, err
	}
	if parts != nil {
		return readParts(parts, o)
	}
	return ReadFile(whole, o)
}

// escapeGlob returns path with nothing in it that a pattern gives a meaning.
func escapeGlob(path string) string {
	var out []byte
	for _, c := range []byte(path) {
		if slices.Contains([]byte(`*?[\`), c) {
			out = append(out, '\\')
		}
		out = append(out, c)
	}
	return string(out)
}

// readParts reads the histories of a test's keys, which stand in folders named
// for them, as one history. Each key is in order for itself.
func readParts(paths []string, o ReadOptions) (*History, error) {
	slices.Sort(paths)
	whole := &History{Format: FormatEDN}
	o.Keyed = false
	events := 0
	for i, path := range paths {
		part, err := ReadFile(path, o)
		if err != nil {
			return nil, err
		}
		if err := whole.join(part, filepath.Base(filepath.Dir(path)), events); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		if i == 0 {
			whole.Nemesis = part.Nemesis // every part has them
		}
		events += part.events()
	}
	return whole, nil
}

// join adds the operations of a part, which are all on one key, after so many
// events.
func (h *History) join(part *History, key string, events int) error {
	for _, op := range part.Ops {
		if op.Key != "" {
			return errors.New("an operation has a key of its own in the history of one key")
		}
		op.Key = key
		op.Invoked += events
		if op.Completed >= 0 {
			op.Completed += events
		}
		h.Ops = append(h.Ops, op)
	}
	for _, e := range part.Unpaired {
		e.Key = key
		e.Index += events
		h.Unpaired = append(h.Unpaired, e)
	}
	for _, w := range part.Warnings {
		h.Warnings = append(h.Warnings, "key "+key+": "+w)
	}
	return nil
}
