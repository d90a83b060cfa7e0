package format

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"slices"
	"strings"

	"zygo/app/flow/content"
	"zygo/app/sheet"
	"zygo/app/value"
)

// Output says which file is made of rows.
type Output struct {
	As, Name string
	// Columns are those of a table, in their order; all of the rows when empty.
	Columns []string
	Header  bool
	// Separator stands between the cells of a CSV file, a comma when it is 0.
	Separator rune
	// Formulas leaves texts that a spreadsheet calculates as they are.
	Formulas bool
	// Mark begins a CSV file with the mark by which Excel knows UTF-8.
	Mark bool
	// Sheet is the name of the sheet of an XLSX file.
	Sheet string
	// Root and Row are the elements of an XML file.
	Root, Row string
	// AttributesIn is the field of an element with its attributes, without which they are fields whose names begin with @. TextIn is the
	// field of its text.
	AttributesIn, TextIn string
	// CData writes texts that would need escapes as CDATA, and Headless leaves out the declaration.
	CData, Headless bool
	// One tells that a JSON file holds its only row and not a list with it.
	One bool
	// Lines puts each value of a JSON file on a line of its own.
	Lines bool
	// AsInN8n makes what n8n makes as it does; see as_n8n.go.
	AsInN8n bool
}

// kinds are the endings and media types of the files that are made.
var kinds = map[string]struct {
	ending, mediaType string
	write             func(o Output, to *limited, rows []value.Value) error
}{
	CSV:   {".csv", "text/csv; charset=utf-8", writeCSV},
	JSON:  {".json", "application/json", writeJSON},
	JSONL: {".jsonl", "application/x-ndjson", writeJSONL},
	XLSX:  {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", writeXLSX},
	HTML:  {".html", "text/html; charset=utf-8", writeHTML},
	XML:   {".xml", "application/xml", writeXML},
	Text:  {".txt", "text/plain; charset=utf-8", writeText},
}

// Write makes a file of rows.
func Write(o Output, rows []value.Value) (content.File, error) {
	kind, known := kinds[o.As]
	if !known {
		return content.File{}, wrong("files can't be made as %.40q", o.As)
	}
	o.Name = Named(o.Name, kind.ending)
	to := &limited{}
	if err := kind.write(o, to, rows); err != nil {
		return content.File{}, err
	}
	return content.File{Name: o.Name, MediaType: kind.mediaType, Body: to.made.Bytes()}, nil
}

// Named is the name of a file that ends as its format wants.
func Named(name, ending string) string {
	if name == "" {
		name = "file"
	}
	if strings.HasSuffix(strings.ToLower(name), ending) {
		return name
	}
	return name + ending
}

// limited is a file that is written, up to the largest that one may be.
type limited struct {
	made bytes.Buffer
	err  error
}

// Write appends to the file. Once it is too large it stays so.
func (l *limited) Write(p []byte) (int, error) {
	if l.err == nil && l.made.Len()+len(p) > mostUnpacked {
		l.err = wrong("the file would be larger than %d MiB", mostUnpacked>>20)
	}
	if l.err != nil {
		return 0, l.err
	}
	return l.made.Write(p)
}

func (l *limited) text(s string) { _, _ = l.Write([]byte(s)) } // whose error stays in l

// escaped writes a text so that XML and HTML take it for one. What no document can hold becomes U+FFFD.
func (l *limited) escaped(s string) { _ = xml.EscapeText(l, []byte(s)) }

// columns are those of a table.
func (o Output) columns(rows []value.Value) ([]string, error) {
	columns := slices.Clone(o.Columns)
	if len(columns) == 0 {
		known := map[string]bool{}
		for _, row := range rows {
			for name := range row.Members() {
				if !known[name] {
					known[name] = true
					columns = append(columns, name)
				}
			}
		}
	}
	if len(columns) > mostColumns {
		return nil, wrong("a table has %d columns at most, and the items have %d fields", mostColumns, len(columns))
	}
	return columns, nil
}

// cells are the values of a row in the order of the columns, each named by its field or by the path to it.
func cells(row value.Value, columns []string) []value.Value {
	all := make([]value.Value, len(columns))
	for i, column := range columns {
		if all[i] = row.Get(column); all[i].Kind() != value.UndefinedKind {
			continue
		}
		if path, err := value.ParsePath(column); err == nil {
			all[i] = row.Find(path)
		}
	}
	return all
}

// cellText is a value as it stands in a cell.
func cellText(v value.Value) string {
	switch v.Kind() {
	case value.UndefinedKind, value.NullKind:
		return ""
	case value.ListKind, value.ObjectKind:
		return v.JSON()
	case value.NumberKind:
		return v.Raw()
	}
	return v.Text()
}

func writeCSV(o Output, to *limited, rows []value.Value) error {
	if o.AsInN8n {
		return writeCSVAsInN8n(o, to, rows)
	}
	columns, err := o.columns(rows)
	if err != nil {
		return err
	}
	inert := sheet.Inert
	if o.Formulas {
		inert = func(text string) string { return text }
	}
	if o.Mark {
		to.text(sheet.ByteOrderMark)
	}
	table := csv.NewWriter(to)
	if o.Separator != 0 {
		table.Comma = o.Separator
	}
	record := make([]string, len(columns))
	if o.Header {
		for i, column := range columns {
			record[i] = inert(column)
		}
		if err := table.Write(record); err != nil {
			return err
		}
	}
	for _, row := range rows {
		for i, cell := range cells(row, columns) {
			record[i] = inert(cellText(cell))
		}
		if err := table.Write(record); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}

func writeJSON(o Output, to *limited, rows []value.Value) error {
	whole := value.List(rows...)
	if o.One && len(rows) == 1 {
		whole = rows[0]
	}
	text := []byte(whole.JSON())
	if o.Lines {
		var lines bytes.Buffer
		_ = json.Indent(&lines, text, "", "  ") // it is JSON
		text = lines.Bytes()
	}
	to.text(string(text))
	return to.err
}

func writeJSONL(_ Output, to *limited, rows []value.Value) error {
	for _, row := range rows {
		to.text(row.JSON())
		to.text("\n")
	}
	return to.err
}

// writeText writes texts, each of which begins a line.
func writeText(_ Output, to *limited, rows []value.Value) error {
	for i, row := range rows {
		if i > 0 {
			to.text("\n")
		}
		to.text(cellText(row))
	}
	return to.err
}
