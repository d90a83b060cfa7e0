package house

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// understood are the functions that the SQL of areas may call: SQLite and PostgreSQL have them both, or the store gives them
// (list_values, list_of, text_position, folded).
var understood = []string{
	"avg", "coalesce", "count", "length", "lower", "max", "min", "nullif", "replace", "row_number", "string_agg", "substr", "sum", "upper",
	"list_of", "list_values", "text_position", "folded",
}

// words before a parenthesis that call nothing.
var grammar = []string{
	"all", "and", "as", "between", "by", "distinct", "else", "exists", "filter", "from", "having", "in", "join", "not", "on", "or", "over",
	"select", "then", "union", "values", "when", "where",
}

var called = regexp.MustCompile(`([A-Za-z_]+)\s?\(`)

// with names a table of a query's own.
var with = regexp.MustCompile(`WITH (?:RECURSIVE )?(\w+)`)

// strange are words that one database alone understands.
var strange = regexp.MustCompile(`(?i)\b(glob|match|rowid|indexed by|insert or|replace into|regexp|collate|ilike|similar to)\b`)

func TestSQLIsPortable(t *testing.T) {
	t.Parallel()
	queries := 0
	for _, f := range source(t) {
		if f.test || !strings.HasPrefix(f.pkg, "zygo/app/") && !strings.HasPrefix(f.pkg, "zygo/jobs") &&
			!strings.HasPrefix(f.pkg, "zygo/ui/") {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			text, _ := strconv.Unquote(literal.Value)
			if !strings.Contains(text, "SELECT ") && !strings.Contains(text, " FROM {") {
				return true
			}
			queries++
			var named []string
			for _, table := range with.FindAllStringSubmatch(text, -1) {
				named = append(named, strings.ToLower(table[1]))
			}
			for _, call := range called.FindAllStringSubmatch(text, -1) {
				if name := strings.ToLower(call[1]); !slices.Contains(slices.Concat(understood, grammar, named), name) {
					t.Errorf("%s calls %s, which not every database has", f.set.Position(literal.Pos()), call[1])
				}
			}
			if found := strange.FindString(text); found != "" {
				t.Errorf("%s says %s, which not every database understands", f.set.Position(literal.Pos()), found)
			}
			return true
		})
	}
	if queries < 100 {
		t.Errorf("only %d queries were found", queries)
	}
}
