package format

import (
	"fmt"
	"strings"

	"zygo/app/fault"
	"zygo/app/sheet"
	"zygo/app/value"
)

func readCSV(o Options, body []byte, put func(value.Value) error) error {
	text, err := decoded(o.Charset, body)
	if err != nil {
		return err
	}
	if o.AsInN8n {
		return readCSVAsInN8n(o, body, text, put)
	}
	table := table{header: o.Header, noEmpty: o.NoEmpty, put: put}
	err = sheet.Each(text, o.Separator, func(row sheet.Row) error {
		if len(row.Cells) > mostColumns {
			return wrong("row %d has %d cells; %d are the most", row.Number, len(row.Cells), mostColumns)
		}
		cells := make([]value.Value, len(row.Cells))
		for i, cell := range row.Cells {
			cells[i] = cellValue(sheet.Active(cell), o.Typed)
		}
		return table.row(cells)
	})
	if f, ok := fault.As(err); ok {
		return wrong("%s", f.Message)
	}
	return err
}

// typed are cells that say a number or a boolean. One with a leading zero or plus is a name, such as that of a place or a phone.
var typed = pattern(`^(true|false|-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?)$`)

func cellValue(text string, byType bool) value.Value {
	if byType && len(text) < 80 && typed().MatchString(text) {
		if v, err := value.Parse([]byte(text), value.Limits{}); err == nil {
			return v
		}
	}
	return value.String(text)
}

// table makes objects of rows of cells.
type table struct {
	header  bool
	noEmpty bool
	asInN8n bool
	columns []string
	put     func(value.Value) error
}

// row takes the next row: the names of the columns if it is the first of a table that has some, else one to hand on.
func (t *table) row(cells []value.Value) error {
	if t.header && t.columns == nil {
		t.name(cells)
		return nil
	}
	if t.asInN8n && !t.header {
		for i := range cells {
			if cells[i].Kind() == value.UndefinedKind {
				cells[i] = value.Null()
			}
		}
		return t.put(value.Object(value.Member{Key: "row", Value: value.List(cells...)}))
	}
	for len(t.columns) < len(cells) {
		t.columns = append(t.columns, fmt.Sprintf("column_%d", len(t.columns)+1))
	}
	members := make([]value.Member, 0, len(t.columns))
	for i, column := range t.columns {
		cell := value.Null()
		if i < len(cells) && cells[i].Kind() != value.UndefinedKind {
			cell = cells[i]
		}
		if isEmpty := cell.IsMissing() || cell.Kind() == value.StringKind && cell.Raw() == ""; !isEmpty || !t.noEmpty {
			members = append(members, value.Member{Key: column, Value: cell})
		}
	}
	if t.asInN8n && len(members) == 0 {
		return nil
	}
	return t.put(value.Object(members...))
}

// name gives each column a name of its own.
func (t *table) name(cells []value.Value) {
	taken, second := map[string]bool{}, 2
	if t.asInN8n {
		second = 1
	}
	t.columns = make([]string, len(cells))
	for i, cell := range cells {
		name := strings.TrimSpace(cellText(cell))
		switch {
		case name == "" && t.asInN8n:
			name = "__EMPTY"
		case name == "":
			name = fmt.Sprintf("column_%d", i+1)
		}
		own := name
		for n := second; taken[own]; n++ {
			own = fmt.Sprintf("%s_%d", name, n)
		}
		taken[own] = true
		t.columns[i] = own
	}
}
