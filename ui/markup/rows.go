package markup

import (
	"unicode/utf8"
)

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
func (m *Writer) rows(viewer Viewer, table *Table) {
	for i := range table.Rows {
		m.row(viewer, table, &table.Rows[i])
	}
}

func (m *Writer) row(viewer Viewer, table *Table, row *Row) {
	m.Raw(`<tr`)
	m.Attribute("id", "row-"+row.ID)
	if row.Edit != "" {
		m.Attribute("data-edit", row.Edit)
	}
	if row.Menu != "" {
		m.Attribute("data-menu", row.Menu)
	}
	m.Raw(`>`)
	for i, cell := range row.Cells {
		column := &table.Columns[i]
		m.Raw(`<td class="`)
		m.Raw(column.class(i))
		m.Raw(`"`)
		if whole := wholeText(cell); utf8.RuneCountInString(whole) > wideText {
			m.Attribute("title", whole) // the column may cut it
		}
		m.Raw(`>`)
		if i == 0 {
			if table.Chooses != "" {
				m.Raw(`<input type="checkbox" name="id"`)
				m.Attribute("value", row.ID)
				m.Attribute("aria-label", "Select "+row.Label)
				if row.Chosen {
					m.Raw(` checked`)
				}
				m.Raw(`>`)
			}
			m.primary(viewer, row, cell)
		} else if cell != nil {
			cell.Write(m, viewer)
		}
		m.Raw(`</td>`)
	}
	m.Raw(`</tr>`)
}

func (m *Writer) primary(viewer Viewer, row *Row, cell Cell) {
	if row.Href == "" {
		cell.Write(m, viewer)
	} else {
		m.Raw(`<a`)
		m.href(row.Href)
		m.Raw(`>`)
		cell.Write(m, viewer)
		m.Raw(`</a>`)
	}
	if row.Cause != "" {
		m.Raw(`<span class="cause">`)
		m.Text(row.Cause)
		m.Raw(`</span>`)
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
