package markup

// Palette is what the dialog behind Ctrl+K offers: places and actions, which the browser filters, or the rows that some
// words find.
type Palette struct{ Groups []PaletteGroup }

func (Palette) Template() string { return "palette-groups" }

// PaletteGroup is a titled part of the palette.
type PaletteGroup struct {
	Label string
	Items []PaletteItem
	// Corrected tells that other words were searched for than those typed; commands that fit these make it useless.
	Corrected bool
}

// PaletteItem leads somewhere. Note says what it is, Key is the letter that goes there after g, Words are others by which people
// look for it; each may be empty.
type PaletteItem struct{ Label, Href, Icon, Note, Key, Words string }
