// Package exchange takes rows out of an instance as tables and stores tables as rows. It knows no HTTP. Start with Read for a table
// that comes in, and with Export for one that goes out.
package exchange

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/sheet"
)

// The bounds of a table that is imported.
const (
	mostImported     = 10_000
	mostColumns      = 200
	mostImportErrors = 1000
	// importBatch rows are stored in one transaction, so that others write in between.
	importBatch = 50
)

// Import is what became of an imported table, or would become of it. Rows are numbered as spreadsheets number them, and those
// that are empty are not counted.
type Import struct {
	Rows    int           `json:"rows"`
	Created int           `json:"created"`
	Failed  int           `json:"failed"`
	Errors  []ImportError `json:"errors"`
	// Ignored are columns that can't be set, such as those that every export has.
	Ignored []string `json:"ignored_columns"`
}

// ImportError is what is wrong with one row. Field is empty where it is about the whole of it.
type ImportError struct {
	Row     int    `json:"row"`
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Table is a table that was read: its columns and rows, and the field that each column fills, nil for none.
type Table struct {
	Header []string
	Fields []*field.Field
	rows   []sheet.Row
	left   []bool
}

// Read reads a table as spreadsheets write it; see sheet.Read. The first row names fields, or their labels.
func Read(spec *resource.Spec, content []byte) (*Table, error) {
	rows, err := sheet.Read(content, mostImported)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.BadRequest, "The table is empty. Its first line names the fields.")
	}
	t := &Table{Header: rows[0].Cells, rows: rows[1:]}
	t.dropEmptyColumns()
	if len(t.Header) > mostColumns {
		return nil, fault.New(fault.BadRequest, "A table has %d columns at most.", mostColumns)
	}
	for _, name := range t.Header {
		t.Fields = append(t.Fields, fieldCalled(spec, name))
	}
	return t, nil
}

// dropEmptyColumns takes away the columns that have neither a name nor a cell, as spreadsheets write them right of a table.
func (t *Table) dropEmptyColumns() {
	used := map[int]bool{}
	see := func(cells []string) {
		for i, cell := range cells {
			used[i] = used[i] || strings.TrimSpace(cell) != ""
		}
	}
	see(t.Header)
	for _, row := range t.rows {
		see(row.Cells)
	}
	keep := func(cells []string) (kept []string) {
		for i, cell := range cells {
			if used[i] {
				kept = append(kept, cell)
			}
		}
		return kept
	}
	t.Header = keep(t.Header)
	for i := range t.rows {
		t.rows[i].Cells = keep(t.rows[i].Cells)
	}
}

// Cells are those of a row by its number, as they stand in the table.
func (t *Table) Cells(number int) []string {
	at, found := slices.BinarySearchFunc(t.rows, number, func(row sheet.Row, number int) int { return row.Number - number })
	if !found {
		return nil
	}
	return t.rows[at].Cells
}

// fieldCalled finds a field by its name or its label.
func fieldCalled(spec *resource.Spec, name string) *field.Field {
	name = strings.ToLower(strings.TrimSpace(name))
	at := slices.IndexFunc(spec.Fields, func(f *field.Field) bool {
		return !f.Internal && (f.Name == name || strings.ToLower(f.Label) == name)
	})
	if at < 0 {
		return nil
	}
	return spec.Fields[at]
}

// LeaveOut takes columns out of the table.
func (t *Table) LeaveOut(isOut func(column int) bool) {
	t.left = make([]bool, len(t.Header))
	for i := range t.Header {
		t.left[i] = isOut(i)
	}
}

// fills tells whether a column fills a field that can be set.
func (t *Table) fills(column int) bool {
	return t.Fields[column] != nil && t.Fields[column].Writable() && (t.left == nil || !t.left[column])
}

// check refuses columns that name nothing, or the same field twice.
func (t *Table) check(spec *resource.Spec) error {
	var wrong []fault.Field
	taken := map[*field.Field]bool{}
	for i, f := range t.Fields {
		switch {
		case t.left != nil && t.left[i]:
			continue
		case f == nil:
			wrong = append(wrong, t.unknown(i, spec))
		case taken[f]:
			wrong = append(wrong, fault.Field{Field: f.Name, Message: "stands in two columns"})
		}
		taken[f] = true
	}
	if wrong != nil {
		return fault.InvalidFields(wrong)
	}
	return nil
}

// unknown tells what is wrong with a column that names no field.
func (t *Table) unknown(column int, spec *resource.Spec) fault.Field {
	name := strings.TrimSpace(t.Header[column])
	switch {
	case name == "":
		return fault.Field{Field: fmt.Sprintf("column %d", column+1), Message: "has no name above its cells"}
	case len(t.Header) == 1 && strings.ContainsAny(name, " :;,/\\"):
		return fault.Field{Field: name, Message: "is no field of " + spec.Name + ". Part the columns by commas, semicolons, tabs or pipes"}
	default:
		return fault.Field{Field: name, Message: "is no field of " + spec.Name}
	}
}

// Store stores the rows of a table, each through the one path of every write. Rows in error are left out and told. A
// dry run does all of it and stores nothing.
func (t *Table) Store(s *resource.Session, kind resource.Resource, dry bool) (*Import, error) {
	if err := t.check(kind.Spec()); err != nil {
		return nil, err
	}
	result := &Import{Rows: len(t.rows), Errors: []ImportError{}, Ignored: []string{}}
	for i := range t.Fields {
		if !t.fills(i) {
			result.Ignored = append(result.Ignored, t.Header[i])
		}
	}
	cells, err := t.cells(s)
	if err != nil {
		return nil, err
	}
	inputs := t.inputs(cells, result)
	for batch := range slices.Chunk(inputs, importBatch) {
		if err := storeBatch(s, kind, batch, dry, result); err != nil {
			return nil, err
		}
	}
	result.Failed = result.Rows - result.Created
	slices.SortStableFunc(result.Errors, func(a, b ImportError) int { return a.Row - b.Row })
	result.Errors = result.Errors[:min(len(result.Errors), mostImportErrors)]
	if !dry {
		err = s.Record(kind.Spec().Name, "imported", "", resource.Success)
	}
	return result, err
}

// importedRow is one row on its way.
type importedRow struct {
	number int
	input  resource.Input
}

// errDry ends a transaction of which nothing is to be kept.
var errDry = errors.New("nothing is kept of a dry run")

// storeBatch stores rows in one transaction. Where some are refused it is undone and tried again without them, until the
// others are stored.
func storeBatch(s *resource.Session, kind resource.Resource, batch []importedRow, dry bool, result *Import) error {
	for len(batch) > 0 {
		refused := map[int][]ImportError{}
		err := s.Write(func(s *resource.Session) error {
			clear(refused)
			for _, row := range batch {
				if _, err := kind.Create(s, row.input); err != nil {
					if refused[row.number] = refusals(row.number, err); refused[row.number] == nil {
						return err
					}
				}
			}
			if dry || len(refused) > 0 {
				return errDry
			}
			return nil
		})
		if err != nil && !errors.Is(err, errDry) {
			return err
		}
		for _, row := range batch {
			result.Errors = append(result.Errors, refused[row.number]...)
		}
		batch = slices.DeleteFunc(slices.Clone(batch), func(row importedRow) bool { return refused[row.number] != nil })
		if err == nil || dry && len(refused) == 0 {
			result.Created += len(batch)
			return nil
		}
	}
	return nil
}

// refusals are what is wrong with a row, nil where the error is not about the row.
func refusals(row int, err error) []ImportError {
	wrong, ok := fault.As(err)
	if !ok || wrong.Code != fault.Invalid && wrong.Code != fault.Conflict {
		return nil
	}
	fields, ok := wrong.Details.([]fault.Field)
	if !ok || len(fields) == 0 {
		return []ImportError{{row, "", wrong.Message}}
	}
	var all []ImportError
	for _, one := range fields {
		all = append(all, ImportError{row, one.Field, one.Message})
	}
	return all
}
