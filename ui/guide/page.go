package guide

import ()

// guidePage is one page. Above is the slug of the page that leads to it, empty for those that the menu names.
type guidePage struct{ slug, title, text, above string }
