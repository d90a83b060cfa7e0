package ui

import (
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/resource"
)

// suggestions answers how the last part of a typed search can go on: the fields that begin so, then the values of one. Each
// option carries the whole text that it makes.
func (s *Site) suggestions(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		if err := v.person.Require(kind.Spec(), resource.List, ""); err != nil {
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
		var m markup
		offer := func(text, label string) { m.option(before+text, label) }
		if parts := namedPattern().FindStringSubmatch(last); parts == nil {
			suggestFields(kind.Spec(), last, offer)
		} else if f := fieldCalled(kind.Spec(), parts[2]); f != nil {
			options, err := v.suggestedValues(f, strings.ToLower(strings.Trim(parts[3], `"`)))
			if err != nil {
				return nil, err
			}
			for _, option := range options {
				offer(parts[1]+parts[2]+":"+option.Value+" ", option.Label)
			}
		}
		return s.html(v.Request, http.StatusOK, m.bytes), nil
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
func (v *visit) suggestedValues(f *field.Field, begun string) ([]Option, error) {
	var all []Option
	switch {
	case f.Offers():
		offered, err := v.choices(f)
		if err != nil {
			return nil, err
		}
		for _, c := range offered {
			all = append(all, Option{Value: c.Value, Label: c.Label})
		}
	case f.Type.Name() == "boolean":
		all = []Option{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}}
	case f.Type.Name() == "time":
		today := v.person.Now.Go().In(v.zone())
		for _, days := range []int{7, 30, 90} {
			day := ">" + today.AddDate(0, 0, -days).Format("2006-01-02")
			all = append(all, Option{Value: day, Label: day})
		}
		all = append([]Option{{Value: "today", Label: "today"}, {Value: "yesterday", Label: "yesterday"}}, all...)
	case f.To != "":
		rows, err := v.rowsCalled(f, begun)
		if err != nil {
			return nil, err
		}
		if f.To == "user" {
			all = []Option{{Value: "me", Label: "me"}}
		}
		for _, row := range rows {
			all = append(all, Option{Value: quotedValue(row.Label), Label: row.Label})
		}
		if begun != "" && !strings.HasPrefix("me", begun) && f.To == "user" {
			all = all[1:]
		}
		return all, nil
	}
	var fitting []Option
	for _, option := range all {
		if strings.HasPrefix(lower(option.Value), begun) || strings.HasPrefix(lower(option.Label), begun) {
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
