package markup

// ListPage shows the rows of a kind.
type ListPage struct {
	// Kind is that of the rows; empty on a page that belongs to none.
	Kind  string
	Shell Shell
	// Crumbs lead back from the list of what hangs on a row; other lists have none.
	Crumbs []Crumb
	// Heading is the plural of the kind, Total how many rows there are in all, as text ("1,204", "10,000+").
	Heading, Total string
	// States count rows by state; each is a filter to switch on and off.
	States  []Chip
	Primary *Action
	// More are the actions of the whole list: import, export.
	More []Action
	// Views are the tabs above the list, Keep what can be done with them, Columns which fields are shown; each may be nil.
	Views   []Tab
	Keep    *ViewMenu
	Columns *ColumnChoice
	// Search is the text searched for; SearchHint an example of what can be typed.
	Search, SearchHint string
	// Suggestions answers how a typed search can go on; empty for none.
	Suggestions string
	// Path is the list without any parameter, Self with those of this page.
	Path, Self string
	// Kept are the parameters that searching leaves in place.
	Kept []Hidden
	// Filters are those in force; each Href leaves one out.
	Filters []Chip
	// Filterable are the fields that a filter can be added for.
	Filterable []FilterField
	// Live is what the list shows, in words of the stream: the kind.
	Live string
	// Table is nil or without rows on an empty list; then Empty is shown.
	Table  *Table
	Bulk   []Action
	Paging Paging
	Empty  Empty
	Notice *Strip
	// Below is what else stands on the page, under the list.
	Below []Section
}

func (ListPage) Template() string { return "list" }

// Part is what htmx refreshes of the page.
func (ListPage) Part() Fragment { return ListFragment }

// Rows are those of the table, none when there is no table.
func (p ListPage) Rows() []Row {
	if p.Table == nil {
		return nil
	}
	return p.Table.Rows
}

// ViewMenu keeps what a list shows as a view. Fields say what is shown, Actions change the view that is open.
type ViewMenu struct {
	Fields   []Hidden
	MayShare bool
	// Open is the name of the open view, Rename where a form renames it; both may be empty.
	Open, Rename string
	Actions      []Action
}

// ColumnChoice is which fields a list shows. Back are the parameters that the page has.
type ColumnChoice struct {
	Action, Back string
	Options      []Option
	// Changed tells that they are not the usual ones.
	Changed bool
}

// Chip is a filter that is a link.
type Chip struct {
	Label, Href string
	// Count is shown in front when it is not empty.
	Count string
	Tone  Tone
	// On tells that the filter is in force and Href takes it off.
	On bool
}

// FilterField is one entry of the filter menu: Options to choose from. Lookup, where it is set, is an address that finds more of them
// for the parameter Name. From and Until are the parameters of two days, empty for none.
type FilterField struct {
	Label, Name, Lookup string
	From, Until         string
	Options             []Chip
}

// Paging tells which rows are shown. An empty Href has no page to lead to.
type Paging struct {
	From, To               int
	Total                  string
	PreviousHref, NextHref string
}

// Empty stands where a list has nothing to show.
type Empty struct {
	Icon, Title string
	// Text is one sentence of what the thing is for, or what to change about the filter.
	Text      string
	Actions   []Action
	Templates []Template
	Guide     *Link
}

// Template is a ready-made first thing.
type Template struct {
	Label, Text, Href string
}

// ActionMenu is the actions of one row, fetched when its menu opens.
type ActionMenu struct {
	Shell   Shell
	Actions []Action
}

func (ActionMenu) Template() string { return string(MenuFragment) }
