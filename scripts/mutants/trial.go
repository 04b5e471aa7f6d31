package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// listed is what go list says of a package.
type listed struct {
	Dir, ImportPath, Name string
	GoFiles, Imports      []string
	TestImports           []string
	XTestImports          []string
	Module                *struct{ Path string }
}

func list(ctx context.Context, patterns ...string) (all []listed, err error) {
	out, err := exec.CommandContext(ctx, "go", append([]string{"list", "-json"}, patterns...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p listed
		if err := d.Decode(&p); err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
	return all, nil
}

// find returns all mutants of a package.
func find(ctx context.Context, p listed) (all []mutant, err error) {
	var imports []listed
	for _, path := range p.Imports {
		if p.Module != nil && strings.HasPrefix(path, p.Module.Path+"/") {
			in, err := list(ctx, path)
			if err != nil {
				return nil, err
			}
			imports = append(imports, in...)
		}
	}
	others := alternatives{}
	if err := others.learnAll(p, imports); err != nil {
		return nil, err
	}
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for _, name := range p.GoFiles {
		path, err := filepath.Rel(here, filepath.Join(p.Dir, name))
		if err != nil {
			return nil, err
		}
		some, err := mutate(path, others)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// try tries the mutants of a package, and prints those that survive unexplained.
func try(ctx context.Context, pattern string, s sample, known string, workers int) (tally, error) {
	t := tally{pattern: pattern}
	packages, err := list(ctx, pattern)
	if err != nil {
		return t, err
	}
	if len(packages) != 1 {
		return t, fmt.Errorf("%d packages: name one at a time", len(packages))
	}
	all, err := find(ctx, packages[0])
	if err != nil {
		return t, err
	}
	l := lab{dir: packages[0].Dir, flags: []string{"-test.failfast"}}
	if slices.Contains(slices.Concat(packages[0].TestImports, packages[0].XTestImports), "pgregory.net/rapid") {
		// Each mutant meets the same cases, and what one fails on is not kept.
		l.flags = append(l.flags, "-rapid.nofailfile", fmt.Sprintf("-rapid.seed=%d", s.seed))
	}
	if l.scratch, err = os.MkdirTemp("", "jepsen-lite-mutants-"); err != nil {
		return t, err
	}
	defer os.RemoveAll(l.scratch)
	if err := l.calibrate(ctx); err != nil {
		return t, err
	}
	var (
		work  = make(chan mutant)
		mutex sync.Mutex
		group sync.WaitGroup
	)
	for w := range workers {
		group.Go(func() {
			for m := range work {
				fate, problem := l.test(ctx, m, w)
				mutex.Lock()
				err = errors.Join(err, problem)
				t.count(m, fate, strings.Contains(known, "`"+m.name()+"`"))
				mutex.Unlock()
			}
		})
	}
	for _, m := range s.draw(all) {
		if ctx.Err() != nil {
			break
		}
		work <- m
	}
	close(work)
	group.Wait()
	return t, errors.Join(err, ctx.Err())
}

type fate int

const (
	caught fate = iota
	late
	survived
	stillborn
)

func (t *tally) count(m mutant, f fate, explained bool) {
	switch {
	case f == stillborn:
		t.stillborn++
	case f == survived && explained:
		t.explained++
	case f == survived:
		t.survived++
		fmt.Println(m)
	default:
		t.caught++
		if f == late {
			t.late++
		}
	}
}

// lab runs the tests of a package.
type lab struct {
	dir     string        // of the package
	flags   []string      // of the tests
	scratch string        // a folder that is removed at the end
	limit   time.Duration // of one run of the tests
}

// calibrate runs the tests as they are, to see how long they take.
func (l *lab) calibrate(ctx context.Context) error {
	l.limit = 10 * time.Minute
	was := time.Now()
	f, err := l.test(ctx, mutant{}, 0)
	if err != nil {
		return err
	}
	if f != survived {
		return errors.New("the tests fail as they are: mend them first")
	}
	l.limit = 10*time.Second + 3*time.Since(was)
	return nil
}

// test compiles the package's tests with the mutant and runs them. The empty mutant
// changes nothing.
func (l *lab) test(ctx context.Context, m mutant, worker int) (fate, error) {
	name := func(kind string) string { return filepath.Join(l.scratch, fmt.Sprintf("%s-%d", kind, worker)) }
	replaced := map[string]string{}
	if m.path != "" {
		source, err := os.ReadFile(m.path)
		if err != nil {
			return stillborn, err
		}
		whole, err := filepath.Abs(m.path)
		if err != nil {
			return stillborn, err
		}
		replaced[whole] = name("mutant") + ".go"
		text := string(source[:m.start]) + m.text + string(source[m.end:])
		if err := os.WriteFile(replaced[whole], []byte(text), 0o600); err != nil {
			return stillborn, err
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return stillborn, err
	}
	if err := os.WriteFile(name("overlay"), overlay, 0o600); err != nil {
		return stillborn, err
	}
	build := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", name("overlay"), "-o", name("tests"), ".")
	if build.Dir = l.dir; build.Run() != nil {
		return stillborn, ctx.Err()
	}
	return l.run(ctx, name("tests"))
}

// run says what tests see.
func (l *lab) run(ctx context.Context, tests string) (fate, error) {
	limited, cancel := context.WithTimeout(ctx, l.limit)
	defer cancel()
	run := exec.CommandContext(limited, tests, l.flags...)
	run.Dir, run.WaitDelay = l.dir, time.Second
	err := run.Run()
	switch {
	case ctx.Err() != nil:
		return stillborn, ctx.Err()
	case limited.Err() != nil:
		return late, nil
	case err != nil:
		return caught, nil
	}
	return survived, nil
}
