package format

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"zygo/app/sheet"
	"zygo/app/value"
)

// What a file of a workflow that behaves as in n8n is read to, and what it is made of. Nothing here is what other workflows get.

// readCSVAsInN8n reads a table whose rows have one length, or nothing. An empty cell has no field unless it is asked for, of columns
// with one name the last counts, and the byte order mark is a part of the first name unless it is taken off.
func readCSVAsInN8n(o Options, body []byte, text string, put func(value.Value) error) error {
	var rows [][]string
	err := sheet.Each(text, o.Separator, func(row sheet.Row) error {
		if rows = append(rows, row.Cells); len(rows) > MostRows+1 || len(row.Cells) > mostColumns {
			return wrong("a table has %d rows and %d columns at most", MostRows, mostColumns)
		}
		return nil
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	uneven := func(cells []string) bool { return len(cells) != len(rows[0]) }
	if slices.ContainsFunc(rows, uneven) {
		return nil
	}
	names := slices.Clone(rows[0])
	if !o.Header {
		for i := range names {
			names[i] = fmt.Sprint(i)
		}
	} else if rows = rows[1:]; !o.Unmarked && strings.HasPrefix(string(body), sheet.ByteOrderMark) {
		names[0] = sheet.ByteOrderMark + names[0]
	}
	for _, cells := range rows {
		row := object{}
		for i, cell := range cells {
			if cell != "" || !o.NoEmpty {
				row.set(names[i], value.String(cell))
			}
		}
		if err := put(row.value()); err != nil {
			return err
		}
	}
	return nil
}

// writeCSVAsInN8n writes a table with a column for each value within an item, without a line break behind it.
func writeCSVAsInN8n(o Output, to *limited, rows []value.Value) error {
	var columns []string
	known := map[string]bool{}
	flat := make([]map[string]string, len(rows))
	for i, row := range rows {
		flat[i] = map[string]string{}
		flatten("", row, func(name, cell string) {
			if flat[i][name] = cell; !known[name] {
				known[name] = true
				columns = append(columns, name)
			}
		})
	}
	if len(columns) > mostColumns {
		return wrong("a table has %d columns at most, and the items have %d fields", mostColumns, len(columns))
	}
	var lines strings.Builder
	table := csv.NewWriter(&lines)
	if o.Separator != 0 {
		table.Comma = o.Separator
	}
	if o.Header {
		_ = table.Write(columns) // memory takes everything
	}
	for _, row := range flat {
		cells := make([]string, len(columns))
		for i, column := range columns {
			cells[i] = row[column]
		}
		_ = table.Write(cells)
	}
	table.Flush()
	to.text(sheet.ByteOrderMark)
	if made := strings.TrimSuffix(lines.String(), "\n"); len(columns) > 0 {
		to.text(made)
	} else {
		to.text("\n")
	}
	return to.err
}

// flatten gives the values within a value, by their paths.
func flatten(name string, v value.Value, give func(name, cell string)) {
	within := func(key string) string { return strings.TrimPrefix(name+"."+key, ".") }
	switch v.Kind() {
	case value.ObjectKind:
		for key, inner := range v.Members() {
			flatten(within(key), inner, give)
		}
	case value.ListKind:
		for i, inner := range v.Elements() {
			flatten(within(fmt.Sprint(i)), inner, give)
		}
	case value.BoolKind:
		give(name, strings.ToUpper(v.Text()))
	case value.NullKind, value.UndefinedKind:
		give(name, "")
	default:
		give(name, v.Text())
	}
}
