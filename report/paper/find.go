package paper

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/jepsen-lite/jepsen-lite/harness"
)

// depth is how far below a store its run folders are looked for.
const depth = 4

// find returns the run folders that the paths name: such folders, or folders that
// have some below them. Links are followed only where a path is one.
func find(paths []string) (folders []string, skipped []Skipped) {
	seen, skipped := map[string]bool{}, []Skipped{}
	for _, path := range paths {
		found, err := below(path)
		if err != nil {
			skipped = append(skipped, Skipped{path, err.Error()})
		}
		for _, folder := range found {
			real, err := filepath.EvalSymlinks(folder)
			if err != nil {
				skipped = append(skipped, Skipped{folder, err.Error()})
			} else if !seen[real] {
				seen[real] = true
				folders = append(folders, real)
			}
		}
	}
	return folders, skipped
}

func below(path string) (folders []string, err error) {
	if isRun(path) {
		return []string{path}, nil
	}
	root, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(root, func(at string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			return nil
		case isRun(at):
			folders = append(folders, at)
			return filepath.SkipDir
		case far(root, at):
			return filepath.SkipDir
		}
		return nil
	})
	if err == nil && len(folders) == 0 {
		err = errors.New("no run folder: there is no run.json in it or below it")
	}
	slices.Sort(folders)
	return folders, err
}

func isRun(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, harness.InfoFile))
	return err == nil
}

// far reports whether a folder is too deep below root to look into.
func far(root, at string) bool {
	steps := 0
	for ; at != root; at = filepath.Dir(at) {
		if steps++; steps >= depth {
			return true
		}
	}
	return false
}
