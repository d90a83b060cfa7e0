package tenant

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/tenants"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// tenant is the page of the current organization, from where its owner hands it on or ends it.
func tenant(v *web.Visit) (*edge.Response, error) {
	page, _, err := kinds.Named(v, v.Site.Kind(tenants.Kind.Name))
	if err != nil {
		return nil, err
	}
	if v.Person.Holds("tenant:own") {
		page.Actions = append(page.Actions, markup.Action{
			Label: "Hand on",
			Icon:  "arrow-right-left",
			Href:  ownershipPath,
		}, markup.Action{Label: "Delete organization", Icon: "trash-2", Href: web.DeletionPath, Danger: true})
	}
	page.Crumbs = []markup.Crumb{{Label: "Settings", Href: web.SettingsPath}}
	return v.Show(http.StatusOK, page)
}

func deletionForm(v *web.Visit) *markup.FormPage {
	name := v.Person.Tenant.Name
	page := v.AccountForm(web.DeletionPath, "Delete "+name, "Delete organization",
		markup.FieldView{
			Kind:         markup.FieldText,
			Name:         "name",
			Label:        "Type the name of the organization",
			Required:     true,
			First:        true,
			Autocomplete: "off",
			MaxLength:    100,
			Help:         "It is " + name + ". Only owners enter it from now on, and nothing runs in it. For 14 days they can take it back; then every row and file is removed for good.",
		})
	page.Crumbs, page.Tabs, page.Danger, page.Cancel = []markup.Crumb{{Label: name, Href: v.TenantPath()}}, nil, true, v.TenantPath()
	return page
}

func deletion(v *web.Visit) (*edge.Response, error) {
	if err := v.Person.RequirePermission("tenant:own"); err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, deletionForm(v))
}

func deleteTenant(v *web.Visit) (*edge.Response, error) {
	err := v.Site.Identity.Members.DeleteTenant(v.Person, v.Person.Tenant.ID, v.Form.Get("name"))
	if err == nil {
		return edge.Redirect(v.TenantPath()), nil
	}
	if web.IsStale(err) || fault.Is(err, fault.Forbidden) {
		return nil, err
	}
	return v.Done(deletionForm(v), "", err)
}

func restoreTenant(v *web.Visit) (*edge.Response, error) {
	if err := v.Site.Identity.Members.RestoreTenant(v.Person, v.Person.Tenant.ID); err != nil {
		return nil, err
	}
	return edge.Redirect(v.TenantPath()), nil
}
