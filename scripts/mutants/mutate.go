package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// mutant is one small change of one file.
type mutant struct {
	path     string // the file
	function string // the function it is in; empty: none
	line     int
	start    int // the bytes from start up to end become text
	end      int
	text     string
	after    string // the line as it becomes
}

// name is what the mutant is called in the document of known ones: it outlives
// changes elsewhere in the file.
func (m mutant) name() string {
	return fmt.Sprintf("%s %s: %s", filepath.Base(m.path), m.function, m.after)
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d %s: %s", m.path, m.line, m.function, m.after)
}

func (m mutant) compare(other mutant) int {
	return cmp.Or(cmp.Compare(m.path, other.path), cmp.Compare(m.start, other.start), cmp.Compare(m.text, other.text))
}

// mutate returns all mutants of a file, in the order of their places.
func mutate(path string, others alternatives) ([]mutant, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	f := &finder{path: path, source: string(source), set: set, others: others, kept: map[ast.Node]bool{}}
	for _, d := range file.Decls {
		f.function = ""
		switch d := d.(type) {
		case *ast.FuncDecl:
			if f.function = d.Name.Name; d.Body != nil {
				ast.Inspect(d.Body, f.visit)
			}
		case *ast.GenDecl:
			if d.Tok == token.VAR {
				ast.Inspect(d, f.visit)
			}
		}
	}
	return f.found, nil
}

// finder collects the mutants of a file.
type finder struct {
	path, source, function string
	set                    *token.FileSet
	others                 alternatives
	kept                   map[ast.Node]bool // no mutants of their own
	found                  []mutant
}

// change adds the mutant that has text in place of the node.
func (f *finder) change(from, to token.Pos, text string) {
	start, end := f.set.Position(from).Offset, f.set.Position(to).Offset
	line := strings.LastIndexByte(f.source[:start], '\n') + 1
	rest, _, _ := strings.Cut(f.source[end:], "\n")
	if was := f.source[start:end]; text == "" { // a statement is gone
		text = "/* " + was + " */" + strings.Repeat("\n", strings.Count(was, "\n"))
		if strings.Contains(was, "/*") || strings.Contains(was, "\n") {
			text, rest = "/* … */"+strings.Repeat("\n", strings.Count(was, "\n")), ""
		}
	}
	after, _, _ := strings.Cut(f.source[line:start]+text+rest, "\n")
	f.found = append(f.found, mutant{f.path, f.function, f.set.Position(from).Line, start, end, text, strings.TrimSpace(after)})
}

func (f *finder) text(n ast.Node) string {
	return f.source[f.set.Position(n.Pos()).Offset:f.set.Position(n.End()).Offset]
}

func (f *finder) visit(n ast.Node) bool {
	if f.kept[n] {
		return false
	}
	switch n := n.(type) {
	case *ast.BinaryExpr:
		f.binary(n)
	case *ast.Ident:
		f.name(n)
	case *ast.SelectorExpr:
		f.kept[n.Sel] = true
		f.selector(n)
	case *ast.BasicLit:
		f.number(n)
	case *ast.CallExpr:
		f.call(n)
	case *ast.IfStmt:
		f.negate(n.Cond)
	case *ast.ForStmt:
		f.negate(n.Cond)
	case *ast.BlockStmt:
		f.remove(n.List)
	case *ast.CaseClause:
		f.remove(n.Body)
	case *ast.AssignStmt:
		f.assign(n)
	case *ast.IncDecStmt:
		f.change(n.TokPos, n.End(), swapped(n.Tok))
	case *ast.BranchStmt:
		if n.Label == nil && (n.Tok == token.BREAK || n.Tok == token.CONTINUE) {
			f.change(n.Pos(), n.End(), swapped(n.Tok))
		}
	}
	return true
}

// swapped returns what a token becomes; empty: it stays.
func swapped(t token.Token) string {
	pairs := [][2]token.Token{
		{token.LSS, token.LEQ}, {token.GTR, token.GEQ}, {token.EQL, token.NEQ},
		{token.LAND, token.LOR}, {token.ADD, token.SUB}, {token.MUL, token.QUO},
		{token.AND, token.OR}, {token.SHL, token.SHR}, {token.INC, token.DEC},
		{token.ADD_ASSIGN, token.SUB_ASSIGN}, {token.MUL_ASSIGN, token.QUO_ASSIGN},
		{token.AND_ASSIGN, token.OR_ASSIGN}, {token.SHL_ASSIGN, token.SHR_ASSIGN},
		{token.BREAK, token.CONTINUE},
	}
	for _, p := range pairs {
		switch t {
		case p[0]:
			return p[1].String()
		case p[1]:
			return p[0].String()
		}
	}
	return ""
}

// binary swaps an operator, and drops the addition of 1.
func (f *finder) binary(n *ast.BinaryExpr) {
	if to := swapped(n.Op); to != "" {
		f.change(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), to)
	}
	if one, ok := n.Y.(*ast.BasicLit); ok && one.Value == "1" && (n.Op == token.ADD || n.Op == token.SUB) {
		f.kept[one] = true // 1 made 0 is the same
		f.change(n.OpPos, n.End(), "+0")
	}
}

// name swaps a boolean, or takes another constant of the same type.
func (f *finder) name(n *ast.Ident) {
	switch n.Name {
	case "true":
		f.change(n.Pos(), n.End(), "false")
	case "false":
		f.change(n.Pos(), n.End(), "true")
	default:
		if to := f.others[n.Name]; to != "" {
			f.change(n.Pos(), n.End(), to)
		}
	}
}

func (f *finder) selector(n *ast.SelectorExpr) {
	if to := f.others[f.text(n)]; to != "" {
		f.kept[n.X] = true
		f.change(n.Pos(), n.End(), to)
	}
}

// number makes 0 of 1, and of any other number the next.
func (f *finder) number(n *ast.BasicLit) {
	if n.Kind != token.INT {
		return
	}
	v, err := strconv.ParseInt(n.Value, 0, 64)
	switch {
	case err != nil:
	case v == 1:
		f.change(n.Pos(), n.End(), "0")
	default:
		f.change(n.Pos(), n.End(), strconv.FormatInt(v+1, 10))
	}
}

// call swaps min and max.
func (f *finder) call(n *ast.CallExpr) {
	swap := map[string]string{"min": "max", "max": "min"}
	if id, ok := n.Fun.(*ast.Ident); ok && swap[id.Name] != "" && len(n.Args) > 1 {
		f.change(id.Pos(), id.End(), swap[id.Name])
	}
}

// negate turns a condition round. Where that is another mutant too (of == and !=)
// it does nothing.
func (f *finder) negate(cond ast.Expr) {
	if cond == nil {
		return
	}
	if b, ok := cond.(*ast.BinaryExpr); ok && (b.Op == token.EQL || b.Op == token.NEQ) {
		return
	}
	f.change(cond.Pos(), cond.End(), "!("+f.text(cond)+")")
}

// assign swaps the operator of an assignment.
func (f *finder) assign(n *ast.AssignStmt) {
	if to := swapped(n.Tok); to != "" {
		f.change(n.TokPos, n.TokPos+token.Pos(len(n.Tok.String())), to)
	}
}

// remove takes away each statement of a list that is a call, an assignment, or a
// step.
func (f *finder) remove(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); !ok || f.text(call.Fun) == "panic" {
				continue
			}
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				continue
			}
		case *ast.IncDecStmt:
		default:
			continue
		}
		f.change(s.Pos(), s.End(), "")
	}
}
