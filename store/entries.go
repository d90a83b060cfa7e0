package store

// The entries of list columns (tags, many references) stand in a table of their own as well, so that the rows whose list
// holds one are found by an index, however many rows there are.

// Entry says that the list of a row holds a text.
type Entry struct {
	TenantID string
	// List is the table and the column: "incident.tags".
	List  string
	Entry string
	RowN  int64
}

func entryTable() *Table {
	t := NewTable[Entry]("entry")
	t.Key = []string{"tenant_id", "list", "entry", "row_n"}
	t.Indexes = []Index{{Columns: []string{"tenant_id", "list", "row_n"}}}
	return t
}

// List replaces what a row's list column is found by; no entry stands twice.
func (tx *Tx) List(scope Scope, t *Table, column string, n int64, entries []string) error {
	table, list := tx.writer.store.tables["entry"], t.Name+"."+column
	if _, err := tx.Delete(scope, table, Pair{"list", list}, Pair{"row_n", n}); err != nil {
		return err
	}
	for _, entry := range entries {
		if err := tx.Insert(scope, table, &Entry{List: list, Entry: entry, RowN: n}); err != nil {
			return err
		}
	}
	return nil
}

// lists is the condition that a list column holds, or lacks, an entry.
func (f Find) lists(args *[]any, c Condition) string {
	*args = append(*args, f.Table.Name+"."+c.Column, c.Value)
	return map[string]string{"lists": "n IN", "lacks": "n NOT IN"}[c.Operator] + " (SELECT row_n FROM {entry} WHERE list = ? AND entry = ?)"
}
