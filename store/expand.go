package store

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// expand turns a hand-written query into the SQL that runs: {incident} becomes the tenant's visible rows, {incident+trash}
// those with the trash, and each ? gets its number. SQLite flattens the subqueries, so that plans equal hand-filtered
// ones. What could reach past the tables named in braces is refused: physical names, quoting, comments, a second statement.
func (s *Store) expand(text string, scope Scope) (string, error) {
	out := strings.Builder{}
	out.Grow(len(text) + 256)
	parameter := map[byte]int{'s': 0, 't': 1, 'v': 2}[scope.mode()]
	words, last := 0, ""
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '\'':
			end := strings.IndexByte(text[i+1:], '\'')
			if end < 0 {
				return "", refuse(text, "a string without an end")
			}
			out.WriteString(text[i : i+end+2])
			i += end + 2
		case c == '{':
			end := strings.IndexByte(text[i:], '}')
			if end < 0 {
				return "", refuse(text, "a brace without an end")
			}
			rows, err := s.rows(text[i+1:i+end], scope)
			if err != nil {
				return "", err
			}
			out.WriteString(rows)
			i += end + 1
		case c == '?':
			parameter++
			number := "?" + strconv.Itoa(parameter)
			if last == "limit" {
				// SQLite plans for the value of a bare parameter here, so that it would prepare the statement again for each call.
				number = "(" + number + " + 0)"
			}
			out.WriteString(number)
			i++
		case isLetter(c):
			end := wordEnd(text, i)
			last = strings.ToLower(text[i:end])
			if words++; words == 1 && last != "select" && last != "with" {
				return "", refuse(text, "a first word other than SELECT or WITH")
			}
			if forbidden(last) {
				return "", refuse(text, "the word "+last)
			}
			out.WriteString(cmp.Or(dialect[last], text[i:end]))
			i = end
		case strings.IndexByte(";\"`[]\\#$@:", c) >= 0, strings.HasPrefix(text[i:], "--"), strings.HasPrefix(text[i:], "/*"):
			return "", refuse(text, "the character "+string(c))
		default:
			out.WriteByte(c)
			i++
		}
	}
	if words == 0 {
		return "", refuse(text, "no word in it")
	}
	return out.String(), nil
}

// rows is the parenthesised subquery for one table in braces.
func (s *Store) rows(name string, scope Scope) (string, error) {
	switch name {
	case "match":
		return "f_search", nil
	case "vocabulary":
		return "v_search", nil
	}
	name, trash := strings.CutSuffix(name, "+trash")
	table, ok := s.tables[name]
	if !ok {
		return "", fmt.Errorf("query names the table {%s}, which nobody declares", name)
	}
	if table.From != "" {
		read, err := s.expand(string(table.From), scope)
		return "(" + read + ")", err
	}
	var clauses []string
	if !scope.system {
		if table.owned() {
			clauses = append(clauses, "tenant_id = ?1")
		} else {
			clauses = append(clauses, table.Visible)
		}
		if scope.visible != "" && table.has("workspace_id") {
			clauses = append(clauses,
				"(workspace_id IN (SELECT value FROM json_each(?2)) OR "+table.identity()+" IN (SELECT value FROM json_each(?2)))")
		}
	}
	if !trash && table.has("deleted_at") {
		clauses = append(clauses, "deleted_at IS NULL")
	}
	if len(clauses) == 0 {
		return table.physical(), nil
	}
	return "(SELECT * FROM " + table.physical() + " WHERE " + strings.Join(clauses, " AND ") + ")", nil
}

// dialect has what queries say in words of their own, because each database names it differently: list_values(list) is a table
// with a column value of the entries of a JSON list, list_of(x) a JSON list of x in each row, and text_position(text, part) where
// a text has a part, 0 for nowhere.
var dialect = map[string]string{
	"list_values":   "json_each",
	"list_of":       "json_group_array",
	"text_position": "instr",
}

// wordEnd is where the word that begins at a place ends.
func wordEnd(text string, at int) int {
	for at < len(text) && (isLetter(text[at]) || text[at] >= '0' && text[at] <= '9') {
		at++
	}
	return at
}

func isLetter(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func forbidden(word string) bool {
	switch word {
	case "insert", "update", "delete", "pragma", "attach", "detach", "vacuum", "load_extension", "returning", "into":
		return true
	}
	return strings.HasPrefix(word, "v_search") || strings.HasPrefix(word, "t_") || strings.HasPrefix(word, "sqlite_") ||
		strings.HasPrefix(word, "pragma_") || strings.HasPrefix(word, "goose")
}

func refuse(text, what string) error {
	return fmt.Errorf("query refused for %s: %s", what, text)
}
