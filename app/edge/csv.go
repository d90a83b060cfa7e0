package edge

import (
	"bufio"
	"encoding/csv"
	"net/http"
	"slices"

	"zygo/app/field"
	"zygo/app/identity"
	"zygo/app/resource"
	"zygo/app/sheet"
)

// ExportCSV streams every row of a list as a table for spreadsheets, a page at a time, so that a list of any length takes
// the memory of one page. Who exports what stands in the ledger before the first row leaves.
//
// What stands before the table, such as sheet.ByteOrderMark, is written before its header.
func ExportCSV(p *identity.Person, kind resource.Resource, query resource.Query, only []string, before string) (*Response, error) {
	query.Page, query.Limit, query.Cursor = 1, resource.MostRows, ""
	page, err := kind.List(p.Session, query)
	if err != nil {
		return nil, err
	}
	if err := p.Record(kind.Spec().Name, "exported", "", resource.Success); err != nil {
		return nil, err
	}
	var fields []*field.Field
	var header []string
	for _, f := range kind.Spec().Fields {
		if !f.Internal && (only == nil || slices.Contains(only, f.Name)) {
			fields = append(fields, f)
			header = append(header, f.Name)
		}
	}
	response := NewResponse(http.StatusOK, "text/csv; charset=utf-8", nil)
	response.Header.Set("Content-Disposition", `attachment; filename="`+kind.Spec().Plural+`.csv"`)
	response.Stream = func(w *bufio.Writer) error {
		if _, err := w.WriteString(before); err != nil {
			return err
		}
		table := csv.NewWriter(w)
		if err := table.Write(header); err != nil {
			return err
		}
		for {
			for _, row := range page.Rows {
				record := make([]string, len(fields))
				for i, f := range fields {
					record[i] = sheet.Inert(kind.Value(row, f))
				}
				if err := table.Write(record); err != nil {
					return err
				}
			}
			table.Flush()
			if err := w.Flush(); err != nil || page.NextCursor == "" {
				return err
			}
			query.Cursor = page.NextCursor
			if page, err = kind.List(p.Session, query); err != nil {
				return err
			}
		}
	}
	return response, nil
}
