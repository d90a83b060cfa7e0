package ui

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
)

const deletionPath = "/settings/organization/delete"

// tenant is the page of the current organization, from where its owner hands it on or ends it.
func (s *Site) tenant(v *visit) (*edge.Response, error) {
	page, _, err := v.named(s.kind(identity.Tenants.Name))
	if err != nil {
		return nil, err
	}
	if v.person.Holds("tenant:own") {
		page.Actions = append(page.Actions, Action{Label: "Hand on", Icon: "arrow-right-left", Href: ownershipPath}, Action{Label: "Delete organization", Icon: "trash-2", Href: deletionPath, Danger: true})
	}
	page.Crumbs = []Crumb{{"Settings", settingsPath}}
	return v.show(http.StatusOK, page)
}

// dying says above every page until when the organization can be taken back, nil where it is not deleted.
func (v *visit) dying() *Strip {
	if v.person.Tenant.DeleteAt == 0 {
		return nil
	}
	return &Strip{Tone: Bad, Text: v.person.Tenant.Name + " will be deleted on " + v.person.Tenant.DeleteAt.Go().UTC().Format("2 January 2006 at 15:04 UTC") + ".", Remedy: "Only its owners enter it until then, and nothing runs in it.",
		Actions: []Action{{Label: "Take it back", Post: deletionPath + "/take-back"}}}
}

func (v *visit) deletionForm() *FormPage {
	name := v.person.Tenant.Name
	page := v.accountForm(deletionPath, "Delete "+name, "Delete organization",
		FieldView{Kind: FieldText, Name: "name", Label: "Type the name of the organization", Required: true, First: true, Autocomplete: "off", MaxLength: 100,
			Help: "It is " + name + ". Only owners enter it from now on, and nothing runs in it. For 14 days they can take it back; then every row and file is removed for good."})
	page.Crumbs, page.Tabs, page.Danger, page.Cancel = []Crumb{{name, v.tenantPath()}}, nil, true, v.tenantPath()
	return page
}

func (s *Site) deletion(v *visit) (*edge.Response, error) {
	if err := v.person.RequirePermission("tenant:own"); err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, v.deletionForm())
}

func (s *Site) deleteTenant(v *visit) (*edge.Response, error) {
	err := s.accounts.DeleteTenant(v.person, v.person.Tenant.ID, v.form.Get("name"))
	if err == nil {
		return edge.Redirect(v.tenantPath()), nil
	}
	if isStale(err) || fault.Is(err, fault.Forbidden) {
		return nil, err
	}
	return v.done(v.deletionForm(), "", err)
}

func (s *Site) restoreTenant(v *visit) (*edge.Response, error) {
	if err := s.accounts.RestoreTenant(v.person, v.person.Tenant.ID); err != nil {
		return nil, err
	}
	return edge.Redirect(v.tenantPath()), nil
}
