package ui

import (
	"net/http"
	"reflect"
	"slices"

	"zygo/app/accent"
	"zygo/app/edge"
	"zygo/app/feature"
	"zygo/app/field"
	"zygo/app/identity"
	"zygo/app/resource"
)

const brandingPath = "/settings/organization/branding"

// BrandPreview shows what a branding would look like.
type BrandPreview struct {
	Brand   Brand
	Palette accent.Palette
	// Moved says what was done to the colour; empty where nothing had to be.
	Moved string
	// Text is that of the sign-in page, From the sender of e-mails.
	Text, From string
	// Action is where a form posts to for another preview; Reset takes everything back.
	Action string
	Reset  *Action
	// Token goes with the forms.
	Token string
}

var resetQuestion = Confirm{Title: "Reset branding", Body: "Colour, logo, icon, sender and text go, and everybody sees the look of Zygo."}

func (BrandPreview) name() string { return "brand-preview" }

// brandPreview shows an organization as a form would make it; stored is how it is.
func (v *visit) brandPreview(t identity.Tenant, stored identity.Branding) *BrandPreview {
	palette := t.Palette()
	from := v.site.outbox.From(t.SenderName)
	if from == "" {
		from = "Zygo"
	}
	preview := &BrandPreview{Brand: brandOf(t), Palette: palette, Moved: palette.Moved(string(t.Accent)), Text: string(t.SignInText), From: from, Action: brandingPath + "/preview", Token: edge.NewFormToken(v.person)}
	if stored != (identity.Branding{}) {
		preview.Reset = &Action{Label: "Reset to Zygo’s own", Icon: "rotate-ccw", Post: brandingPath + "/reset",
			Confirm: &resetQuestion}
	}
	return preview
}

// brandingFields are those that stand on the page of the branding. What the organization does not have is left out where it is
// not turned on, and a strip says why.
func (v *visit) brandingFields(kind resource.Resource, t *identity.Tenant) ([]*field.Field, *Strip, error) {
	fields := fieldsOf(kind.Spec(), true)
	offer, err := feature.Of(v.person.Session, feature.WhiteLabel)
	if err != nil || offer.Enabled || t.HidePoweredBy {
		return fields, nil, err
	}
	return slices.DeleteFunc(fields, func(f *field.Field) bool { return f.Name == "hide_powered_by" }), withheld(offer), nil
}

func (v *visit) brandingForm(kind resource.Resource, record resource.Record, values map[string]string) (*FormPage, error) {
	tenant := record.(*identity.Tenant)
	fields, lacking, err := v.brandingFields(kind, tenant)
	if err != nil {
		return nil, err
	}
	page, err := v.editForm(kind, record, fields, values)
	if err != nil {
		return nil, err
	}
	page.Notice = lacking
	for _, row := range page.Groups[0].Rows {
		if row[0].Kind == FieldColor {
			row[0].Placeholder = accent.Own.Light.Accent
		}
	}
	page.Shell.Title, page.Heading, page.Submit = "Branding", "Branding", "Save branding"
	page.Crumbs = []Crumb{{"Settings", settingsPath}}
	page.Action, page.Cancel, page.Draft = brandingPath, brandingPath, "branding:"+tenant.ID
	page.Preview = v.brandPreview(*tenant, tenant.Branding)
	return page, nil
}

func (s *Site) branding(v *visit) (*edge.Response, error) {
	kind, record, err := v.ownTenant()
	if err != nil {
		return nil, err
	}
	page, err := v.brandingForm(kind, record, v.storedValues(kind, record))
	if err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, page)
}

// ownTenant is the organization that the session is in, for whoever may change it.
func (v *visit) ownTenant() (resource.Resource, resource.Record, error) {
	kind := v.site.kind(identity.Tenants.Name)
	if err := v.person.Require(kind.Spec(), resource.Update, v.person.Tenant.ID); err != nil {
		return nil, nil, err
	}
	record, err := kind.Get(v.person.Session, v.person.Tenant.ID)
	return kind, record, err
}

func (s *Site) changeBranding(v *visit) (*edge.Response, error) {
	kind, record, err := v.ownTenant()
	if err != nil {
		return nil, err
	}
	fields, _, err := v.brandingFields(kind, record.(*identity.Tenant))
	if err != nil {
		return nil, err
	}
	return v.change(kind, v.person.Tenant.ID, fields, brandingPath, func(kind resource.Resource, record resource.Record, values map[string]string) (*FormPage, error) {
		return v.brandingForm(kind, record, values)
	})
}

// previewBranding shows what a form holds that nobody stored. A value that is wrong, such as half a colour, changes nothing.
func (s *Site) previewBranding(v *visit) (*edge.Response, error) {
	kind, record, err := v.ownTenant()
	if err != nil {
		return nil, err
	}
	tenant := *record.(*identity.Tenant)
	row := reflect.ValueOf(&tenant).Elem()
	for _, f := range fieldsOf(kind.Spec(), true) {
		if text, given := formText(f, v.form); given && !f.Holds() {
			if value := f.New(); f.Type.FromText(f, text, value) == nil && f.Type.Check(f, value) == "" {
				f.Of(row).Set(value)
			}
		}
	}
	return v.show(http.StatusOK, v.brandPreview(tenant, record.(*identity.Tenant).Branding))
}

func (s *Site) resetBranding(v *visit) (*edge.Response, error) {
	kind, _, err := v.ownTenant()
	if err != nil {
		return nil, err
	}
	if v.form.Get("confirm") == "" {
		return v.ask(resetQuestion.Title, "Branding", resetQuestion.Body, brandingPath)
	}
	nothing := resource.Input{}
	for _, f := range fieldsOf(kind.Spec(), true) {
		nothing[f.Name] = resource.Text("")
	}
	if _, err := kind.Update(v.person.Session, v.person.Tenant.ID, 0, nothing); err != nil {
		return nil, err
	}
	return edge.Redirect(brandingPath), nil
}
