package home

import (
	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// FirstStep is one of the things that a new organization does first.
type FirstStep struct {
	Title, Text string
	Action      markup.Action
	// Skip is where a form posts to that takes the step off the list; empty for anyone who may not.
	Skip string
	Done bool
}

// firstSteps are what a new organization does first, for anyone who may do it. Once all are done or skipped, nobody needs the
// list; what was skipped can be taken up again.
func firstSteps(v *web.Visit) (shown []FirstStep, resume *markup.Action, err error) {
	all, err := tenants.FirstSteps(v.Person.Session)
	if fault.Is(err, fault.Forbidden) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	keeps, open := v.Person.May(v.Site.Kind(tenants.Kind.Name).Spec(), resource.Update), false
	for _, step := range all {
		first, ok := firstStep(v, step.Name)
		switch {
		case !ok || step.Skipped && !step.Done && !keeps:
			continue
		case step.Skipped && !step.Done:
			resume = &markup.Action{Label: "Show skipped first steps", Icon: "rotate-ccw", Post: web.OnboardingPath + "/resume"}
			continue
		case keeps:
			first.Skip = web.OnboardingPath + "/" + step.Name + "/skip"
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

// firstStep is a step in words, with the page where it is done, for anyone who may do it.
func firstStep(v *web.Visit, name string) (FirstStep, bool) {
	spec := v.Site.Kind(tenants.Kind.Name).Spec()
	switch name {
	case "branding":
		return FirstStep{Title: "Add your logo and colour", Text: "Members see at a glance which organization they are in.",
			Action: markup.Action{Label: "Choose a logo", Icon: "building-2", Href: web.BrandingPath}}, v.Person.May(spec, resource.Update)
	case "people":
		members := v.Site.Kind(people.Memberships.Name).Spec()
		return FirstStep{Title: "Invite your colleagues", Text: "Each of them gets a role, which says what they may do.",
			Action: markup.Action{
				Label: "Invite people",
				Icon:  "mail",
				Href:  web.InvitationsPath + "/new",
			}}, v.Person.May(members, resource.Update) && v.Person.Holds(web.MayInvite)
	case "workflow":
		return FirstStep{Title: "Publish your first workflow", Text: "Choose a template, look at its graph and publish it.",
			Action: markup.Action{Label: "Choose a template", Icon: "workflow", Href: "/workflow-templates"}}, v.MayCreate(name)
	case "asset":
		return FirstStep{
			Title:  "Add your first asset",
			Text:   "Assets are services, servers and databases. Incidents name the assets that they affect.",
			Action: markup.Action{Label: "Create asset", Icon: "plus", Href: "/assets/new"},
		}, v.MayCreate(name)
	}
	return FirstStep{Title: "Store a secret", Text: "Workflows use passwords and tokens that nobody can read again.",
		Action: markup.Action{Label: "Create secret", Icon: "key", Href: "/secrets/new"}}, v.MayCreate(name)
}
