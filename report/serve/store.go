package serve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/report/page"
)

// reportFile is the page in a run folder.
const reportFile = page.File

// store reads the runs of a folder, and nothing outside it. It is safe for
// concurrent use.
type store struct {
	dir  string // absolute
	root *os.Root
	now  func() time.Time

	mu     sync.Mutex
	digest map[runID]digest
}

// maxDigests bounds what is remembered of runs, some kilobytes each.
const maxDigests = 20_000

// openStore opens a folder of runs. Its errors say what to try.
func openStore(dir string) (*store, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	root, err := os.OpenRoot(absolute)
	if info, statErr := os.Stat(absolute); statErr == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is a file, and a store is a folder: name another --store", dir)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no store at %s: make a run first (jepsen-lite run), or name another --store", dir)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("open store: %w; ask its owner for leave to read it, or name another --store", err)
	case err != nil:
		return nil, fmt.Errorf("open store: %w; name another --store", err)
	}
	s := &store{dir: absolute, root: root, now: time.Now, digest: map[runID]digest{}}
	if err := s.isOne(dir); err != nil {
		root.Close()
		return nil, err
	}
	return s, nil
}

// isOne refuses a folder that is inside a store.
func (s *store) isOne(dir string) error {
	if _, err := s.root.Stat(harness.InfoFile); err == nil {
		return fmt.Errorf("%s is one run: name the store that it is in (--store %s), or look at the run alone: jepsen-lite report %s", dir, filepath.Dir(filepath.Dir(s.dir)), dir)
	}
	entries, err := fs.ReadDir(s.root.FS(), ".")
	if err != nil {
		return fmt.Errorf("read store: %w; name another --store", err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		if _, err := s.root.Stat(filepath.Join(e.Name(), harness.InfoFile)); err == nil {
			return fmt.Errorf("%s holds the runs of one workload: name the store that it is in (--store %s)", dir, filepath.Dir(s.dir))
		}
	}
	return nil
}

func (s *store) close() error { return s.root.Close() }

// runs returns the names of all runs, the newest first. It opens none of them.
func (s *store) runs(ctx context.Context) ([]runID, error) {
	workloads, err := fs.ReadDir(s.root.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("read store: %w", err)
	}
	type dated struct {
		id runID
		at time.Time
	}
	var all []dated
	for _, w := range workloads {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !w.IsDir() || !isName(w.Name()) { // latest is a link
			continue
		}
		entries, err := fs.ReadDir(s.root.FS(), w.Name())
		if err != nil {
			continue // gone, or not ours to read: there are others
		}
		for _, e := range entries {
			id, ok := parseID(w.Name(), e.Name())
			if !ok || !e.IsDir() {
				continue
			}
			at, named := id.began()
			if !named {
				if at, ok = s.infoTime(id); !ok {
					continue
				}
			}
			all = append(all, dated{id, at})
		}
	}
	slices.SortFunc(all, func(a, b dated) int {
		return cmp.Or(b.at.Compare(a.at), cmp.Compare(b.id.String(), a.id.String()))
	})
	ids := make([]runID, len(all))
	for i, d := range all {
		ids[i] = d.id
	}
	return ids, nil
}

// infoTime returns when the description of a run was written; ok is false where
// there is none, and so no run.
func (s *store) infoTime(id runID) (at time.Time, ok bool) {
	info, err := s.root.Stat(filepath.Join(id.Workload, id.Name, harness.InfoFile))
	if err != nil || !info.Mode().IsRegular() {
		return time.Time{}, false
	}
	return info.ModTime(), true
}

// open opens a run's folder: what is read through it is inside the folder. Close it.
// The error is fs.ErrNotExist where there is no run of that name.
func (s *store) open(id runID) (*os.Root, error) {
	folder, err := s.root.OpenRoot(filepath.Join(id.Workload, id.Name))
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("open run: %w", err)
	case err != nil: // a link that leads out is no run either
		return nil, fmt.Errorf("open run: %w: %w", fs.ErrNotExist, err)
	}
	if info, err := folder.Stat(harness.InfoFile); err != nil || !info.Mode().IsRegular() {
		folder.Close()
		return nil, fmt.Errorf("open run: %s has no %s: %w", id, harness.InfoFile, fs.ErrNotExist)
	}
	return folder, nil
}

// path is where a run's folder is, for those who read by path: see [store.sealed].
func (s *store) path(id runID) string { return filepath.Join(s.dir, id.Workload, id.Name) }

// maxTextBytes bounds a file that is read whole.
const maxTextBytes = 64 << 20

// openRegular opens a file for reading, and nothing that could make a reader wait.
func openRegular(root *os.Root, name string) (*os.File, fs.FileInfo, error) {
	info, err := root.Stat(name)
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		err = fmt.Errorf("open %s: it is neither a file nor a folder: %w", name, fs.ErrNotExist)
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := root.Open(name)
	return f, info, err
}

// readText returns the text of a file of a run's folder.
func readText(root *os.Root, name string) ([]byte, error) {
	f, info, err := openRegular(root, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info.Size() > maxTextBytes {
		return nil, fmt.Errorf("read %s: it has more than %d MiB", name, maxTextBytes>>20)
	}
	return io.ReadAll(io.LimitReader(f, maxTextBytes))
}
