package markup

// Page is a page or a fragment of one that Pages can render. The types of this package are the only ones.
type Page interface {
	// Template is the name of the template that renders the page.
	Template() string
}

// Fragment names a part of a page that can be fetched by itself.
type Fragment string

// The fragments that pages refresh.
const (
	// ListFragment is the table of a ListPage with its filters, counts and paging.
	ListFragment Fragment = "list-body"
	// DetailFragment is a DetailPage without its shell.
	DetailFragment Fragment = "detail-body"
	// MenuFragment is the actions of one row, from an ActionMenu.
	MenuFragment Fragment = "action-menu"
)
