package widget

import (
	"cmp"
	"strings"
	"time"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// Day is a day of the calendar. It has no zone, so it is the same day for whoever looks.
type Day time.Time

const dayLayout = "2 Jan 2006"

func (c Day) Write(m *markup.Writer, _ markup.Viewer) {
	m.Raw(`<time`)
	m.Attribute("datetime", time.Time(c).Format(time.DateOnly))
	m.Raw(`>`)
	m.Text(time.Time(c).Format(dayLayout))
	m.Raw(`</time>`)
}

// Swatch is a colour with its name in numbers.
type Swatch string

func (c Swatch) Write(m *markup.Writer, _ markup.Viewer) {
	m.Raw(`<span class="swatch"><svg aria-hidden="true" viewBox="0 0 12 12"><rect width="12" height="12" rx="2"`)
	m.Attribute("fill", string(c))
	m.Raw(`/></svg>`)
	m.Text(string(c))
	m.Raw(`</span>`)
}

// References are links to several rows.
type References []markup.Cell

func (c References) Write(m *markup.Writer, viewer markup.Viewer) {
	for i, one := range c {
		if i > 0 {
			m.Raw(", ")
		}
		one.Write(m, viewer)
	}
}

func dayCell(day field.Date) markup.Cell {
	if day == "" {
		return nil
	}
	return Day(day.Go())
}

func dayWords(day field.Date) string {
	if day == "" {
		return ""
	}
	return day.Go().Format(dayLayout)
}

func swatchCell(colour field.Colour) markup.Cell {
	if colour == "" {
		return nil
	}
	return Swatch(colour)
}

// LinkCell shows an address that leads out of this instance.
func LinkCell(label, href string) markup.Cell {
	if label == "" {
		return nil
	}
	return markup.Reference{Label: Shorten(label, 80), Href: href}
}

// moneyWords groups the thousands of an amount: "1,250.00 EUR".
func moneyWords(money field.Money) string {
	amount, currency, _ := strings.Cut(money.String(), " ")
	whole, fraction, broken := strings.Cut(strings.TrimPrefix(amount, "-"), ".")
	words := markup.GroupThousands(whole)
	if broken {
		words += "." + fraction
	}
	if money.Amount < 0 {
		words = "-" + words
	}
	return strings.TrimSpace(words + " " + currency)
}

// references are the titles of other rows.
func references(v *web.Visit, to string, ids []string, known Titles) markup.Cell {
	if len(ids) == 0 {
		return nil
	}
	var all References
	for _, id := range ids[:min(len(ids), shownReferences)] {
		all = append(all, reference(v, to, id, known))
	}
	if more := len(ids) - shownReferences; more > 0 {
		all = append(all, markup.Text("and "+markup.Number(int64(more))+" more"))
	}
	return all
}

// shownReferences are named in one cell; the form names all.
const shownReferences = 10

// titleWords are the titles of rows where they are known, else their ids.
func titleWords(known map[string]string, ids []string) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = id
		if title, ok := known[id]; ok {
			words[i] = title
		}
	}
	return Shorten(strings.Join(words, ", "), 200)
}

// referencesField offers rows to choose from: all of them where they are few, else those that a search finds.
func referencesField(v *web.Visit, f *field.Field, view markup.FieldView) (markup.FieldView, error) {
	chosen := field.Refs{}
	if value := f.New(); f.Type.FromText(f, view.Value, value) == nil {
		chosen = f.Refers(value)
	}
	view.Help = cmp.Or(view.Help, "Ids of "+strings.ReplaceAll(f.To, "_", " ")+" rows with commas between them.")
	kind, ok := v.Site.Kernel.Kind(f.To)
	if !ok || !v.Person.May(kind.Spec(), resource.List) {
		return view, nil
	}
	view.Help = f.Help
	query := resource.Query{Limit: resource.MostRows}
	if kind.Spec().Title != nil {
		query.SortBy = kind.Spec().Title.Name
	}
	page, err := kind.List(v.Person.Session, query)
	if err != nil {
		return view, err
	}
	known, err := v.Person.TitlesOf(f.To, chosen)
	if err != nil {
		return view, err
	}
	view.Kind, view.Placeholder = markup.FieldMany, "Type a name"
	offered := map[string]bool{}
	for _, id := range chosen {
		offered[id] = true
		view.Options = append(view.Options, markup.Option{Value: id, Label: cmp.Or(known[id], "Deleted or hidden"), Chosen: true})
	}
	if page.Total > resource.MostRows {
		view.Lookup = "/" + kind.Spec().Path + "/lookup"
		return view, nil
	}
	for _, record := range page.Rows {
		if id := kind.ID(record); !offered[id] {
			view.Options = append(view.Options, markup.Option{Value: id, Label: kind.Title(record)})
		}
	}
	return view, nil
}

// ChoiceBadge shows a choice by its label and in its colour.
func ChoiceBadge[T interface {
	~string
	Choices() []field.Choice
}](chosen T) markup.Badge {
	for _, choice := range chosen.Choices() {
		if choice.Value == string(chosen) {
			return markup.Badge{Tone: Tones[choice.Tone], Word: choice.Label}
		}
	}
	return markup.Badge{Tone: markup.Idle, Word: string(chosen)}
}
