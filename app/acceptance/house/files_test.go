package house

import (
	"go/ast"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
	"zygo/app/acceptance/instance"
)

// references says which files of one package name what stands in which others: by the names that a file leaves open, and by
// methods that no other package can have.
func references(files []goFile) map[string][]string {
	declared := map[string]string{}
	for _, f := range files {
		for _, declaration := range f.syntax.Decls {
			for _, name := range names(declaration) {
				declared[name] = f.path
			}
		}
	}
	all := map[string][]string{}
	for _, f := range files {
		add := func(name string) {
			if to := declared[name]; to != "" && to != f.path && !slices.Contains(all[f.path], to) {
				all[f.path] = append(all[f.path], to)
			}
		}
		receivers := map[*ast.Ident]bool{}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv != nil { // a method stands where it is read best, and not with its type
					ast.Inspect(n.Recv, func(n ast.Node) bool {
						if name, ok := n.(*ast.Ident); ok {
							receivers[name] = true
						}
						return true
					})
				}
			case *ast.SelectorExpr:
				if !n.Sel.IsExported() {
					add("." + n.Sel.Name)
				}
			}
			return true
		})
		for _, name := range f.syntax.Unresolved {
			if !receivers[name] {
				add(name.Name)
			}
		}
	}
	return all
}

// names are what a declaration makes known to the package; those of methods begin with a point.
func names(declaration ast.Decl) []string {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return []string{d.Name.Name}
		}
		return []string{"." + d.Name.Name}
	case *ast.GenDecl:
		var all []string
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				all = append(all, spec.Name.Name)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					all = append(all, name.Name)
				}
			}
		}
		return all
	}
	return nil
}

// circle is a way from a file over others back to itself, nil if there is none.
func circle(from string, to map[string][]string) []string {
	var way []string
	seen := map[string]bool{}
	var walk func(at string) bool
	walk = func(at string) bool {
		way = append(way, filepath.Base(at))
		for _, next := range to[at] {
			if next == from || !seen[next] && func() bool { seen[next] = true; return walk(next) }() {
				return true
			}
		}
		way = way[:len(way)-1]
		return false
	}
	if walk(from) {
		return append(way, filepath.Base(from))
	}
	return nil
}

func TestFilesOfPagesReferDownOnly(t *testing.T) {
	t.Parallel()
	packages := map[string][]goFile{}
	for _, f := range source(t) {
		if strings.HasPrefix(f.pkg, "zygo/ui/") && !f.test {
			packages[f.pkg] = append(packages[f.pkg], f)
		}
	}
	for pkg, files := range packages {
		all := references(files)
		for _, from := range slices.Sorted(maps.Keys(all)) {
			if way := circle(from, all); way != nil {
				t.Errorf("%s: files lead back to where they came from: %s", pkg, strings.Join(way, " → "))
				break
			}
		}
	}
}

func TestACircleOfFilesIsFound(t *testing.T) {
	t.Parallel()
	to := map[string][]string{"a": {"b"}, "b": {"c", "d"}, "c": {"d"}, "d": nil}
	if way := circle("a", to); way != nil {
		t.Errorf("there is none, not %v", way)
	}
	to["d"] = []string{"b"}
	if way := circle("b", to); len(way) < 3 {
		t.Errorf("the circle of b and d is %v", way)
	}
}

// longestLine is how many characters a line has at most. Literals that fill a line may pass it: SQL and prose
// are not cut for their length.
const longestLine = 140

func TestLinesAreShort(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		text, err := os.ReadFile(filepath.Join(instance.Root, f.path))
		if err != nil {
			t.Fatal(err)
		}
		literal := map[int]int{}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if n, ok := n.(*ast.BasicLit); ok && n.Kind == token.STRING {
				first := f.set.Position(n.Pos()).Line
				for i, part := range strings.Split(n.Value, "\n") {
					literal[first+i] += utf8.RuneCountInString(part)
				}
			}
			return true
		})
		for i, line := range strings.Split(string(text), "\n") {
			length, other := utf8.RuneCountInString(line), utf8.RuneCountInString(strings.Join(strings.Fields(line), " "))-literal[i+1]
			if length > longestLine && other > longestLine/2 {
				t.Errorf("%s:%d has %d characters; %d are the most", f.path, i+1, length, longestLine)
			}
		}
	}
}

// longestFunction is how many lines a function has at most: what one can see at once.
const longestFunction = 60

func TestFunctionsAreShort(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test {
			continue
		}
		for _, declaration := range f.syntax.Decls {
			fn, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := f.set.Position(fn.End()).Line - f.set.Position(fn.Pos()).Line - 1
			if lines > longestFunction {
				t.Errorf("%s: %s has %d lines; %d are the most", f.set.Position(fn.Pos()), fn.Name.Name, lines, longestFunction)
			}
		}
	}
}

// What is downloaded while somebody works lands in the folder that they work in, and the next commit takes it along.
func TestTheRootHoldsNothingElse(t *testing.T) {
	t.Parallel()
	list := exec.Command("git", "ls-files")
	list.Dir = instance.Root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	known := []string{".gitignore", "LICENSE", "Makefile", "README.md", "clock.go", "clock_testclock.go", "config.example.yaml", "go.mod",
		"go.sum", "main.go"}
	for _, path := range strings.Fields(string(out)) {
		if !strings.Contains(path, "/") && !slices.Contains(known, path) {
			t.Errorf("%s is no part of Zygo", path)
		}
	}
}
