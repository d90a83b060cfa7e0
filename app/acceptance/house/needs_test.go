package house

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zygo/app/module"
	"zygo/app/modules"
	"zygo/app/resource"
)

var tableInBraces = regexp.MustCompile(`\{([a-z_]+)(?:\+trash)?\}`)

// TestAnAreaReadsWhatItDeclares: areas can't import each other, and the SQL of one that names a table of another is the same
// dependency. The module says which it needs, and names none in vain.
func TestAnAreaReadsWhatItDeclares(t *testing.T) {
	t.Parallel()
	all := modules.All()
	kernel, err := resource.Catalogue(module.Kernel(all))
	if err != nil {
		t.Fatal(err)
	}
	tables := kernel.Tables(module.Kernel(all))
	files := source(t)
	for _, m := range all {
		var own []string
		for _, table := range m.Tables {
			own = append(own, table.Name)
		}
		for _, declared := range m.Kinds {
			own = append(own, declared.String())
		}
		var named []string
		for _, f := range files {
			if f.test || !strings.HasPrefix(f.path+"/", filepath.Join("app", m.Name)+"/") {
				continue
			}
			ast.Inspect(f.syntax, func(n ast.Node) bool {
				text, ok := n.(*ast.BasicLit)
				if !ok || text.Kind != token.STRING || !strings.Contains(text.Value, "FROM") && !strings.Contains(text.Value, "JOIN") {
					return true
				}
				for _, match := range tableInBraces.FindAllStringSubmatch(text.Value, -1) {
					if _, isTable := tables[match[1]]; isTable && !slices.Contains(own, match[1]) {
						named = append(named, match[1])
						if !slices.Contains(m.Needs, match[1]) {
							t.Errorf("%s reads {%s}, which the module %s neither has nor needs", f.set.Position(text.Pos()), match[1],
								m.Name)
						}
					}
				}
				return true
			})
		}
		for _, needed := range m.Needs {
			if !slices.Contains(named, needed) {
				t.Errorf("the module %s needs %s and reads it nowhere", m.Name, needed)
			}
		}
	}
}
