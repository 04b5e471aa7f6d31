package page

import (
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"
)

// shownFiles bounds the list of files.
const shownFiles = 120

// dataDepth is how deep the folders of the servers' data are: servers/n1/data.
const dataDepth = 2

type fileView struct{ Name, Link, Size string }

// addFiles lists what the run folder holds; the servers' data as the folders that
// have it.
func (v *view) addFiles(c *Content) {
	left := 0
	err := filepath.WalkDir(c.Run.Dir, func(path string, d fs.DirEntry, err error) error {
		relative, _ := filepath.Rel(c.Run.Dir, path) // path begins with Dir
		name := filepath.ToSlash(relative)
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.Count(name, "/") == dataDepth:
			v.Files = append(v.Files, fileView{name + "/", (&url.URL{Path: name + "/"}).String(), ""})
			return fs.SkipDir
		case !d.Type().IsRegular() || strings.HasSuffix(name, ".new") || name == File:
			return nil
		case len(v.Files) == shownFiles:
			left++
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return nil // it is gone by now
		}
		v.Files = append(v.Files, fileView{name, (&url.URL{Path: name}).String(), size(info.Size())})
		return nil
	})
	if err != nil {
		c.Run.Problems = append(c.Run.Problems, fmt.Sprintf("Its files cannot all be listed: %v.", err))
	}
	if left > 0 {
		v.FilesLeft = fmt.Sprintf("and %s more", counted(left, "file"))
	}
}

// size writes bytes for people: 12 kB.
func size(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1_000_000:
		return fmt.Sprintf("%d kB", bytes/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
