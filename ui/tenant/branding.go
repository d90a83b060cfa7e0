package tenant

import (
	"net/http"
	"reflect"
	"slices"

	"zygo/app/accent"
	"zygo/app/edge"
	"zygo/app/feature"
	"zygo/app/field"
	"zygo/app/identity/tenants"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

var resetQuestion = markup.Confirm{
	Title: "Reset branding",
	Body:  "Colour, logo, icon, sender and text go, and everybody sees the look of Zygo.",
}

// brandPreview shows an organization as a form would make it; stored is how it is.
func brandPreview(v *web.Visit, t tenants.Tenant, stored tenants.Branding) *markup.BrandPreview {
	palette := t.Palette()
	from := v.Site.Outbox.From(t.SenderName)
	if from == "" {
		from = "Zygo"
	}
	preview := &markup.BrandPreview{
		Brand:   web.BrandOf(t),
		Palette: palette,
		Moved:   palette.Moved(string(t.Accent)),
		Text:    string(t.SignInText),
		From:    from,
		Action:  web.BrandingPath + "/preview",
		Token:   edge.NewFormToken(v.Person),
	}
	if stored != (tenants.Branding{}) {
		preview.Reset = &markup.Action{Label: "Reset to Zygo’s own", Icon: "rotate-ccw", Post: web.BrandingPath + "/reset",
			Confirm: &resetQuestion}
	}
	return preview
}

// brandingFields are those that stand on the page of the branding. What the organization does not have is left out where it is
// not turned on, and a strip says why.
func brandingFields(v *web.Visit, kind resource.Resource, t *tenants.Tenant) ([]*field.Field, *markup.Strip, error) {
	fields := kinds.FieldsOf(kind.Spec(), true)
	offer, err := feature.Of(v.Person.Session, feature.WhiteLabel)
	if err != nil || offer.Enabled || t.HidePoweredBy {
		return fields, nil, err
	}
	return slices.DeleteFunc(fields, func(f *field.Field) bool { return f.Name == "hide_powered_by" }), kinds.Withheld(offer), nil
}

func brandingForm(v *web.Visit, kind resource.Resource, record resource.Record, values map[string]string) (*markup.FormPage, error) {
	tenant := record.(*tenants.Tenant)
	fields, lacking, err := brandingFields(v, kind, tenant)
	if err != nil {
		return nil, err
	}
	page, err := kinds.EditForm(v, kind, record, fields, values)
	if err != nil {
		return nil, err
	}
	page.Notice = lacking
	for _, row := range page.Groups[0].Rows {
		if row[0].Kind == markup.FieldColor {
			row[0].Placeholder = accent.Own.Light.Accent
		}
	}
	page.Shell.Title, page.Heading, page.Submit = "Branding", "Branding", "Save branding"
	page.Crumbs = []markup.Crumb{{Label: "Settings", Href: web.SettingsPath}}
	page.Action, page.Cancel, page.Draft = web.BrandingPath, web.BrandingPath, "branding:"+tenant.ID
	page.Preview = brandPreview(v, *tenant, tenant.Branding)
	return page, nil
}

func branding(v *web.Visit) (*edge.Response, error) {
	kind, record, err := ownTenant(v)
	if err != nil {
		return nil, err
	}
	page, err := brandingForm(v, kind, record, kinds.StoredValues(v, kind, record))
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

// ownTenant is the organization that the session is in, for anyone who may change it.
func ownTenant(v *web.Visit) (resource.Resource, resource.Record, error) {
	kind := v.Site.Kind(tenants.Kind.Name)
	if err := v.Person.Require(kind.Spec(), resource.Update, v.Person.Tenant.ID); err != nil {
		return nil, nil, err
	}
	record, err := kind.Get(v.Person.Session, v.Person.Tenant.ID)
	return kind, record, err
}

func changeBranding(v *web.Visit) (*edge.Response, error) {
	kind, record, err := ownTenant(v)
	if err != nil {
		return nil, err
	}
	fields, _, err := brandingFields(v, kind, record.(*tenants.Tenant))
	if err != nil {
		return nil, err
	}
	return kinds.Change(v, kind, v.Person.Tenant.ID, fields, web.BrandingPath,
		func(kind resource.Resource, record resource.Record, values map[string]string) (*markup.FormPage, error) {
			return brandingForm(v, kind, record, values)
		})
}

// previewBranding shows what a form holds that nobody stored. A value that is wrong, such as half a colour, changes nothing.
func previewBranding(v *web.Visit) (*edge.Response, error) {
	kind, record, err := ownTenant(v)
	if err != nil {
		return nil, err
	}
	tenant := *record.(*tenants.Tenant)
	row := reflect.ValueOf(&tenant).Elem()
	for _, f := range kinds.FieldsOf(kind.Spec(), true) {
		if text, given := widget.FormText(f, v.Form); given && !f.Holds() {
			if value := f.New(); f.Type.FromText(f, text, value) == nil && f.Type.Check(f, value) == "" {
				f.Of(row).Set(value)
			}
		}
	}
	return v.Show(http.StatusOK, brandPreview(v, tenant, record.(*tenants.Tenant).Branding))
}

func resetBranding(v *web.Visit) (*edge.Response, error) {
	kind, _, err := ownTenant(v)
	if err != nil {
		return nil, err
	}
	if v.Form.Get("confirm") == "" {
		return kinds.Ask(v, resetQuestion.Title, "Branding", resetQuestion.Body, web.BrandingPath)
	}
	nothing := resource.Input{}
	for _, f := range kinds.FieldsOf(kind.Spec(), true) {
		nothing[f.Name] = resource.Text("")
	}
	if _, err := kind.Update(v.Person.Session, v.Person.Tenant.ID, 0, nothing); err != nil {
		return nil, err
	}
	return edge.Redirect(web.BrandingPath), nil
}
