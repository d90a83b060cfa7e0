package kinds

import (
	"slices"
	"strings"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// mostFilterChoices bounds the choices of one field in the filter menu.
const mostFilterChoices = 60

// filterable are the fields that a filter can be added for.
func (l Lister) filterable() ([]markup.FilterField, error) {
	var fields []markup.FilterField
	for _, f := range l.Spec.Fields {
		if !f.Filter && f.Name != "created_at" || f.Internal || f.Name == l.Spec.State {
			continue
		}
		name := "filter[" + f.Name + "]"
		current := l.here.Values.Get(name)
		entry := markup.FilterField{Label: f.Label, Name: name}
		offer := func(label, value string) {
			chip := markup.Chip{Label: label, On: current == value, Href: l.here.With(name, value)}
			if chip.On {
				chip.Href = l.here.With(name, "")
			}
			entry.Options = append(entry.Options, chip)
		}
		switch {
		case f.Offers():
			offered, err := widget.Choices(l.Visit, f)
			if err != nil {
				return nil, err
			}
			if len(offered) > mostFilterChoices {
				continue // the typed search completes them
			}
			for _, c := range offered {
				offer(c.Label, c.Value)
			}
		case f.Type.Name() == "boolean":
			offer("Yes", "true")
			offer("No", "false")
		case f.Type.Name() == "date":
			entry.Options = l.offerDays(f)
		case f.Type.Name() == "time":
			l.offerPast(f, &entry)
		case f.To != "":
			var err error
			if entry.Lookup, err = l.offerRows(f, offer); err != nil {
				return nil, err
			}
		}
		if entry.Options != nil {
			fields = append(fields, entry)
		}
	}
	// Days come last: their form is seldom used, and takes the most room.
	slices.SortStableFunc(fields, func(a, b markup.FilterField) int { return strings.Compare(a.From, b.From) })
	return fields, nil
}

// offerRows offers the first rows that a reference may name, and gives the address that finds the others, empty for none.
func (l Lister) offerRows(f *field.Field, offer func(label, value string)) (lookup string, err error) {
	kind, ok := l.Site.Kernel.Kind(f.To)
	if !ok || kind.Spec().Title == nil || !l.Person.May(kind.Spec(), resource.List) {
		return "", nil
	}
	if f.To == "user" {
		offer("Me", l.Person.User.ID)
	}
	page, err := kind.List(l.Person.Session, resource.Query{SortBy: kind.Spec().Title.Name, Limit: mostFilterRows})
	if err != nil {
		return "", err
	}
	for _, record := range page.Rows {
		if id := kind.ID(record); id != l.Person.User.ID {
			offer(kind.Title(record), id)
		}
	}
	if page.Total > len(page.Rows) {
		lookup = "/" + kind.Spec().Path + "/lookup"
	}
	return lookup, nil
}

// offerDays are the filters of a day: what is past, today, and what comes within a month.
func (l Lister) offerDays(f *field.Field) []markup.Chip {
	now := l.Person.Now.Go().In(l.Zone())
	day := func(days int) string { return string(field.DateOf(now.AddDate(0, 0, days))) }
	from, until := "filter["+f.Name+"][gte]", "filter["+f.Name+"][lte]"
	var chips []markup.Chip
	for _, span := range []struct{ label, from, until string }{
		{"Past", "", day(-1)},
		{"Today", day(0), day(0)},
		{"Next 7 days", day(0), day(7)},
		{"Next 30 days", day(0), day(30)},
	} {
		chip := markup.Chip{Label: span.label, Href: l.here.With(from, span.from, until, span.until)}
		if l.here.Values.Get(from) == span.from && l.here.Values.Get(until) == span.until {
			chip.On, chip.Href = true, l.here.With(from, "", until, "")
		}
		chips = append(chips, chip)
	}
	return chips
}

// offerPast offers the usual spans up to now, and a form for any other.
func (l Lister) offerPast(f *field.Field, entry *markup.FilterField) {
	now := l.Person.Now.Go().In(l.Zone())
	from, until := "filter["+f.Name+"][gte]", "filter["+f.Name+"][lte]"
	for _, span := range []struct {
		label string
		days  int
	}{{"Today", 0}, {"Last 7 days", 7}, {"Last 30 days", 30}} {
		_, begin, _, _, _ := dayBounds(now.AddDate(0, 0, -span.days).Format("2006-01-02"), l.Zone(), now)
		chip := markup.Chip{Label: span.label, Href: l.here.With(from, begin, until, "")}
		if l.here.Values.Get(from) == begin && l.here.Values.Get(until) == "" {
			chip.On, chip.Href = true, l.here.With(from, "")
		}
		entry.Options = append(entry.Options, chip)
	}
	entry.From, entry.Until = f.Name+sinceSuffix, f.Name+untilSuffix
}

// A form of two days sends them under the name of the field with these.
const sinceSuffix, untilSuffix = ".since", ".until"

// betweenDays sends the browser from the days that a form of the filter menu sent to the filters that they mean; nil where it
// sent none.
func betweenDays(v *web.Visit, spec *resource.Spec) *edge.Response {
	var pairs []string
	for _, f := range filterFields(spec) {
		for suffix, operator := range map[string]string{sinceSuffix: ">=", untilSuffix: "<="} {
			day, sent := v.Query[f.Name+suffix]
			if !sent {
				continue
			}
			pairs = append(pairs, f.Name+suffix, "")
			if filters := comparisons(f, operator+strings.Join(day, ""), v.Zone(), v.Person.Now.Go()); filters != nil {
				pairs = append(pairs, filterPairs(filters)...)
			}
		}
	}
	if pairs == nil {
		return nil
	}
	return edge.Redirect(Address{v.Path, v.Query}.With(pairs...))
}
