package flow

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/flow"
	"zygo/app/flow/content"
	"zygo/app/flow/node"
	"zygo/app/identity/people"
	"zygo/app/resource"
	"zygo/app/value"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// formVisit is somebody at a hosted form. A form that is open to everyone knows nobody: it looks at no cookie, and what another site sends
// to it acts for no one, as what that site's own server sends.
type formVisit struct {
	form *flow.HostedForm
	// person is the member, nil at a form that is open to everyone.
	person *people.Person
	page   markup.StandalonePage
}

func visitForm(s *web.Site, r *edge.Request) (*formVisit, error) {
	tenant, path, _ := strings.Cut(strings.TrimPrefix(r.Path, flow.FormsPath), "/")
	form, err := s.Engine.FormAt(tenant, path)
	if err != nil {
		return nil, err
	}
	at, err := s.Identity.Tenants.At(r.Context, r.Host)
	if err != nil {
		return nil, err
	}
	if at.ID != "" && at.ID != form.Tenant {
		return nil, flow.ErrNoForm
	}
	owner, err := s.Identity.Tenants.Named(r.Context, form.Tenant)
	if err != nil {
		return nil, err
	}
	v := &formVisit{form: form, page: markup.StandalonePage{
		Title: form.Title,
		Look:  web.Look(r),
		Brand: web.BrandAbroad(owner),
	}}
	if form.Access != node.FormMembers {
		return v, nil
	}
	if v.person, err = edge.Recognize(s.Identity.Sessions, r); err != nil {
		return nil, err
	}
	if v.person.Tenant.ID != form.Tenant {
		return nil, fault.New(fault.NotFound, "This form is for the members of another organization. Switch to it first.")
	}
	return v, nil
}

// fill puts the fields on the page, with what stands in them.
func (v *formVisit) fill(r *edge.Request, standing func(f *node.FormField) []string) {
	v.page.Action, v.page.Submit, v.page.Text, v.page.Trap = r.Path, v.form.Submit, string(v.form.Description), node.FormTrap
	if v.person != nil {
		v.page.Token = edge.NewFormToken(v.person)
	}
	for i := range v.form.Fields {
		f := &v.form.Fields[i]
		if f.Type == "hidden" {
			v.page.Hidden = append(v.page.Hidden, markup.Hidden{Name: f.Name, Value: strings.Join(standing(f), "")})
			continue
		}
		v.page.Upload = v.page.Upload || f.Type == "file"
		v.page.Fields = append(v.page.Fields, formInput(f, standing(f)))
	}
}

// formWidgets are the inputs that do not have the names of their types.
var formWidgets = map[node.FormFieldType]markup.FieldKind{"dropdown": markup.FieldSelect, "checkbox": markup.FieldCheck}

func formInput(f *node.FormField, standing []string) markup.FieldView {
	view := markup.FieldView{
		Kind:     cmp.Or(formWidgets[f.Type], markup.FieldKind(f.Type)),
		Name:     f.Name,
		Label:    f.Title(),
		Help:     f.Hint,
		Required: f.Required,
		Value:    strings.Join(standing, ""),
	}
	switch f.Type {
	case "checkbox":
		if len(f.Options) > 0 {
			view.Kind = markup.FieldChoices
		}
	case "dropdown":
		view.Options = []markup.Option{{Label: "Choose"}}
	case "email":
		view.Autocomplete = "email"
	case "number":
		view.Kind, view.Step = markup.FieldNumber, "any"
	case "password", "file":
		view.Value, view.Autocomplete = "", "off"
	}
	for _, option := range f.Options {
		view.Options = append(view.Options, markup.Option{Value: option, Label: option, Chosen: slices.Contains(standing, option)})
	}
	return view
}

// hostedForm shows a form, or what stands in its place when it was sent.
func hostedForm(s *web.Site, r *edge.Request) (*edge.Response, error) {
	v, err := visitForm(s, r)
	if err != nil {
		return nil, err
	}
	if !r.Query.Has(node.FormSent) {
		v.fill(r, func(f *node.FormField) []string {
			if given := r.Query.Get(f.Name); f.Type == "hidden" && given != "" {
				return []string{given}
			}
			return []string{f.Value}
		})
		return s.Show(r, http.StatusOK, v.page)
	}
	if v.page.Text = string(v.form.Closing); v.page.Text == "" {
		v.page.Lead = "Your answers were sent."
	}
	if v.form.Redirect != "" {
		v.page.Foot = []markup.Link{{Label: "Go on", Href: v.form.Redirect}}
	}
	response, err := s.Show(r, http.StatusOK, v.page)
	if err == nil && v.form.Redirect != "" {
		// The answer to a form may lead to no other site, so the page after it does.
		response.Header.Set("Refresh", "0; url="+v.form.Redirect)
	}
	return response, err
}

// sendForm starts the workflow with what was filled in, or shows what is wrong.
func sendForm(s *web.Site, r *edge.Request) (*edge.Response, error) {
	v, err := visitForm(s, r)
	if err != nil {
		return nil, err
	}
	media := content.TypeOf(r.Header.Get("Content-Type"))
	if media.Name != "multipart/form-data" && media.Name != "application/x-www-form-urlencoded" {
		return nil, fault.New(fault.UnsupportedMedia, "A form is sent as multipart/form-data or application/x-www-form-urlencoded.")
	}
	sent, err := content.Read(media, r.Body)
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The form can't be read: %v.", err)
	}
	var by *resource.Session
	if v.person != nil {
		if err := edge.CheckForm(v.person, url.Values{edge.FormToken: {sent.Get(edge.FormToken).Raw()}}); err != nil {
			return nil, err
		}
		by = v.person.Session
	}
	if err := s.Engine.SubmitForm(v.form, sent, by); err != nil {
		v.fill(r, func(f *node.FormField) []string { return texts(sent.Get(f.Name)) })
		return s.Refuse(r, v.page, err)
	}
	return edge.Redirect(r.Path + "?" + node.FormSent), nil
}

// texts are the texts that were sent for a field.
func texts(sent value.Value) []string {
	if sent.Kind() == value.StringKind {
		return []string{sent.Raw()}
	}
	var all []string
	for _, v := range sent.Elements() {
		if v.Kind() == value.StringKind {
			all = append(all, v.Raw())
		}
	}
	return all
}
