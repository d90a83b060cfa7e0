package markup

import (
	"strings"
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
