package kinds

import (
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// suggestions answers how the last part of a typed search can go on: the fields that begin so, then the values of one. Each
// option carries the whole text that it makes.
func suggestions(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		if err := v.Person.Require(kind.Spec(), resource.List, ""); err != nil {
			return nil, err
		}
		search := v.Query.Get("search")
		if err := resource.CheckSearch(search); err != nil {
			return nil, err
		}
		last := search[strings.LastIndex(search, " ")+1:]
		if at := strings.LastIndex(search, `:"`); at >= 0 && strings.Count(search[at:], `"`) == 1 {
			last = search[strings.LastIndex(search[:at], " ")+1:] // a value in quotes that are open yet
		}
		before := strings.TrimSuffix(search, last)
		var m markup.Writer
		offer := func(text, label string) { m.Option(before+text, label) }
		if parts := namedPattern().FindStringSubmatch(last); parts == nil {
			suggestFields(kind.Spec(), last, offer)
		} else if f := fieldCalled(kind.Spec(), parts[2]); f != nil {
			options, err := suggestedValues(v, f, strings.ToLower(strings.Trim(parts[3], `"`)))
			if err != nil {
				return nil, err
			}
			for _, option := range options {
				offer(parts[1]+parts[2]+":"+option.Value+" ", option.Label)
			}
		}
		return s.HTML(v.Request, http.StatusOK, m.Bytes), nil
	})
}

func suggestFields(spec *resource.Spec, begun string, offer func(text, label string)) {
	not := ""
	if rest, found := strings.CutPrefix(begun, "-"); found {
		not, begun = "-", rest
	}
	for _, f := range filterFields(spec) {
		if name := typedName(f); strings.HasPrefix(name, strings.ToLower(begun)) {
			offer(not+name+":", not+name+":")
		}
	}
}

// suggestedValues are the values of a field that begin so, as they are typed, with their labels.
func suggestedValues(v *web.Visit, f *field.Field, begun string) ([]markup.Option, error) {
	var all []markup.Option
	switch {
	case f.Offers():
		offered, err := widget.Choices(v, f)
		if err != nil {
			return nil, err
		}
		for _, c := range offered {
			all = append(all, markup.Option{Value: c.Value, Label: c.Label})
		}
	case f.Type.Name() == "boolean":
		all = []markup.Option{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}}
	case f.Type.Name() == "time":
		today := v.Person.Now.Go().In(v.Zone())
		for _, days := range []int{7, 30, 90} {
			day := ">" + today.AddDate(0, 0, -days).Format("2006-01-02")
			all = append(all, markup.Option{Value: day, Label: day})
		}
		all = append([]markup.Option{{Value: "today", Label: "today"}, {Value: "yesterday", Label: "yesterday"}}, all...)
	case f.To != "":
		rows, err := rowsCalled(v, f, begun)
		if err != nil {
			return nil, err
		}
		if f.To == "user" {
			all = []markup.Option{{Value: "me", Label: "me"}}
		}
		for _, row := range rows {
			all = append(all, markup.Option{Value: quotedValue(row.Label), Label: row.Label})
		}
		if begun != "" && !strings.HasPrefix("me", begun) && f.To == "user" {
			all = all[1:]
		}
		return all, nil
	}
	var fitting []markup.Option
	for _, option := range all {
		if strings.HasPrefix(web.Lower(option.Value), begun) || strings.HasPrefix(web.Lower(option.Label), begun) {
			fitting = append(fitting, option)
		}
	}
	return fitting, nil
}

// quotedValue puts a value with spaces in quotes.
func quotedValue(text string) string {
	if strings.ContainsAny(text, " ,") {
		return `"` + strings.ReplaceAll(text, `"`, "") + `"`
	}
	return text
}
