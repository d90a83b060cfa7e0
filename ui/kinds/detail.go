package kinds

import (
	"net/http"
	"slices"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// detail is the page of one row.
func detail(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		record, err := kind.Get(v.Person.Session, id)
		if err != nil {
			return nil, err
		}
		page, err := DetailPage(v, kind, record)
		if err != nil {
			return nil, err
		}
		return v.Show(http.StatusOK, page)
	})
}

// Named is the page of the row that the address names, for pages that say more of it.
func Named(v *web.Visit, kind resource.Resource) (*markup.DetailPage, resource.Record, error) {
	record, err := kind.Get(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, nil, err
	}
	page, err := DetailPage(v, kind, record)
	return page, record, err
}

// DetailPage is the page of a row.
func DetailPage(v *web.Visit, kind resource.Resource, record resource.Record) (*markup.DetailPage, error) {
	spec := kind.Spec()
	known, err := widget.Referenced(v, kind, []resource.Record{record}, spec.Fields)
	if err != nil {
		return nil, err
	}
	id, title := kind.ID(record), Title(v, kind, record, known)
	crumbs, err := crumbs(v, kind)
	if err != nil {
		return nil, err
	}
	page := &markup.DetailPage{
		Kind: spec.Name, Shell: v.Shell(title), Crumbs: crumbs, Heading: title,
		Self: v.Path + web.QueryText(v.Query), Live: spec.Name + ":" + id,
	}
	if !spec.Has(resource.List) {
		page.Crumbs = nil
	} else {
		page.Crumbs[len(crumbs)-1].Href += "#row-" + id // where one comes back to
	}
	if state, ok := spec.Field(spec.State); ok {
		page.State, _ = widget.Cell(v, kind, record, state, known).(markup.Badge)
	}
	if page.Place, err = Place(v, kind, record); err != nil {
		return nil, err
	}
	page.Primary, page.Actions = Actions(v, kind, record, true)
	if err := sections(v, page, kind, record, known); err != nil {
		return nil, err
	}
	if err := children(v, page, spec, id); err != nil {
		return nil, err
	}
	if err := related(v, page, spec, id); err != nil {
		return nil, err
	}
	page.Timeline, err = Timeline(v, kind, id, TimelineRows)
	return page, err
}

// sections spreads the fields over the page: texts and values in the wide column, what the instance keeps in the side column.
func sections(v *web.Visit, page *markup.DetailPage, kind resource.Resource, record resource.Record, known widget.Titles) error {
	spec := kind.Spec()
	var facts, unset, kept, dates, marks []markup.Fact
	var texts []markup.Section
	for _, f := range spec.Fields {
		switch {
		case f.Internal, f.Name == "tenant_id", f.Name == "workspace_id" && f.Standard, f.Name == spec.State, f == spec.Title, f.Apart:
			continue
		case f.Type.Name() == "image":
			facts = append(facts, markup.Fact{Label: f.Label, Value: widget.Cell(v, kind, record, f, known)})
			if file, ok := kind.File(record, f); ok {
				texts = append(texts, markup.Section{
					Title:   f.Label,
					Picture: &markup.Picture{Name: file.Name, Href: web.DownloadPath(kind, record, f)},
				})
			}
		case f.Type.Name() == "custom":
			if custom, ok := kind.Plain(record, f).(field.Custom); ok && custom.Template != "" {
				section, err := widget.CustomSection(v, spec, f, custom)
				if err != nil {
					return err
				}
				texts = append([]markup.Section{section}, texts...)
			}
		case widget.Of(f).Section != nil:
			if section, shown := widget.Of(f).Section(f, kind.Value(record, f)); shown {
				texts = append(texts, section)
			}
		case f.Name == "id" || f.Name == "version":
			marks = append([]markup.Fact{{Label: f.Label, Value: widget.Cell(v, kind, record, f, known)}}, marks...)
		case f.Standard:
			dates = append(dates, markup.Fact{Label: f.Label, Value: widget.Cell(v, kind, record, f, known)})
		case f.Readonly:
			if cell := widget.Cell(v, kind, record, f, known); cell != nil {
				kept = append(kept, markup.Fact{Label: f.Label, Value: cell})
			}
		default:
			// What lists show matters when it is missing too.
			if fact := (markup.Fact{Label: f.Label, Value: widget.Cell(v, kind, record, f, known)}); fact.Shown() || f.List {
				facts = append(facts, fact)
			} else {
				unset = append(unset, fact)
			}
		}
	}
	if facts != nil || unset != nil {
		page.Main = append(page.Main, markup.Section{Title: "Details", Facts: facts, Unset: unset})
	}
	page.Main = append(page.Main, texts...)
	page.Side = []markup.Section{{Title: "Facts", Facts: slices.Concat(kept, dates, marks)}}
	return nil
}

// editKey is the key that opens the form of a row.
const editKey = "e"

// Actions are what the person may do with a row now: the one that comes next, and the others. A page has editing and
// deleting too; forms of actions that are dangerous ask first.
func Actions(v *web.Visit, kind resource.Resource, record resource.Record, edits bool) (primary *markup.Action, others []markup.Action) {
	spec, path := kind.Spec(), "/"+kind.Spec().Path+"/"+kind.ID(record)
	var all []markup.Action
	for _, a := range verbs(v.Site, spec) {
		if !a.may(v, kind, record) {
			continue
		}
		action := markup.Action{Label: a.Label, Icon: a.Icon, Danger: a.Danger}
		href := path + "/" + a.Name + Kept(v)
		if a.Fields != nil {
			action.Href = href // its form is the question
		} else {
			action.Post = href
		}
		if a.Fields == nil && a.Danger {
			action.Confirm = &markup.Confirm{Title: a.Label + " " + web.Lower(spec.Label()), Body: a.question}
		}
		all = append(all, action)
	}
	if edits && spec.Has(resource.Update) && kind.May(v.Person.Session, record, resource.Update) {
		all = append(all, markup.Action{Label: "Edit", Icon: "pencil", Href: path + "/edit" + Kept(v), Key: editKey})
	}
	if spec.Shared {
		if kind.May(v.Person.Session, record, resource.Update) {
			all = append(all, markup.Action{
				Label:  "Move",
				Icon:   "layers",
				Post:   "/" + spec.Path + "/bulk/" + MoveVerb,
				Fields: []markup.Hidden{{Name: "id", Value: kind.ID(record)}},
			})
		}
		all = append(all, markup.Action{
			Label: "Who may do what",
			Icon:  "shield",
			Href:  web.AccessPath + "/" + spec.Name + "/" + kind.ID(record),
		})
	}
	if spec.Has(resource.Delete) && kind.May(v.Person.Session, record, resource.Delete) {
		all = append(all, markup.Action{
			Label:   "Delete",
			Icon:    "trash-2",
			Post:    path + "/delete" + Kept(v),
			Danger:  true,
			Confirm: &markup.Confirm{Title: "Delete " + web.Lower(spec.Label()), Body: trashNote},
		})
	}
	next := 0
	if len(all) > 0 && all[0].Danger { // nobody is led to that
		next = slices.IndexFunc(all, func(a markup.Action) bool { return a.Key == editKey })
	}
	if len(all) > 0 && next >= 0 {
		action := all[next]
		primary, all = &action, slices.Delete(all, next, next+1)
	}
	return primary, all
}

// lookup answers the rows whose names fit what somebody types, as options of a list.
func lookup(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		page, err := kind.List(v.Person.Session, resource.Query{Search: v.Query.Get("search"), Limit: 10})
		if err != nil {
			return nil, err
		}
		var m markup.Writer
		for _, record := range page.Rows {
			m.Option(kind.ID(record), kind.Title(record))
		}
		return s.HTML(v.Request, http.StatusOK, m.Bytes), nil
	})
}
