package edge

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity"
	"zygo/app/resource"
)

// The bounds of a table that is imported.
const (
	mostImported     = 10_000
	mostColumns      = 200
	mostImportErrors = 1000
	// importBatch rows are stored in one transaction, so that others write in between.
	importBatch = 50
)

// Import is what became of an imported table, or would become of it. Rows are numbered as spreadsheets number them: the
// first one below the header is row 2.
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

// Table is a CSV file that was read: its columns and rows, and the field that each column fills, nil for none.
type Table struct {
	Header []string
	Fields []*field.Field
	rows   [][]string
	left   []bool
}

// ReadTable reads a CSV file in UTF-8. The first line names fields, or their labels; a semicolon in place of the comma is
// found by that line.
func ReadTable(spec *resource.Spec, content []byte) (*Table, error) {
	content = bytes.TrimPrefix(content, []byte("\uFEFF"))
	if !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 {
		return nil, fault.New(fault.BadRequest, "The table must be CSV in UTF-8. Save it as \"CSV UTF-8\" and try again.")
	}
	first, _, _ := bytes.Cut(content, []byte("\n"))
	reader := csv.NewReader(bytes.NewReader(content))
	reader.FieldsPerRecord = -1
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		reader.Comma = ';'
	}
	t := &Table{}
	for {
		row, err := reader.Read()
		if err == io.EOF {
			break
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			return nil, fault.New(fault.BadRequest, "The table can't be read at line %d: %v.", wrong.StartLine, wrong.Err)
		}
		if err != nil {
			return nil, err
		}
		if t.rows = append(t.rows, row); len(t.rows) > mostImported+1 {
			return nil, fault.New(fault.TooLarge, "A table has %d rows at most. Import it in parts.", mostImported)
		}
	}
	if len(t.rows) == 0 {
		return nil, fault.New(fault.BadRequest, "The table is empty. Its first line names the fields.")
	}
	t.Header, t.rows = t.rows[0], t.rows[1:]
	if len(t.Header) > mostColumns {
		return nil, fault.New(fault.BadRequest, "A table has %d columns at most.", mostColumns)
	}
	for _, name := range t.Header {
		t.Fields = append(t.Fields, fieldCalled(spec, name))
	}
	return t, nil
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
			wrong = append(wrong, fault.Field{Field: t.Header[i], Message: "is no field of " + spec.Name})
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

// ImportTable stores the rows of a table, each through the one path of every write. Rows in error are left out and told. A
// dry run does all of it and stores nothing.
func ImportTable(p *identity.Person, kind resource.Resource, t *Table, dry bool) (*Import, error) {
	if err := t.check(kind.Spec()); err != nil {
		return nil, err
	}
	result := &Import{Rows: len(t.rows), Errors: []ImportError{}, Ignored: []string{}}
	for i := range t.Fields {
		if !t.fills(i) {
			result.Ignored = append(result.Ignored, t.Header[i])
		}
	}
	titles, err := t.titles(p)
	if err != nil {
		return nil, err
	}
	inputs := t.inputs(titles, result)
	for batch := range slices.Chunk(inputs, importBatch) {
		if err := storeBatch(p, kind, batch, dry, result); err != nil {
			return nil, err
		}
	}
	result.Failed = result.Rows - result.Created
	slices.SortStableFunc(result.Errors, func(a, b ImportError) int { return a.Row - b.Row })
	result.Errors = result.Errors[:min(len(result.Errors), mostImportErrors)]
	if !dry {
		err = p.Record(kind.Spec().Name, "imported", "", resource.Success)
	}
	return result, err
}

// importedRow is one row on its way.
type importedRow struct {
	number int
	input  resource.Input
}

// titles are the ids of the rows that cells name by their titles, by kind and title.
func (t *Table) titles(p *identity.Person) (map[string]map[string][]string, error) {
	named := map[string][]string{}
	for i, f := range t.Fields {
		if !t.fills(i) || f.To == "" {
			continue
		}
		for _, row := range t.rows {
			if i < len(row) {
				named[f.To] = append(named[f.To], namesIn(f, row[i])...)
			}
		}
	}
	found := map[string]map[string][]string{}
	for to, names := range named {
		slices.Sort(names)
		var err error
		if found[to], err = p.IDsOf(to, slices.Compact(names)); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// namesIn are the rows that a cell names.
func namesIn(f *field.Field, cell string) []string {
	value := f.New()
	if f.Type.FromText(f, strings.TrimSpace(active(cell)), value) != nil {
		return nil
	}
	return f.Refers(value)
}

// inputs turn rows into what a form would send. A title that one row has stands for its id.
func (t *Table) inputs(titles map[string]map[string][]string, result *Import) []importedRow {
	var inputs []importedRow
	seen := map[string]int{}
	for at, row := range t.rows {
		one := importedRow{at + 2, resource.Input{}}
		refuse := func(name, message string) {
			result.Errors = append(result.Errors, ImportError{one.number, name, message})
			one.input = nil
		}
		if len(row) > len(t.Header) {
			refuse("", fmt.Sprintf("has %d cells below %d columns", len(row), len(t.Header)))
		}
		for i, f := range t.Fields {
			if i >= len(row) || !t.fills(i) || one.input == nil {
				continue
			}
			text := active(row[i])
			if f.To != "" {
				var message string
				if text, message = idsIn(f, text, titles[f.To]); message != "" {
					refuse(f.Name, message)
					continue
				}
			}
			if f.Unique && text != "" {
				key := f.Name + "\n" + strings.ToLower(strings.TrimSpace(text))
				if before := seen[key]; before > 0 {
					refuse(f.Name, fmt.Sprintf("stands in row %d already", before))
					continue
				}
				seen[key] = one.number
			}
			if text != "" || f.Default == "" {
				one.input[f.Name] = resource.Text(text)
			}
		}
		if one.input != nil {
			inputs = append(inputs, one)
		}
	}
	return inputs
}

func idsIn(f *field.Field, cell string, titles map[string][]string) (ids, message string) {
	var all []string
	for _, name := range namesIn(f, cell) {
		switch known := titles[name]; len(known) {
		case 0:
			all = append(all, name) // an id, or not found
		case 1:
			all = append(all, known[0])
		default:
			return "", fmt.Sprintf("names %q, which several rows are called; give the id", name)
		}
	}
	return strings.Join(all, ","), ""
}

// errDry ends a transaction of which nothing is to be kept.
var errDry = errors.New("nothing is kept of a dry run")

// storeBatch stores rows in one transaction. Where some are refused it is undone and tried again without them, until the
// others are stored.
func storeBatch(p *identity.Person, kind resource.Resource, batch []importedRow, dry bool, result *Import) error {
	for len(batch) > 0 {
		refused := map[int][]ImportError{}
		err := p.Write(func(s *resource.Session) error {
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
