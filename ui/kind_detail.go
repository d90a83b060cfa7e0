package ui

import (
	"net/http"
	"slices"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/resource"
)

// detail is the page of one row.
func (s *Site) detail(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		record, err := kind.Get(v.person.Session, id)
		if err != nil {
			return nil, err
		}
		page, err := v.detailPage(kind, record)
		if err != nil {
			return nil, err
		}
		return v.show(http.StatusOK, page)
	})
}

// timelineRows is how much of the ledger a page shows.
const timelineRows = 20

// named is the page of the row that the address names, for pages that say more of it.
func (v *visit) named(kind resource.Resource) (*DetailPage, resource.Record, error) {
	record, err := kind.Get(v.person.Session, v.Param("id"))
	if err != nil {
		return nil, nil, err
	}
	page, err := v.detailPage(kind, record)
	return page, record, err
}

func (v *visit) detailPage(kind resource.Resource, record resource.Record) (*DetailPage, error) {
	spec := kind.Spec()
	known, err := v.referenced(kind, []resource.Record{record}, spec.Fields)
	if err != nil {
		return nil, err
	}
	id, title := kind.ID(record), v.title(kind, record, known)
	crumbs, err := v.crumbs(kind)
	if err != nil {
		return nil, err
	}
	page := &DetailPage{
		Kind: spec.Name, Shell: v.shell(title), Crumbs: crumbs, Heading: title,
		Self: v.Path + queryText(v.Query), Live: spec.Name + ":" + id,
	}
	if !spec.Has(resource.List) {
		page.Crumbs = nil
	} else {
		page.Crumbs[len(crumbs)-1].Href += "#row-" + id // where one comes back to
	}
	if state, ok := spec.Field(spec.State); ok {
		page.State, _ = v.cell(kind, record, state, known).(Badge)
	}
	if page.Place, err = v.place(kind, record); err != nil {
		return nil, err
	}
	page.Primary, page.Actions = v.actions(kind, record, true)
	if err := v.sections(page, kind, record, known); err != nil {
		return nil, err
	}
	if err := v.children(page, spec, id); err != nil {
		return nil, err
	}
	if err := v.related(page, spec, id); err != nil {
		return nil, err
	}
	page.Timeline, err = v.timeline(kind, id, timelineRows)
	return page, err
}

// sections spreads the fields over the page: texts and values in the wide column, what the instance keeps beside them.
func (v *visit) sections(page *DetailPage, kind resource.Resource, record resource.Record, known titles) error {
	spec := kind.Spec()
	var facts, unset, kept, dates, marks []Fact
	var texts []Section
	for _, f := range spec.Fields {
		switch {
		case f.Internal, f.Name == "tenant_id", f.Name == "workspace_id" && f.Standard, f.Name == spec.State, f == spec.Title, f.Apart:
			continue
		case f.Type.Name() == "image":
			facts = append(facts, Fact{f.Label, v.cell(kind, record, f, known)})
			if file, ok := kind.File(record, f); ok {
				texts = append(texts, Section{Title: f.Label, Picture: &Picture{file.Name, downloadPath(kind, record, f)}})
			}
		case f.Type.Name() == "custom":
			if custom, ok := kind.Plain(record, f).(field.Custom); ok && custom.Template != "" {
				section, err := v.customSection(spec, f, custom)
				if err != nil {
					return err
				}
				texts = append([]Section{section}, texts...)
			}
		case looks[f.Type.Name()].section != nil:
			if section, shown := looks[f.Type.Name()].section(f, kind.Value(record, f)); shown {
				texts = append(texts, section)
			}
		case f.Name == "id" || f.Name == "version":
			marks = append([]Fact{{f.Label, v.cell(kind, record, f, known)}}, marks...)
		case f.Standard:
			dates = append(dates, Fact{f.Label, v.cell(kind, record, f, known)})
		case f.Readonly:
			if cell := v.cell(kind, record, f, known); cell != nil {
				kept = append(kept, Fact{f.Label, cell})
			}
		default:
			// What lists show matters when it is missing too.
			if fact := (Fact{f.Label, v.cell(kind, record, f, known)}); fact.Shown() || f.List {
				facts = append(facts, fact)
			} else {
				unset = append(unset, fact)
			}
		}
	}
	if facts != nil || unset != nil {
		page.Main = append(page.Main, Section{Title: "Details", Facts: facts, Unset: unset})
	}
	page.Main = append(page.Main, texts...)
	page.Side = []Section{{Title: "Facts", Facts: slices.Concat(kept, dates, marks)}}
	return nil
}

// editKey is the key that opens the form of a row.
const editKey = "e"

// actions are what the person may do with a row now: the one that comes next, and the others. A page has editing and
// deleting too; forms of actions that are dangerous ask first.
func (v *visit) actions(kind resource.Resource, record resource.Record, edits bool) (primary *Action, others []Action) {
	spec, path := kind.Spec(), "/"+kind.Spec().Path+"/"+kind.ID(record)
	var all []Action
	for _, a := range v.site.verbs(spec) {
		if !a.may(v, kind, record) {
			continue
		}
		action := Action{Label: a.Label, Icon: a.Icon, Danger: a.Danger}
		switch href := path + "/" + a.Name + v.kept(); {
		case a.Fields != nil:
			action.Href = href // its form is the question
		case a.Danger:
			action.Confirm = &Confirm{Title: a.Label + " " + lower(spec.Label()), Body: a.question}
			fallthrough
		default:
			action.Post = href
		}
		all = append(all, action)
	}
	if edits && spec.Has(resource.Update) && kind.May(v.person.Session, record, resource.Update) {
		all = append(all, Action{Label: "Edit", Icon: "pencil", Href: path + "/edit" + v.kept(), Key: editKey})
	}
	if spec.Shared {
		if kind.May(v.person.Session, record, resource.Update) {
			all = append(all, Action{Label: "Move", Icon: "layers", Post: "/" + spec.Path + "/bulk/" + moveVerb, Fields: []Hidden{{"id", kind.ID(record)}}})
		}
		all = append(all, Action{Label: "Who may do what", Icon: "shield", Href: accessPath + "/" + spec.Name + "/" + kind.ID(record)})
	}
	if spec.Has(resource.Delete) && kind.May(v.person.Session, record, resource.Delete) {
		all = append(all, Action{Label: "Delete", Icon: "trash-2", Post: path + "/delete" + v.kept(), Danger: true, Confirm: &Confirm{Title: "Delete " + lower(spec.Label()), Body: trashNote}})
	}
	next := 0
	if len(all) > 0 && all[0].Danger { // nobody is led to that
		next = slices.IndexFunc(all, func(a Action) bool { return a.Key == editKey })
	}
	if len(all) > 0 && next >= 0 {
		action := all[next]
		primary, all = &action, slices.Delete(all, next, next+1)
	}
	return primary, all
}

// menu is the actions of one row of a list.
func (s *Site) menu(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		spec := kind.Spec()
		menu := ActionMenu{Shell: Shell{Token: edge.NewFormToken(v.person)}}
		if v.Query.Get("deleted") == "true" {
			record, err := v.inTrash(kind, id)
			if err != nil {
				return nil, err
			}
			if v.person.May(spec, resource.Delete) {
				restore, purge := trashActions(kind, record)
				menu.Actions = []Action{restore, purge}
			}
			return v.show(http.StatusOK, menu)
		}
		record, err := kind.Get(v.person.Session, id)
		if err != nil {
			return nil, err
		}
		primary, others := v.actions(kind, record, true)
		if primary != nil {
			menu.Actions = []Action{*primary}
		}
		menu.Actions = append(menu.Actions, others...)
		for i := range menu.Actions {
			menu.Actions[i].Key = "" // the page has the keys
		}
		return v.show(http.StatusOK, menu)
	})
}

// lookup answers the rows whose names fit what somebody types, as options of a list.
func (s *Site) lookup(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		page, err := kind.List(v.person.Session, resource.Query{Search: v.Query.Get("search"), Limit: 10})
		if err != nil {
			return nil, err
		}
		var m markup
		for _, record := range page.Rows {
			m.option(kind.ID(record), kind.Title(record))
		}
		return s.html(v.Request, http.StatusOK, m.bytes), nil
	})
}
