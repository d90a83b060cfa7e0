package ui

import (
	"zygo/app/resource"
)

// explain puts the cause of a failure into its row, instead of a column that is empty for all others.
func (v *visit) explain(kind resource.Resource, table *Table, records []resource.Record) {
	field, ok := kind.Spec().Field("error_message")
	if !ok {
		return
	}
	at := -1
	for i, f := range columnsOf(kind.Spec()) {
		if f == field {
			at = i
		}
	}
	for i, record := range records {
		table.Rows[i].Cause = shorten(kind.Value(record, field), 160)
	}
	if at < 0 {
		return
	}
	table.Columns = append(table.Columns[:at:at], table.Columns[at+1:]...)
	for i := range table.Rows {
		cells := table.Rows[i].Cells
		table.Rows[i].Cells = append(cells[:at:at], cells[at+1:]...)
	}
}
