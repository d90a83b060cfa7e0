package tenant

import (
	"encoding/json"
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/tenants"
	"zygo/app/request"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// foundForm asks for the one thing that a new organization needs.
func foundForm(v *web.Visit, name string) *markup.FormPage {
	page := v.AccountForm(web.CreateTenantPath, "New organization", "Create organization",
		markup.FieldView{
			Kind:         markup.FieldText,
			Name:         "name",
			Label:        "Name",
			Value:        name,
			Required:     true,
			First:        true,
			MaxLength:    100,
			Autocomplete: "organization",
			Placeholder:  "Acme",
			Help:         "You own it and can change the name later. Nobody else sees it until you let them in.",
		})
	page.Crumbs, page.Tabs = nil, nil
	return page
}

// foundOrganization is where somebody makes an organization, or learns why they can't.
func foundOrganization(v *web.Visit) (*edge.Response, error) {
	if v.Site.Identity.Members.MayCreateTenant(v.Person) {
		return v.Show(http.StatusOK, foundForm(v, ""))
	}
	shell := v.Shell("You are in no organization")
	page := markup.ErrorPage{
		Shell: &shell,
		Title: shell.Title,
		Text:  "On this instance only its operators make organizations. Ask an administrator of yours to take you in, with the address " + v.Person.User.Email.String() + ".",
	}
	joinable, err := v.Site.Identity.Members.Joinable(v.Person)
	if err != nil {
		return nil, err
	}
	if joinable.ID != "" {
		page.Actions = []markup.Action{{Label: "Join " + joinable.Name, Icon: "user-plus", Href: web.OrganizationsPath}}
	}
	if v.Person.Tenant.ID != "" {
		page.Title, page.Actions = "Only operators make organizations", []markup.Action{{Label: "Home", Href: "/dashboard"}}
		shell.Title = page.Title
	}
	return v.Show(http.StatusOK, page)
}

func makeOrganization(v *web.Visit) (*edge.Response, error) {
	name := v.Form.Get("name")
	made, err := v.Site.Identity.Members.CreateTenant(v.Person, name, request.Repeatable{})
	if fault.Is(err, fault.Forbidden) {
		return nil, err
	}
	if err != nil {
		return v.Done(foundForm(v, name), "", err)
	}
	var tenant struct{ ID string }
	if err := json.Unmarshal(made, &tenant); err != nil {
		return nil, err
	}
	return v.Site.EnterTenant(v, tenant.ID)
}

func skipStep(v *web.Visit) (*edge.Response, error) {
	if err := tenants.SkipStep(v.Person.Session, v.Param("step")); err != nil {
		return nil, err
	}
	return edge.Redirect("/dashboard"), nil
}

func resumeSteps(v *web.Visit) (*edge.Response, error) {
	if err := tenants.ResumeSteps(v.Person.Session); err != nil {
		return nil, err
	}
	return edge.Redirect("/dashboard"), nil
}
