package ui

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// blank is the form of a new row. The address may bring values for it.
func (s *Site) blank(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		if err := v.person.Require(kind.Spec(), resource.Create, ""); err != nil {
			return nil, err
		}
		values := map[string]string{}
		for _, f := range kind.Spec().Fields {
			values[f.Name] = f.Default
			if v.Query.Has(f.Name) {
				values[f.Name] = v.Query.Get(f.Name)
			}
		}
		if err := v.begin(kind.Spec(), values); err != nil {
			return nil, err
		}
		if err := v.beginIn(kind.Spec(), values); err != nil {
			return nil, err
		}
		page, err := v.createForm(kind, values)
		if err != nil {
			return nil, err
		}
		if templates, err := v.person.Templates(kind.Spec().Name); err != nil {
			return nil, err
		} else if len(templates) > 0 {
			page.Other = &Link{"Start from a template", "/" + kind.Spec().Path + "/new/template"}
		}
		return v.show(http.StatusOK, page)
	})
}

func (s *Site) create(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		record, err := kind.Create(v.person.Session, v.given(kind.Spec(), kind.Spec().Fields))
		if err == nil {
			return edge.Redirect(v.home(kind, kind.ID(record))), nil
		}
		page, wrong := v.createForm(kind, typed(kind.Spec().Fields, v.form))
		if wrong != nil {
			return nil, wrong
		}
		return v.refused(page, err)
	})
}

func (v *visit) createForm(kind resource.Resource, values map[string]string) (*FormPage, error) {
	spec := kind.Spec()
	heading := "Create " + lower(spec.Label())
	crumbs, err := v.crumbs(kind)
	if err != nil {
		return nil, err
	}
	page := &FormPage{
		Kind: spec.Name, Shell: v.shell(heading), Crumbs: crumbs, Heading: heading, Submit: heading,
		Action: "/" + spec.Path, Cancel: crumbs[len(crumbs)-1].Href, Draft: spec.Name + ":new:" + v.person.Tenant.ID,
	}
	return page, v.fill(page, kind, fieldsOf(spec, false), values, nil)
}

// edit is the form of a stored row.
func (s *Site) edit(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		record, err := kind.Get(v.person.Session, id)
		if err != nil {
			return nil, err
		}
		if err := v.person.Require(kind.Spec(), resource.Update, id); err != nil {
			return nil, err
		}
		page, err := v.editForm(kind, record, fieldsOf(kind.Spec(), false), v.storedValues(kind, record))
		if err != nil {
			return nil, err
		}
		return v.show(http.StatusOK, page)
	})
}

func (s *Site) update(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		fields := fieldsOf(kind.Spec(), false)
		return v.change(kind, id, fields, "/"+kind.Spec().Path+"/"+id+v.kept(), func(kind resource.Resource, record resource.Record, values map[string]string) (*FormPage, error) {
			return v.editForm(kind, record, fields, values)
		})
	})
}

// change stores what a form changes of some fields, and leads on. Where somebody else changed the row meanwhile, the form
// comes back with what was typed beside what is stored, and the person chooses.
func (v *visit) change(kind resource.Resource, id string, fields []*field.Field, to string, form func(resource.Resource, resource.Record, map[string]string) (*FormPage, error)) (*edge.Response, error) {
	version, err := strconv.ParseInt(v.form.Get("version"), 10, 64)
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The form lacks the version that it changes. Load it again.")
	}
	record, missing := kind.Get(v.person.Session, id)
	if missing != nil {
		return nil, missing
	}
	in, values := v.changed(kind, record, fields), typed(fields, v.form)
	for _, name := range v.taken(kind.Spec()) {
		delete(in, name)
	}
	if len(in) == 0 && kind.Version(record) == version {
		return edge.Redirect(to), nil
	}
	if _, err = kind.Update(v.person.Session, id, version, in); err == nil {
		return edge.Redirect(to), nil
	}
	for _, name := range v.taken(kind.Spec()) {
		f, _ := kind.Spec().Field(name)
		values[name] = v.stored(kind, record, f)
	}
	page, wrong := form(kind, record, values)
	if wrong != nil {
		return nil, wrong
	}
	if fault.Is(err, fault.Stale) {
		if wrong = v.conflict(page, kind, record, fields, version, values); wrong != nil {
			return nil, wrong
		}
		return v.show(edge.Status(fault.Stale), page)
	}
	return v.refused(page, err)
}

// fieldsOf are the fields of a kind that its own pages show, or those that stand apart.
func fieldsOf(spec *resource.Spec, apart bool) []*field.Field {
	return slices.DeleteFunc(slices.Clone(spec.Fields), func(f *field.Field) bool { return f.Apart != apart })
}

func (v *visit) editForm(kind resource.Resource, record resource.Record, fields []*field.Field, values map[string]string) (*FormPage, error) {
	spec, id := kind.Spec(), kind.ID(record)
	var named []*field.Field
	if f := nameColumn(spec); f != nil {
		named = append(named, f)
	}
	known, err := v.referenced(kind, []resource.Record{record}, named)
	if err != nil {
		return nil, err
	}
	title, path := v.title(kind, record, known), "/"+spec.Path+"/"+id+v.kept()
	crumbs, err := v.crumbs(kind)
	if err != nil {
		return nil, err
	}
	page := &FormPage{
		Kind: spec.Name, Shell: v.shell("Edit " + title), Crumbs: append(crumbs, Crumb{title, path}), Heading: "Edit " + lower(spec.Label()),
		Submit: "Save changes", Changes: true, Action: path, Cancel: path, Draft: spec.Name + ":" + id,
		Hidden: []Hidden{{"version", strconv.FormatInt(kind.Version(record), 10)}},
	}
	return page, v.fill(page, kind, fields, values, record)
}

// fill adds the fields with their values. Record is the stored row, nil for a new one.
func (v *visit) fill(page *FormPage, kind resource.Resource, fields []*field.Field, values map[string]string, record resource.Record) error {
	main, more := FieldGroup{}, FieldGroup{Title: "More", Folded: true}
	var custom *FieldGroup
	first := true
	for _, f := range fields {
		if !f.Writable() {
			continue
		}
		if f.Type.Name() == "custom" {
			var err error
			if custom, err = v.customGroup(kind.Spec(), f, values[f.Name]); err != nil {
				return err
			}
			continue
		}
		view, err := v.field(v.pointed(f, values), values[f.Name])
		if err != nil {
			return err
		}
		view.First = first
		if stored, ok := secretOf(kind, record, f); ok {
			view.Stored, view.Value, view.Required = stored, "", f.Required && !stored
		}
		if f.Holds() {
			page.Upload = true
			if err := v.fileField(kind, record, f, &view); err != nil {
				return err
			}
		}
		group := &main
		if f.Fold {
			group = &more
		}
		group.Rows = addInput(group.Rows, view)
		first = false
	}
	page.Groups = []FieldGroup{main}
	if custom != nil {
		page.Groups = append(page.Groups, *custom)
	}
	if more.Rows != nil {
		page.Groups = append(page.Groups, more)
	}
	return nil
}

// addInput adds an input to the lines of a form: short ones share a line of up to three.
func addInput(rows [][]FieldView, view FieldView) [][]FieldView {
	if last := len(rows) - 1; view.Short && last >= 0 && rows[last][0].Short && len(rows[last]) < 3 {
		rows[last] = append(rows[last], view)
		return rows
	}
	return append(rows, []FieldView{view})
}

// pointed is a field as a reference to a row where the form knows already which row of which kind it is about, so that
// people read its name.
func (v *visit) pointed(f *field.Field, values map[string]string) *field.Field {
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

func (v *visit) storedValues(kind resource.Resource, record resource.Record) map[string]string {
	values := map[string]string{}
	for _, f := range kind.Spec().Fields {
		values[f.Name] = v.stored(kind, record, f)
	}
	return values
}

// typed is what a form was sent with: by the names of its inputs, and of the fields as their text.
func typed(fields []*field.Field, form url.Values) map[string]string {
	values := map[string]string{}
	for name := range form {
		values[name] = form.Get(name)
	}
	for _, f := range fields {
		values[f.Name], _ = formText(f, form)
	}
	return values
}

// refused shows the form again with what is wrong beside its fields. What is not about a field of the form stands above.
func (v *visit) refused(page *FormPage, err error) (*edge.Response, error) {
	errors := fieldErrors(err)
	public := fault.Public(err)
	if errors == nil && public.Code != fault.Conflict && public.Code != fault.QuotaExceeded {
		return nil, err
	}
	mark(page, errors)
	for field, message := range errors {
		if page.Notice == nil {
			page.Notice = &Strip{Tone: Bad, Text: "This can't be stored."}
		}
		page.Notice.Items = append(page.Notice.Items, Link{Label: sentence(field, message)})
	}
	if errors == nil {
		page.Notice = &Strip{Tone: Bad, Text: public.Message}
	}
	return v.showRefused(public, page)
}

// mark puts the errors beside their fields and takes those that found one.
func mark(page *FormPage, errors map[string]string) {
	for g := range page.Groups {
		for _, row := range page.Groups[g].rows() {
			for i := range row {
				name := row[i].Name
				message, ok := errors[name]
				if list, first := strings.CutSuffix(name, ".0."+name[strings.LastIndex(name, ".")+1:]); !ok && first {
					// What is wrong with a list of rows stands at its first row.
					name = list
					message, ok = errors[name]
				}
				if ok {
					row[i].Error = sentence(row[i].Label, message)
					page.Groups[g].Open = true
					delete(errors, name)
				}
			}
		}
	}
}
