package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"zygo/app/fold"
)

// The search index is one full-text table for all kinds. Each part of a word (fold.Words) is stored with the number of its
// tenant before it (t17_checkout), so that no match reads, and no rank weighs, the rows of another tenant. The full text keeps
// no copy of the words; t_search knows which row a match is.

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
	longestBody = 4_000
	longestText = 50_000
	mostMatches = 10_000
	mostTerms   = 10
	// shortBeginning is the length in bytes from which a word before the last one is taken as a beginning.
	shortBeginning = 3
	vocabulary     = 5_000
	searchSchema   = "CREATE VIRTUAL TABLE f_search USING fts5 (words, content='', contentless_delete=1, tokenize=\"ascii tokenchars '_'\")"
	vocabSchema    = "CREATE VIRTUAL TABLE v_search USING fts5vocab (f_search, row)"
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
	_, err := tx.exec("index", []any{row.N, indexed(row.Title+" "+cut(text, longestText), number)}, func() string {
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

// Match is the full-text query for a person's words in a tenant: all of them, each as a beginning. Where few letters would
// begin too much, only the last word is taken as a beginning, because its writer may not be done. It is empty where the text
// holds no word.
func Match(text string, number int64) string {
	words := searchedWords(text)
	for i, parts := range words {
		begins := i == len(words)-1 || len(strings.Join(parts, "")) >= shortBeginning
		words[i] = []string{phrase(parts, number, begins)}
	}
	return strings.Join(slices.Concat(words...), " ")
}

func searchedWords(text string) [][]string {
	words := fold.Words(text)
	return words[:min(len(words), mostTerms)]
}

// phrase finds the parts of a word one after the other.
func phrase(parts []string, number int64, begins bool) string {
	star := ""
	if begins {
		star = "*"
	}
	return `"` + prefixed(parts, number) + `"` + star
}

// Search finds rows of the scope that are visible, best first. The condition is one on kind, resource_id and workspace_id.
func Search(ctx context.Context, from Source, scope Scope, visible Condition, match string, limit int) ([]Searched, error) {
	args := []any{match}
	var where strings.Builder
	if err := (Find{Table: searchTable()}).condition(&where, &args, visible); err != nil {
		return nil, err
	}
	return selectText[Searched](ctx, from, scope,
		"SELECT s.* FROM (SELECT rowid AS hit, rank AS weight FROM {match} WHERE f_search MATCH ? ORDER BY rank LIMIT 1000) JOIN {search} s ON s.n = hit WHERE "+
			where.String()+" ORDER BY weight LIMIT ?", append(args, limit))
}

// Corrected gives a person's words with each one that no visible row has replaced by the nearest that one has, and tells whether
// anything was replaced. Words of rows that the person can't see are never given away.
func Corrected(ctx context.Context, from Source, scope Scope, visible Condition, text string, number int64) (string, bool, error) {
	changed := false
	var words []string
	for _, parts := range searchedWords(text) {
		word := strings.Join(parts, "")
		if len(parts) == 1 {
			nearest, err := nearestWord(ctx, from, scope, visible, word, number)
			if err != nil {
				return "", false, err
			}
			changed = changed || nearest != word
			word = nearest
		}
		words = append(words, word)
	}
	return strings.Join(words, " "), changed, nil
}

func nearestWord(ctx context.Context, from Source, scope Scope, visible Condition, word string, number int64) (string, error) {
	prefix := prefixed([]string{string([]rune(word)[:1])}, number)
	// The words of a tenant have its prefix, so the system scope reads no other's.
	known, err := Select[string](ctx, from, System("the vocabulary is the index's own"),
		"SELECT term FROM {vocabulary} WHERE term >= ? AND term < ? LIMIT ?", prefix, prefix+"\U0010FFFF", vocabulary)
	if err != nil {
		return "", err
	}
	near := make([][]string, 1+len([]rune(word))/4) // by their distance
	for _, candidate := range known {
		candidate = strings.TrimPrefix(candidate, tenantPrefix(number))
		if strings.HasPrefix(candidate, word) {
			near[0] = append(near[0], word)
		} else if d := editDistance(word, candidate); d < len(near) {
			near[d] = append(near[d], candidate)
		}
	}
	candidates := slices.Compact(slices.Concat(near...))
	for _, candidate := range candidates[:min(len(candidates), mostTerms)] {
		seen, err := Search(ctx, from, scope, visible, phrase([]string{candidate}, number, candidate == word), 1)
		if err != nil || len(seen) > 0 {
			return candidate, err
		}
	}
	return word, nil
}

func indexed(text string, number int64) string {
	return prefixed(slices.Concat(fold.Words(text)...), number)
}

func prefixed(parts []string, number int64) string {
	var b strings.Builder
	for i, part := range parts {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(tenantPrefix(number) + part)
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
