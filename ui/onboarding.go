package ui

import (
	"encoding/json"
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/request"
	"zygo/app/resource"
)

const (
	onboardingPath = "/onboarding"
	foundPath      = onboardingPath + "/create-organization"
)

// foundForm asks for the one thing that a new organization needs.
func (v *visit) foundForm(name string) *FormPage {
	page := v.accountForm(foundPath, "New organization", "Create organization",
		FieldView{Kind: FieldText, Name: "name", Label: "Name", Value: name, Required: true, First: true, MaxLength: 100, Autocomplete: "organization", Placeholder: "Acme",
			Help: "You own it and can change the name later. Nobody else sees it until you let them in."})
	page.Crumbs, page.Tabs = nil, nil
	return page
}

// foundOrganization is where somebody makes an organization, or learns why they can't.
func (s *Site) foundOrganization(v *visit) (*edge.Response, error) {
	if s.accounts.MayFound(v.person) {
		return v.show(http.StatusOK, v.foundForm(""))
	}
	shell := v.shell("You are in no organization")
	page := ErrorPage{Shell: &shell, Title: shell.Title, Text: "On this instance only its operators make organizations. Ask an administrator of yours to take you in, with the address " + v.person.User.Email.String() + "."}
	joinable, err := s.accounts.Joinable(v.person)
	if err != nil {
		return nil, err
	}
	if joinable.ID != "" {
		page.Actions = []Action{{Label: "Join " + joinable.Name, Icon: "user-plus", Href: organizationsPath}}
	}
	if v.person.Tenant.ID != "" {
		page.Title, page.Actions = "Only operators make organizations", []Action{{Label: "Home", Href: "/dashboard"}}
		shell.Title = page.Title
	}
	return v.show(http.StatusOK, page)
}

func (s *Site) makeOrganization(v *visit) (*edge.Response, error) {
	name := v.form.Get("name")
	made, err := s.accounts.Found(v.person, name, request.Repeatable{})
	if fault.Is(err, fault.Forbidden) {
		return nil, err
	}
	if err != nil {
		return v.done(v.foundForm(name), "", err)
	}
	var tenant struct{ ID string }
	if err := json.Unmarshal(made, &tenant); err != nil {
		return nil, err
	}
	return s.enterTenant(v, tenant.ID)
}

// firstSteps are what a new organization does first, for whoever may do it. Once all are done or skipped, nobody needs the
// list; what was skipped can be taken up again.
func (v *visit) firstSteps() (shown []FirstStep, resume *Action, err error) {
	all, err := identity.FirstSteps(v.person.Session)
	if fault.Is(err, fault.Forbidden) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	keeps, open := v.person.May(v.site.kind(identity.Tenants.Name).Spec(), resource.Update), false
	for _, step := range all {
		first, ok := v.firstStep(step.Name)
		switch {
		case !ok || step.Skipped && !step.Done && !keeps:
			continue
		case step.Skipped && !step.Done:
			resume = &Action{Label: "Show skipped first steps", Icon: "rotate-ccw", Post: onboardingPath + "/resume"}
			continue
		case keeps:
			first.Skip = onboardingPath + "/" + step.Name + "/skip"
		}
		first.Done = step.Done
		open = open || !step.Done
		shown = append(shown, first)
	}
	if !open {
		shown = nil
	}
	return shown, resume, nil
}

// firstStep is a step in words, with the page where it is done, for whoever may do it.
func (v *visit) firstStep(name string) (FirstStep, bool) {
	spec := v.site.kind(identity.Tenants.Name).Spec()
	switch name {
	case "branding":
		return FirstStep{Title: "Add your logo and colour", Text: "Members see at a glance which organization they are in.",
			Action: Action{Label: "Choose a logo", Icon: "building-2", Href: brandingPath}}, v.person.May(spec, resource.Update)
	case "people":
		members := v.site.kind(identity.Memberships.Name).Spec()
		return FirstStep{Title: "Invite your colleagues", Text: "Each of them gets a role, which says what they may do.",
			Action: Action{Label: "Invite people", Icon: "mail", Href: invitationsPath + "/new"}}, v.person.May(members, resource.Update) && v.person.Holds(mayInvite)
	case "workflow":
		return FirstStep{Title: "Publish your first workflow", Text: "Choose a template, look at its graph and publish it.",
			Action: Action{Label: "Choose a template", Icon: "workflow", Href: "/workflow-templates"}}, v.mayCreate(name)
	case "asset":
		return FirstStep{Title: "Add your first asset", Text: "Assets are services, servers and databases. Incidents name the assets that they affect.",
			Action: Action{Label: "Create asset", Icon: "plus", Href: "/assets/new"}}, v.mayCreate(name)
	}
	return FirstStep{Title: "Store a secret", Text: "Workflows use passwords and tokens that nobody can read again.",
		Action: Action{Label: "Create secret", Icon: "key", Href: "/secrets/new"}}, v.mayCreate(name)
}

func (s *Site) skipStep(v *visit) (*edge.Response, error) {
	if err := identity.SkipStep(v.person.Session, v.Param("step")); err != nil {
		return nil, err
	}
	return edge.Redirect("/dashboard"), nil
}

func (s *Site) resumeSteps(v *visit) (*edge.Response, error) {
	if err := identity.ResumeSteps(v.person.Session); err != nil {
		return nil, err
	}
	return edge.Redirect("/dashboard"), nil
}
