package widget

import (
	"slices"
	"strconv"
	"strings"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// InputOf is the input of a field as its type alone shows it, with a value in the form's words.
func InputOf(f *field.Field, value string) markup.FieldView {
	look := Looks[f.Type.Name()]
	view := markup.FieldView{
		Kind:        look.widget,
		Name:        f.Name,
		Label:       f.Label,
		Help:        f.Help,
		Value:       value,
		Required:    f.Required,
		Short:       f.Short,
		Placeholder: look.example,
	}
	if _, counted := f.Type.Schema(f)["maxLength"]; counted {
		view.MaxLength = f.Max
	}
	switch f.Type.Name() {
	case "boolean":
		view.Required = true // a box without a tick is an answer too
		if value != "true" {
			view.Value = ""
		}
	case "number", "decimal":
		if f.Type.Name() == "decimal" {
			view.Step = "any"
		}
		if f.Min != 0 {
			view.Least = strconv.Itoa(f.Min)
		}
		if f.Max != 0 {
			view.Most = strconv.Itoa(f.Max)
		}
	case "value":
		if strings.ContainsAny(value, "\n{[") && !strings.HasPrefix(value, "{{") {
			view.Kind = markup.FieldCode
		}
	case "texts":
		view.Help = strings.TrimSpace(view.Help + " One on each line.")
	case "choice":
		Offer(&view, f.Choices, !f.Required && f.Default == "")
	case "choices":
		chosen := f.New()
		_ = f.Type.FromText(f, value, chosen) // it reads every text
		for _, c := range f.Choices {
			view.Options = append(view.Options, markup.Option{Value: c.Value, Label: c.Label, Chosen: slices.Contains(f.Entries(chosen), c.Value)})
		}
	}
	return view
}

// Field is the input of a field with what the person may choose from.
func Field(v *web.Visit, f *field.Field, value string) (markup.FieldView, error) {
	view := InputOf(f, value)
	switch f.Type.Name() {
	case "tags":
		if view.Help == "" {
			view.Help = "Words with commas between them."
		}
		if f.Name != tagsField || f.Dropdown != "" {
			break // words of another sort, such as networks
		}
		known, err := v.Person.Choices(tagCategory)
		if err != nil {
			return view, err
		}
		for _, tag := range known[:min(len(known), mostSuggested)] {
			view.Suggested = append(view.Suggested, tag.Value)
		}
	case "reference":
		return referenceField(v, f, view)
	case "references":
		return referencesField(v, f, view)
	case "address":
		view.Parts = addressParts(f, value)
	case "image":
		view.Accept = "image/png,image/jpeg,image/webp,image/gif"
	}
	if f.RowOf != "" {
		view.Kind, view.Lookup, view.Chosen = markup.FieldLookup, RowsLookupPath, value
	}
	if f.Dropdown != "" && f.Offers() {
		offered, err := Choices(v, f)
		if err != nil {
			return view, err
		}
		if len(offered) > 0 {
			if value != "" && !slices.ContainsFunc(offered, func(c field.Choice) bool { return c.Value == value }) {
				offered = append(offered[:len(offered):len(offered)], field.Choice{Value: value, Label: value}) // it was offered once, and stays
			}
			view.Kind = markup.FieldSelect
			Offer(&view, offered, true)
		}
	}
	return view, nil
}

// Offer makes the field a choice of values, of none perhaps.
func Offer(f *markup.FieldView, choices []field.Choice, none bool) {
	if none {
		f.Options = []markup.Option{{Label: "–", Chosen: f.Value == ""}}
	} else {
		f.Required = true // one is always chosen
	}
	offered := f.Value == ""
	for _, c := range choices {
		offered = offered || c.Value == f.Value
		f.Options = append(f.Options, markup.Option{Value: c.Value, Label: c.Label, Chosen: c.Value == f.Value})
	}
	if !offered {
		f.Options = append(f.Options, markup.Option{Value: f.Value, Label: f.Value + " (no longer offered)", Chosen: true})
	}
}

// referenceField offers the rows to choose from: all of them in a list, or a field that finds them where they are many.
func referenceField(v *web.Visit, f *field.Field, view markup.FieldView) (markup.FieldView, error) {
	kind, ok := v.Site.Kernel.Kind(f.To)
	if !ok || !v.Person.May(kind.Spec(), resource.List) {
		view.Kind, view.Help = markup.FieldText, "The id of the "+f.To+"."
		return view, nil
	}
	spec := kind.Spec()
	query := resource.Query{Limit: resource.MostRows}
	if spec.Title != nil {
		query.SortBy = spec.Title.Name
	}
	page, err := kind.List(v.Person.Session, query)
	if err != nil {
		return view, err
	}
	found := false
	view.Kind = markup.FieldSelect
	view.Options = []markup.Option{{Label: "–", Chosen: view.Value == ""}}
	for _, record := range page.Rows {
		id := kind.ID(record)
		found = found || id == view.Value
		view.Options = append(view.Options, markup.Option{Value: id, Label: kind.Title(record), Chosen: id == view.Value})
	}
	if page.Total <= resource.MostRows && (found || view.Value == "") {
		return view, nil
	}
	known, err := v.Person.TitlesOf(f.To, []string{view.Value})
	if err != nil {
		return view, err
	}
	if page.Total <= resource.MostRows {
		// What was chosen may be in the trash by now; it stays until somebody chooses another.
		view.Options = append(view.Options, markup.Option{Value: view.Value, Label: "Deleted or hidden", Chosen: true})
		return view, nil
	}
	view.Kind, view.Options, view.Placeholder = markup.FieldLookup, nil, "Type a name"
	view.Lookup, view.Chosen = "/"+spec.Path+"/lookup", known[view.Value]
	return view, nil
}

// RowsLookupPath finds rows of every kind for a field that takes the id of any.
const RowsLookupPath = "/search/lookup"
