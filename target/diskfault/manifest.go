package diskfault

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// AOFKind is the kind of a file that a manifest lists.
type AOFKind byte

// The kinds, as the manifest names them (Redis 7.0, server.h, aof_file_type).
const (
	AOFBase    AOFKind = 'b' // a snapshot of what had been written
	AOFHistory AOFKind = 'h' // no longer needed, about to be removed
	AOFIncr    AOFKind = 'i' // what was written since
)

// AOFFile is a line of a manifest.
type AOFFile struct {
	Name     string // without a folder
	Sequence int64
	Kind     AOFKind
}

// ParseManifest reads a manifest of append-only files in the order of its lines,
// and refuses what Redis 7.0 refuses (aof.c, aofLoadManifestFromDisk).
func ParseManifest(text string) ([]AOFFile, error) {
	var files []AOFFile
	for number, line := 1, ""; text != ""; number++ {
		var whole bool
		if line, text, whole = strings.Cut(text, "\n"); !whole {
			return nil, fmt.Errorf("line %d of the manifest: no line end", number)
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		file, err := parseManifestLine(line)
		if err == nil {
			err = follows(files, file)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d of the manifest: %w", number, err)
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		return nil, errors.New("the manifest lists no file")
	}
	return files, nil
}

// parseManifestLine reads pairs of a key and a value. Redis skips keys that it
// does not know.
func parseManifestLine(line string) (AOFFile, error) {
	var file AOFFile
	words, err := splitWords(line)
	if err != nil {
		return file, err
	}
	if len(words) < 6 || len(words)%2 != 0 {
		return file, fmt.Errorf("%q: expected file NAME seq NUMBER type KIND", line)
	}
	for i := 0; i < len(words); i += 2 {
		key, value := strings.ToLower(words[i]), words[i+1]
		switch key {
		case "file":
			file.Name = value
		case "seq":
			if file.Sequence, err = strconv.ParseInt(value, 10, 64); err != nil {
				return file, fmt.Errorf("seq: %w", err)
			}
		case "type":
			if len(value) != 1 || !strings.Contains("bhi", value) {
				return file, fmt.Errorf("type %q: expected b, h or i", value)
			}
			file.Kind = AOFKind(value[0])
		}
	}
	switch {
	case file.Name == "" || file.Kind == 0 || file.Sequence <= 0:
		return file, fmt.Errorf("%q: expected file NAME seq NUMBER type KIND", line)
	case strings.ContainsAny(file.Name, `/\`) || file.Name == "." || file.Name == "..":
		return file, fmt.Errorf("file %q: expected a name without a folder", file.Name)
	}
	return file, nil
}

// follows tells whether the file may stand after the others: there is one base,
// and the numbers of increments rise.
func follows(files []AOFFile, file AOFFile) error {
	for _, before := range files {
		switch {
		case before.Kind != file.Kind:
		case file.Kind == AOFBase:
			return errors.New("a second base")
		case file.Kind == AOFIncr && file.Sequence <= before.Sequence:
			return fmt.Errorf("increment %d after %d", file.Sequence, before.Sequence)
		}
	}
	return nil
}

// splitWords splits a line at blanks; a word in double quotes may hold some
// (Redis 7.0, sds.c, sdssplitargs).
func splitWords(line string) ([]string, error) {
	var words []string
	for {
		line = strings.TrimLeft(line, " \t\r")
		if line == "" {
			return words, nil
		}
		word, rest := line, ""
		if line[0] == '"' {
			quoted, err := strconv.QuotedPrefix(line)
			if err == nil {
				word, err = strconv.Unquote(quoted)
			}
			if err != nil {
				return nil, fmt.Errorf("%q: unbalanced quotes", line)
			}
			rest = line[len(quoted):]
			if rest != "" && !strings.ContainsAny(rest[:1], " \t\r") {
				return nil, fmt.Errorf("%q: no blank after a quote", line)
			}
		} else if end := strings.IndexAny(line, " \t\r"); end >= 0 {
			word, rest = line[:end], line[end:]
		}
		words, line = append(words, word), rest
	}
}

// NewestIncrement returns the path of the append-only file that a server wrote
// last, as the manifest in the folder says (appendonlydir, unless configured
// otherwise).
func NewestIncrement(appendDir string) (string, error) {
	manifests, err := filepath.Glob(filepath.Join(escapeGlob(appendDir), "*.manifest"))
	if err != nil {
		return "", fmt.Errorf("find the manifest in %s: %w", appendDir, err)
	}
	for _, path := range manifests {
		if strings.HasPrefix(filepath.Base(path), "temp-") {
			continue // of a rewrite that was cut off
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		files, err := ParseManifest(string(text))
		if err != nil {
			return "", fmt.Errorf("read %s: %w", path, err)
		}
		for i := len(files) - 1; i >= 0; i-- {
			if files[i].Kind == AOFIncr {
				return filepath.Join(appendDir, files[i].Name), nil
			}
		}
		return "", fmt.Errorf("read %s: it lists no increment", path)
	}
	return "", fmt.Errorf("find the manifest in %s: there is none", appendDir)
}

// escapeGlob makes a path match itself only.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
