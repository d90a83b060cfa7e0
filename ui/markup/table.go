package markup

// Table is rows under columns. Rows can be chosen when Chooses names the kind ("incident").
type Table struct {
	// Caption is read to those who can't see the heading.
	Caption string
	Columns []Column
	Rows    []Row
	Chooses string
}

// Column is a field of the rows. The first one is the link.
type Column struct {
	Label string
	// State puts the cell next to the name on a phone.
	State bool
	// Wraps shows the whole of long texts on several lines.
	Wraps bool
	// Right aligns numbers.
	Right bool
	// Leaves says how early the column leaves a narrowing page: 0 never, 1 late, 2 first.
	Leaves int
	// SortHref sorts by the column; Sorted is "ascending" or "descending" when it is in force.
	SortHref, Sorted string
}

// Row is one thing in a table. It has as many cells as the table has columns.
type Row struct {
	ID string
	// Label names the row to somebody who can't see it; Href leads to the detail page.
	Label, Href string
	// Edit is where the key e leads, Menu where the actions of the row are fetched; either may be empty.
	Edit, Menu string
	// Chosen selects the row at first.
	Chosen bool
	// Cause says in the row why its state is bad.
	Cause string
	Cells []Cell
}
