package format

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
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

// flatTable are rows with a column for each value within an item, by its path.
func flatTable(rows []value.Value) (columns []string, flat []map[string]value.Value, err error) {
	known := map[string]bool{}
	flat = make([]map[string]value.Value, len(rows))
	for i, row := range rows {
		flat[i] = map[string]value.Value{}
		flatten("", row, func(name string, cell value.Value) {
			if flat[i][name] = cell; !known[name] {
				known[name] = true
				columns = append(columns, name)
			}
		})
	}
	if len(columns) > mostColumns {
		return nil, nil, wrong("a table has %d columns at most, and the items have %d fields", mostColumns, len(columns))
	}
	return columns, flat, nil
}

// writeCSVAsInN8n writes a table without a line break behind it.
func writeCSVAsInN8n(o Output, to *limited, rows []value.Value) error {
	columns, flat, err := flatTable(rows)
	if err != nil {
		return err
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
			cells[i] = shownInN8n(row[column])
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

// writeHTMLAsInN8n writes a table whose cells have their type, their value and their name as in a sheet.
func writeHTMLAsInN8n(o Output, to *limited, rows []value.Value) error {
	columns, flat, err := flatTable(rows)
	if err != nil {
		return err
	}
	if o.Header {
		names := map[string]value.Value{}
		for _, column := range columns {
			names[column] = value.String(column)
		}
		flat = slices.Insert(flat, 0, names)
	}
	to.text(`<html><head><meta charset="utf-8"/><title>SheetJS Table Export</title></head><body><table>`)
	types := map[value.Kind]string{value.StringKind: "s", value.NumberKind: "n", value.BoolKind: "b"}
	for i, row := range flat {
		to.text("<tr>")
		for j, column := range columns {
			to.text("<td ")
			if v := row[column]; !v.IsMissing() {
				to.text(`data-t="` + types[v.Kind()] + `" data-v="` + cellEscapes.Replace(v.Text()) + `" `)
			}
			to.text(`id="sjs-` + columnName(j) + strconv.Itoa(i+1) + `">` + cellEscapes.Replace(shownInN8n(row[column])) + "</td>")
		}
		to.text("</tr>")
	}
	to.text("</table></body></html>")
	return to.err
}

var cellEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;", "\n", "<br/>")

// columnName is the letters of a column by its place.
func columnName(place int) (name string) {
	for ; place >= 0; place = place/26 - 1 {
		name = string(rune('A'+place%26)) + name
	}
	return name
}

// flatten gives the values within a value, by their paths.
func flatten(name string, v value.Value, give func(name string, cell value.Value)) {
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
	default:
		give(name, v)
	}
}

// shownInN8n is a value as it stands in a cell.
func shownInN8n(v value.Value) string {
	switch v.Kind() {
	case value.BoolKind:
		return strings.ToUpper(v.Text())
	case value.NullKind, value.UndefinedKind:
		return ""
	}
	return v.Text()
}
