package ui

import "unicode/utf8"

// wideText is from how many letters on a column may cut a text; briefText is up to where a name fits into the least column.
const (
	wideText  = 24
	briefText = 24
)

// wholeText is what a cell of plain words says, empty for other cells.
func wholeText(cell Cell) string {
	switch cell := cell.(type) {
	case Text:
		return string(cell)
	case Mono:
		return string(cell)
	case Reference:
		return cell.Label
	}
	return ""
}

// Brief tells that every name in the table is short, so that its column needs no share of the width.
func (t Table) Brief() bool {
	for i := range t.Rows {
		if utf8.RuneCountInString(t.Rows[i].Label) > briefText || t.Rows[i].Cause != "" {
			return false
		}
	}
	return len(t.Rows) > 0
}

// rows writes the body of a table. A list of fifty rows is most of its page, so this is plain appending to one slice.
func (m *markup) rows(viewer Viewer, table *Table) {
	for i := range table.Rows {
		m.row(viewer, table, &table.Rows[i])
	}
}

func (m *markup) row(viewer Viewer, table *Table, row *Row) {
	m.raw(`<tr`)
	m.attribute("id", "row-"+row.ID)
	if row.Edit != "" {
		m.attribute("data-edit", row.Edit)
	}
	if row.Menu != "" {
		m.attribute("data-menu", row.Menu)
	}
	m.raw(`>`)
	for i, cell := range row.Cells {
		column := &table.Columns[i]
		m.raw(`<td class="`)
		m.raw(column.class(i))
		m.raw(`"`)
		if whole := wholeText(cell); utf8.RuneCountInString(whole) > wideText {
			m.attribute("title", whole) // the column may cut it
		}
		m.raw(`>`)
		if i == 0 {
			if table.Chooses != "" {
				m.raw(`<input type="checkbox" name="id"`)
				m.attribute("value", row.ID)
				m.attribute("aria-label", "Select "+row.Label)
				if row.Chosen {
					m.raw(` checked`)
				}
				m.raw(`>`)
			}
			m.primary(viewer, row, cell)
		} else if cell != nil {
			cell.write(m, viewer)
		}
		m.raw(`</td>`)
	}
	m.raw(`</tr>`)
}

func (m *markup) primary(viewer Viewer, row *Row, cell Cell) {
	if row.Href == "" {
		cell.write(m, viewer)
	} else {
		m.raw(`<a`)
		m.href(row.Href)
		m.raw(`>`)
		cell.write(m, viewer)
		m.raw(`</a>`)
	}
	if row.Cause != "" {
		m.raw(`<span class="cause">`)
		m.text(row.Cause)
		m.raw(`</span>`)
	}
}

// class is what table.css knows the column by.
func (c *Column) class(index int) literal {
	switch {
	case index == 0:
		return "primary"
	case c.State:
		return "fact state"
	case c.Wraps:
		return "fact wraps"
	}
	classes := [...]literal{"fact", "fact second", "fact third"}
	right := [...]literal{"fact number", "fact number second", "fact number third"}
	leaves := min(max(c.Leaves, 0), 2)
	if c.Right {
		return right[leaves]
	}
	return classes[leaves]
}

// Class is the class of the column's heading.
func (t Table) Class(index int) string { return string(t.Columns[index].class(index)) }
