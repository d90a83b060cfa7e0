package store

import (
	"context"
	"strconv"
	"strings"
	"unicode"
)

// The search index is one full-text table for all kinds. Each word is stored with the number of its tenant before it
// (t17_checkout), so that no match reads, and no rank weighs, the rows of another tenant. The full text keeps no copy of
// the words; t_search beside it knows which row a match is.

// Searched is what the index keeps of a row.
type Searched struct {
	N           int64
	TenantID    string
	WorkspaceID string
	Kind        string
	ResourceID  string
	Title       string
	// Body is the beginning of the text, for excerpts.
	Body string
}

const (
	longestBody  = 4_000
	longestText  = 50_000
	mostMatches  = 10_000
	mostTerms    = 10
	vocabulary   = 5_000
	searchSchema = "CREATE VIRTUAL TABLE f_search USING fts5 (words, content='', contentless_delete=1, tokenize=\"unicode61 remove_diacritics 2 tokenchars '_'\")"
	vocabSchema  = "CREATE VIRTUAL TABLE v_search USING fts5vocab (f_search, row)"
)

// identity is the column with the id of the row that the table's rows are about.
func (t *Table) identity() string {
	if t.has("id") {
		return "id"
	}
	return "resource_id"
}

func searchTable() *Table {
	t := NewTable[Searched]("search")
	t.Unique = [][]string{{"tenant_id", "resource_id"}}
	return t
}

// Index makes a row findable by the words of text, in the place of what it was found by before. Number is the tenant's.
func (tx *Tx) Index(scope Scope, row Searched, number int64, text string) error {
	if err := tx.Unindex(scope, row.ResourceID); err != nil {
		return err
	}
	row.Body = cut(text, longestBody)
	if err := tx.Insert(scope, tx.writer.store.tables["search"], &row); err != nil {
		return err
	}
	_, err := tx.exec("index", []any{row.N, prefixed(words(row.Title+" "+cut(text, longestText)), number)}, func() string {
		return "INSERT INTO f_search (rowid, words) VALUES (?, ?)"
	})
	return err
}

// Unindex makes a row findable no more.
func (tx *Tx) Unindex(scope Scope, resource string) error {
	rows, err := Select[int64](context.Background(), tx, scope, "SELECT n FROM {search} WHERE resource_id = ?", resource)
	if err != nil || len(rows) == 0 {
		return err
	}
	if _, err := tx.exec("unindex", []any{rows[0]}, func() string { return "DELETE FROM f_search WHERE rowid = ?" }); err != nil {
		return err
	}
	_, err = tx.Delete(scope, tx.writer.store.tables["search"], Pair{"n", rows[0]})
	return err
}

// Rehouse moves what a row is found by to another workspace.
func (tx *Tx) Rehouse(scope Scope, resource, workspace string) error {
	_, err := tx.Change(scope, tx.writer.store.tables["search"], []Pair{{"workspace_id", workspace}}, []Pair{{"resource_id", resource}})
	return err
}

// Match is the full-text query for a person's words in a tenant: all of them, the last one also as a beginning. It is
// empty where the text holds no word.
func Match(text string, number int64) string {
	terms := words(text)
	terms = terms[:min(len(terms), mostTerms)]
	for i := range terms {
		terms[i] = `"` + tenantPrefix(number) + terms[i] + `"`
	}
	if len(terms) == 0 {
		return ""
	}
	return strings.Join(terms, " ") + "*"
}

// Search finds rows of the scope, best first.
func Search(ctx context.Context, from Source, scope Scope, match string, limit int) ([]Searched, error) {
	return Select[Searched](ctx, from, scope, "SELECT s.* FROM (SELECT rowid AS hit, rank AS weight FROM {match} WHERE f_search MATCH ? ORDER BY rank LIMIT 1000) JOIN {search} s ON s.n = hit ORDER BY weight LIMIT ?", match, limit)
}

// Corrected gives a person's words with each one that the tenant's index lacks replaced by its nearest, and tells whether
// anything was replaced.
func Corrected(ctx context.Context, from Source, text string, number int64) (string, bool, error) {
	terms, changed := words(text), false
	terms = terms[:min(len(terms), mostTerms)]
	for i, term := range terms {
		prefix := tenantPrefix(number) + string([]rune(term)[:1])
		// The words of a tenant have its prefix, so the system scope reads no other's.
		known, err := Select[string](ctx, from, System("the vocabulary is the index's own"), "SELECT term FROM {vocabulary} WHERE term >= ? AND term < ? LIMIT ?", prefix, prefix+"\U0010FFFF", vocabulary)
		if err != nil {
			return "", false, err
		}
		best, distance := term, 1+len([]rune(term))/4
		for _, candidate := range known {
			candidate = strings.TrimPrefix(candidate, tenantPrefix(number))
			if strings.HasPrefix(candidate, term) {
				best, distance = term, 0
				break
			}
			if d := editDistance(term, candidate); d <= distance && d > 0 {
				best, distance = candidate, d-1
			}
		}
		if best != term {
			terms[i], changed = best, true
		}
	}
	return strings.Join(terms, " "), changed, nil
}

// words splits text as the tokenizer would: letters and digits make words, everything else parts them.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}

func prefixed(words []string, number int64) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(tenantPrefix(number) + w)
	}
	return b.String()
}

func tenantPrefix(number int64) string { return "t" + strconv.FormatInt(number, 36) + "_" }

func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "")
}

// editDistance counts the letters to insert, remove, replace or swap with their neighbour (Damerau and Levenshtein, in the
// optimal alignment form).
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > 3 || d < -3 {
		return 4
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}

// matches is the condition of a list that only rows with the words are in it: the newest matches, so that a word which
// stands everywhere costs no more than one list.
func (f Find) matches(args *[]any, match string) string {
	*args = append(*args, match, mostMatches, f.Table.Name)
	return "id IN (SELECT resource_id FROM {search} WHERE n IN (SELECT rowid FROM {match} WHERE f_search MATCH ? ORDER BY rowid DESC LIMIT ?) AND kind = ?)"
}
