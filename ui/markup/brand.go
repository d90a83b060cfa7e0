package markup

import (
	"strings"

	"zygo/app/accent"
)

// Brand is the look of an organization on a page; the zero Brand is Zygo's own.
type Brand struct {
	Name string
	// Logo, Favicon and Style are addresses: of pictures, and of the stylesheet with the accent. Each may be empty.
	Logo, Favicon, Style string
	// NamesZygo tells at the foot of pages for strangers who is behind them.
	NamesZygo bool
}

// Initial stands for an organization that shows neither a logo nor the mark of Zygo; empty where there is one of them.
func (b Brand) Initial() string {
	words := strings.Fields(b.Name)
	if len(words) == 0 || b.Logo != "" || b.NamesZygo {
		return ""
	}
	return Person{Name: words[0]}.Initials()
}

// BrandPreview shows what a branding would look like.
type BrandPreview struct {
	Brand   Brand
	Palette accent.Palette
	// Moved says what was done to the colour; empty where nothing had to be.
	Moved string
	// Text is that of the sign-in page, From the sender of e-mails.
	Text, From string
	// Action is where a form posts to for another preview; Reset takes everything back.
	Action string
	Reset  *Action
	// Token goes with the forms.
	Token string
}

func (BrandPreview) Template() string { return "brand-preview" }
