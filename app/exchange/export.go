package exchange

import (
	"bufio"
	"encoding/csv"
	"slices"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/sheet"
)

// Export gives what writes every row of a list as a table for spreadsheets, a page at a time, so that a list of any length takes
// the memory of one page. Only names the fields, nil for all. Who exports what stands in the ledger before the first row leaves.
//
// What stands before the table, such as sheet.ByteOrderMark, is written before its header.
func Export(s *resource.Session, kind resource.Resource, query resource.Query, only []string, before string) (
	write func(w *bufio.Writer) error, err error) {
	query.Page, query.Limit, query.Cursor = 1, resource.MostRows, ""
	page, err := kind.List(s, query)
	if err != nil {
		return nil, err
	}
	if err := s.Record(kind.Spec().Name, "exported", "", resource.Success); err != nil {
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
	return func(w *bufio.Writer) error {
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
			if page, err = kind.List(s, query); err != nil {
				return err
			}
		}
	}, nil
}
