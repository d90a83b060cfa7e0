package markup

import (
	"zygo/app/accent"
)

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
