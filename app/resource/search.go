package resource

import (
	"hash/fnv"
	"strings"
	"unicode/utf8"

	"zygo/app/fault"
	"zygo/app/fold"
	"zygo/store"
)

// Found is one row that a search found.
type Found struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`
	Title string `json:"title"`
	// Excerpt is the text around the first hit.
	Excerpt string `json:"excerpt"`
}

const (
	mostFound     = 50
	longestSearch = 200
	excerptBefore = 40
	excerptLength = 160
)

// CheckSearch refuses words that are too many to look for.
func CheckSearch(words string) error {
	if utf8.RuneCountInString(words) > longestSearch {
		return fault.New(fault.BadRequest, "A search has %d characters at most.", longestSearch)
	}
	return nil
}

// isSearched tells whether the kind's rows stand in the full-text index. Those of the instance are few, and those that
// their area writes are many; both are searched in their table.
func (b *bound[T]) isSearched() bool {
	if b.spec.Instance || b.own.version == nil {
		return false
	}
	for _, f := range b.spec.Fields {
		if f.Search && f.To == "" {
			return true
		}
	}
	return false
}

// index updates the full text of the row, in the same transaction.
func (b *bound[T]) index(s *Session, c *Change[T]) error {
	if !b.isSearched() {
		return nil
	}
	if c.Verb == Delete {
		return s.tx.Unindex(s.scope, b.id(c.row))
	}
	text := b.searchText(c.row)
	if c.Before != nil && c.Verb != Restore && text == b.searchText(c.Before) && b.Title(c.row) == b.Title(c.Before) {
		return nil
	}
	row := store.Searched{Kind: b.spec.Name, ResourceID: b.id(c.row), Title: b.Title(c.row)}
	row.WorkspaceID = b.workspace(c.row)
	return s.tx.Index(s.scope, row, tenantNumber(s.Tenant()), text)
}

// carry takes what hangs on a row, and what it is found by, to the row's new workspace.
func (s *Session) carry(spec *Spec, id, workspace string) error {
	to := []Pair{{Column: "workspace_id", Value: workspace}}
	if err := s.tx.Rehouse(s.scope, id, workspace); err != nil {
		return err
	}
	for _, child := range s.kernel.kinds {
		parent := child.Spec().Parent
		if parent == nil || parent.To != spec.Name {
			continue
		}
		below := map[string]string{}
		find := store.Find{
			Table:   child.Table(),
			Columns: []string{"id", "id"},
			Where:   []store.Condition{{Column: parent.Name, Operator: "=", Value: id}},
		}
		if err := store.Pairs(s.Context, s.tx, s.scope, find, below); err != nil {
			return err
		}
		if _, err := s.Change(child.Table(), to, []Pair{{Column: parent.Name, Value: id}}); err != nil {
			return err
		}
		for row := range below {
			if err := s.carry(child.Spec(), row, workspace); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bound[T]) searchText(row *T) string {
	var parts []string
	for _, f := range b.spec.Fields {
		if f.Search && f.To == "" && f != b.spec.Title {
			parts = append(parts, f.Type.Text(f.Of(b.value(row))))
		}
	}
	return strings.Join(parts, "\n")
}

// tenantNumber sets the words of one tenant apart from those of the others. Two tenants that share a number share
// statistics of words and nothing else: a match is looked up within the scope.
func tenantNumber(tenant string) int64 {
	h := fnv.New32a()
	h.Write([]byte(tenant))
	return int64(h.Sum32())
}

// Search finds rows of all kinds that the session may read, best first. Where the words find nothing, their nearest words
// are tried, and corrected says which.
func (s *Session) Search(words string) (found []Found, corrected string, err error) {
	if err := CheckSearch(words); err != nil {
		return nil, "", err
	}
	visible, number := s.findable(), tenantNumber(s.Tenant())
	if found, err = s.search(words, visible, number); err != nil || len(found) > 0 || s.Tenant() == "" {
		return found, "", err
	}
	nearest, changed, err := store.Corrected(s.Context, s.source(), s.scope, visible, words, number)
	if err != nil || !changed {
		return found, "", err
	}
	found, err = s.search(nearest, visible, number)
	return found, nearest, err
}

func (s *Session) search(words string, visible store.Condition, number int64) ([]Found, error) {
	found := []Found{}
	match := store.Match(words, number)
	if match == "" || s.Tenant() == "" {
		return found, nil // who is in no organization has no rows to find
	}
	rows, err := store.Search(s.Context, s.source(), s.scope, visible, match, mostFound)
	for _, row := range rows {
		found = append(found, Found{row.Kind, row.ResourceID, row.Title, fold.Excerpt(row.Body, words, excerptBefore, excerptLength)})
	}
	return found, err
}

// findable are the rows of the index that the session may read. They are told apart before the best are chosen, so that rows
// which somebody can't see neither take places nor lend words.
func (s *Session) findable() store.Condition {
	whole := []any{}
	var some []store.Condition
	for _, kind := range s.kernel.kinds {
		spec := kind.Spec()
		if !s.May(spec, Get) || spec.Owner != nil {
			continue
		}
		of := store.Condition{Column: "kind", Operator: "=", Value: spec.Name}
		if rows := s.readable(spec, "resource_id"); rows == nil {
			whole = append(whole, spec.Name)
		} else {
			some = append(some, store.Condition{All: true, Alternatives: append(rows, of)})
		}
	}
	return store.Condition{Alternatives: append(some, store.Condition{Column: "kind", Operator: "in", Value: whole})}
}
