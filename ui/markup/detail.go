package markup

// DetailPage shows one row of a kind.
type DetailPage struct {
	// Kind is that of the rows; empty on a page that belongs to none.
	Kind   string
	Shell  Shell
	Crumbs []Crumb
	// Place is where the row stands in the list that the person came from; nil when they came from elsewhere.
	Place *Place
	// Heading is the row's name, State its badge; the zero Badge is left out.
	Heading string
	State   Badge
	Primary *Action
	Actions []Action
	Notice  *Strip
	Tabs    []Tab
	// Top takes the whole width, Main is the wide column below it, Side the facts beside that.
	Top, Main, Side []Section
	// Timeline is the newest first; More leads to the rest and may be empty.
	Timeline     []TimelineEntry
	TimelineMore string
	// Self is the path of the page, Live what it shows in words of the stream ("incident:ID").
	Self, Live string
	// Stream is the address of a stream of the page's own, whose every event refreshes it; empty for none.
	Stream string
}

func (DetailPage) Template() string { return "detail" }

// Part is what htmx refreshes of the page.
func (DetailPage) Part() Fragment { return DetailFragment }

// Place leads to the neighbours in the list. An empty Href is an end of the list; Index is 0 where the row itself is no
// longer in it.
type Place struct {
	Index                  int
	Total                  string
	PreviousHref, NextHref string
}
