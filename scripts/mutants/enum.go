package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// alternatives says which constant to take instead of another: the next one of the
// same type in the same declaration.
type alternatives map[string]string

// learn adds the typed constants of a file. The prefix is what the package is
// called where they are used, with its point.
func (a alternatives) learn(path, prefix string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, d := range file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
			for _, names := range alike(g) {
				for i, name := range names {
					if next := names[(i+1)%len(names)]; next != name {
						a[prefix+name] = prefix + next
					}
				}
			}
		}
	}
	return nil
}

// alike returns the constants of a declaration by their type.
func alike(g *ast.GenDecl) map[string][]string {
	groups, last := map[string][]string{}, ""
	for _, s := range g.Specs {
		v := s.(*ast.ValueSpec)
		if id, ok := v.Type.(*ast.Ident); ok {
			last = id.Name
		} else if len(v.Values) > 0 {
			last = ""
		}
		if last == "" {
			continue
		}
		for _, name := range v.Names {
			if name.Name != "_" {
				groups[last] = append(groups[last], name.Name)
			}
		}
	}
	return groups
}

// learnAll adds the constants of a package, and those of the packages of the same
// module that it imports.
func (a alternatives) learnAll(p listed, imports []listed) error {
	for _, in := range append([]listed{p}, imports...) {
		prefix := in.Name + "."
		if in.ImportPath == p.ImportPath {
			prefix = ""
		}
		for _, name := range in.GoFiles {
			if prefix == "" || !strings.HasSuffix(name, "_test.go") {
				if err := a.learn(filepath.Join(in.Dir, name), prefix); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
