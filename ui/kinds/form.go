package kinds

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"zygo/app/access"
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// blank is the form of a new row. The address may bring values for it.
func blank(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		if err := v.Person.Require(kind.Spec(), resource.Create, ""); err != nil {
			return nil, err
		}
		values := map[string]string{}
		for _, f := range kind.Spec().Fields {
			values[f.Name] = f.Default
			if v.Query.Has(f.Name) {
				values[f.Name] = v.Query.Get(f.Name)
			}
		}
		if err := begin(v, kind.Spec(), values); err != nil {
			return nil, err
		}
		if err := beginIn(v, kind.Spec(), values); err != nil {
			return nil, err
		}
		page, err := CreateForm(v, kind, values)
		if err != nil {
			return nil, err
		}
		if templates, err := v.Person.Templates(kind.Spec().Name); err != nil {
			return nil, err
		} else if len(templates) > 0 {
			page.Other = &markup.Link{Label: "Start from a template", Href: "/" + kind.Spec().Path + "/new/template"}
		}
		return v.Show(http.StatusOK, page)
	})
}

func create(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		record, err := kind.Create(v.Person.Session, widget.Given(v, kind.Spec(), kind.Spec().Fields))
		if err == nil {
			return edge.Redirect(home(v, kind, kind.ID(record))), nil
		}
		page, wrong := CreateForm(v, kind, Typed(kind.Spec().Fields, v.Form))
		if wrong != nil {
			return nil, wrong
		}
		return Refused(v, page, err)
	})
}

// CreateForm asks for a new row, with what was typed before.
func CreateForm(v *web.Visit, kind resource.Resource, values map[string]string) (*markup.FormPage, error) {
	spec := kind.Spec()
	heading := "Create " + web.Lower(spec.Label())
	crumbs, err := crumbs(v, kind)
	if err != nil {
		return nil, err
	}
	page := &markup.FormPage{
		Kind: spec.Name, Shell: v.Shell(heading), Crumbs: crumbs, Heading: heading, Submit: heading,
		Action: "/" + spec.Path, Cancel: crumbs[len(crumbs)-1].Href, Draft: spec.Name + ":new:" + v.Person.Tenant.ID,
	}
	return page, fill(v, page, kind, FieldsOf(spec, false), values, nil)
}

// edit is the form of a stored row.
func edit(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		record, err := kind.Get(v.Person.Session, id)
		if err != nil {
			return nil, err
		}
		if err := v.Person.Require(kind.Spec(), resource.Update, id); err != nil {
			return nil, err
		}
		page, err := EditForm(v, kind, record, FieldsOf(kind.Spec(), false), StoredValues(v, kind, record))
		if err != nil {
			return nil, err
		}
		return v.Show(http.StatusOK, page)
	})
}

func update(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		fields := FieldsOf(kind.Spec(), false)
		return Change(v, kind, id, fields, "/"+kind.Spec().Path+"/"+id+Kept(v),
			func(kind resource.Resource, record resource.Record, values map[string]string) (*markup.FormPage, error) {
				return EditForm(v, kind, record, fields, values)
			})
	})
}

// Change stores what a form changes of some fields, and leads on. Where somebody else changed the row meanwhile, the form
// comes back with both what was typed and what is stored, and the person chooses.
func Change(v *web.Visit, kind resource.Resource, id string, fields []*field.Field, to string,
	form func(resource.Resource, resource.Record, map[string]string) (*markup.FormPage, error)) (*edge.Response, error) {
	version, err := strconv.ParseInt(v.Form.Get("version"), 10, 64)
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The form lacks the version that it changes. Load it again.")
	}
	record, missing := kind.Get(v.Person.Session, id)
	if missing != nil {
		return nil, missing
	}
	in, values := widget.Changed(v, kind, record, fields), Typed(fields, v.Form)
	for _, name := range taken(v, kind.Spec()) {
		delete(in, name)
	}
	if len(in) == 0 && kind.Version(record) == version {
		return edge.Redirect(to), nil
	}
	if _, err = kind.Update(v.Person.Session, id, version, in); err == nil {
		return edge.Redirect(to), nil
	}
	for _, name := range taken(v, kind.Spec()) {
		f, _ := kind.Spec().Field(name)
		values[name] = widget.ValueText(v, kind, record, f)
	}
	page, wrong := form(kind, record, values)
	if wrong != nil {
		return nil, wrong
	}
	if fault.Is(err, fault.Stale) {
		if wrong = conflict(v, page, kind, record, fields, version, values); wrong != nil {
			return nil, wrong
		}
		return v.Show(edge.Status(fault.Stale), page)
	}
	return Refused(v, page, err)
}

// FieldsOf are the fields of a kind that its own pages show, or those that stand apart.
func FieldsOf(spec *resource.Spec, apart bool) []*field.Field {
	return slices.DeleteFunc(slices.Clone(spec.Fields), func(f *field.Field) bool { return f.Apart != apart })
}

// EditForm asks for changes of a row, with what was typed before.
func EditForm(v *web.Visit, kind resource.Resource, record resource.Record, fields []*field.Field,
	values map[string]string) (*markup.FormPage, error) {
	spec, id := kind.Spec(), kind.ID(record)
	var named []*field.Field
	if f := nameColumn(spec); f != nil {
		named = append(named, f)
	}
	known, err := widget.Referenced(v, kind, []resource.Record{record}, named)
	if err != nil {
		return nil, err
	}
	title, path := Title(v, kind, record, known), "/"+spec.Path+"/"+id+Kept(v)
	crumbs, err := crumbs(v, kind)
	if err != nil {
		return nil, err
	}
	page := &markup.FormPage{
		Kind: spec.Name, Shell: v.Shell("Edit " + title), Crumbs: append(crumbs, markup.Crumb{
			Label: title,
			Href:  path,
		}), Heading: "Edit " + web.Lower(spec.Label()),
		Submit: "Save changes", Changes: true, Action: path, Cancel: path, Draft: spec.Name + ":" + id,
		Hidden: []markup.Hidden{{Name: "version", Value: strconv.FormatInt(kind.Version(record), 10)}},
	}
	return page, fill(v, page, kind, fields, values, record)
}

// fill adds the fields with their values. Record is the stored row, nil for a new one.
func fill(v *web.Visit, page *markup.FormPage, kind resource.Resource, fields []*field.Field, values map[string]string,
	record resource.Record) error {
	main, more := markup.FieldGroup{}, markup.FieldGroup{Title: "More", Folded: true}
	var custom *markup.FieldGroup
	first := true
	for _, f := range fields {
		if !f.Writable() {
			continue
		}
		if f.Type.Name() == "custom" {
			var err error
			if custom, err = widget.CustomGroup(v, kind.Spec(), f, values[f.Name]); err != nil {
				return err
			}
			continue
		}
		view, err := widget.Field(v, pointed(v, f, values), values[f.Name])
		if err != nil {
			return err
		}
		view.First = first
		if stored, ok := secretOf(kind, record, f); ok {
			view.Stored, view.Value, view.Required = stored, "", f.Required && !stored
		}
		if f.Holds() {
			page.Upload = true
			if err := v.FileField(kind, record, f, &view); err != nil {
				return err
			}
		}
		group := &main
		if f.Fold {
			group = &more
		}
		group.Rows = AddInput(group.Rows, view)
		first = false
	}
	page.Groups = []markup.FieldGroup{main}
	if custom != nil {
		page.Groups = append(page.Groups, *custom)
	}
	if more.Rows != nil {
		page.Groups = append(page.Groups, more)
	}
	return nil
}

// AddInput adds an input to the lines of a form: short ones share a line of up to three.
func AddInput(rows [][]markup.FieldView, view markup.FieldView) [][]markup.FieldView {
	if last := len(rows) - 1; view.Short && last >= 0 && rows[last][0].Short && len(rows[last]) < 3 {
		rows[last] = append(rows[last], view)
		return rows
	}
	return append(rows, []markup.FieldView{view})
}

// pointed is a field as a reference to a row where the form knows already which row of which kind it is about, so that
// people read its name.
func pointed(v *web.Visit, f *field.Field, values map[string]string) *field.Field {
	to, _, _ := strings.Cut(values[f.RowOf], ":")
	if f.RowOf == "" || values[f.Name] == "" || to == "" {
		return f
	}
	reference := *f
	reference.BecomeReference(to, f.Label, "")
	return &reference
}

// secretOf tells whether a field is a secret, and whether the row has one stored.
func secretOf(kind resource.Resource, record resource.Record, f *field.Field) (stored, ok bool) {
	if !f.Sealed() {
		return false, false
	}
	if record == nil {
		return false, true
	}
	sealed, _ := kind.Plain(record, f).(field.Secret)
	return len(sealed) > 0, true
}

// StoredValues are the fields of a row in the words of a form.
func StoredValues(v *web.Visit, kind resource.Resource, record resource.Record) map[string]string {
	values := map[string]string{}
	for _, f := range kind.Spec().Fields {
		values[f.Name] = widget.ValueText(v, kind, record, f)
	}
	return values
}

// beginIn fills a new row with what its workspace gives it.
func beginIn(v *web.Visit, spec *resource.Spec, values map[string]string) error {
	if !spec.Shared || values["workspace_id"] == "" {
		return nil
	}
	workspace, err := access.Workspaces.Get(v.Person.Session, values["workspace_id"])
	if fault.Is(err, fault.NotFound) {
		return nil // the form says so when it is sent
	}
	if err != nil {
		return err
	}
	for _, f := range spec.Fields {
		if f.Type.Name() == "tags" && f.Writable() && values[f.Name] == "" {
			values[f.Name] = strings.Join(workspace.Tags, ", ")
		}
	}
	return nil
}
