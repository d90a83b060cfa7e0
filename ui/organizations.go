package ui

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/mailbox"
	"zygo/app/outbox"
	"zygo/app/resource"
)

const (
	organizationsPath = "/settings/organizations"
	ownershipPath     = "/settings/ownership"
)

// organizations are those that the person belongs to, with what they are asked to own.
func (s *Site) organizations(v *visit) (*edge.Response, error) {
	page, err := v.organizationsPage()
	if err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, page)
}

func (v *visit) organizationsPage() (*DetailPage, error) {
	places, err := v.site.accounts.Places(v.person)
	if err != nil {
		return nil, err
	}
	offers, err := v.site.accounts.OwnershipOffersTo(v.person)
	if err != nil {
		return nil, err
	}
	page := &DetailPage{Shell: v.shell("Organizations"), Crumbs: []Crumb{{"Your account", "/settings/profile"}}, Heading: "Organizations", Self: organizationsPath, Tabs: tabsAt(organizationsPath)}
	if page.Shell.Found != "" {
		page.Primary = &Action{Label: "New organization", Icon: "plus", Href: foundPath}
	}
	for _, offer := range offers {
		page.Notice = &Strip{Tone: Info, Text: offer.FromName + " asks you to own " + offer.Tenant + " in their place.", Remedy: "You may do everything there then, and they become an admin.", Actions: []Action{
			{Label: "Own " + offer.Tenant, Post: organizationsPath + "/" + offer.TenantID + "/accept"}, {Label: "Decline", Post: organizationsPath + "/" + offer.TenantID + "/decline"}}}
	}
	joinable, err := v.site.accounts.Joinable(v.person)
	if err != nil {
		return nil, err
	}
	if joinable.ID != "" {
		page.Main = append(page.Main, Section{Title: joinable.Name, Text: "It takes in whoever has an address at its domain.",
			Action: &Action{Label: "Join " + joinable.Name, Icon: "user-plus", Post: organizationsPath + "/" + joinable.ID + "/join"}})
	}
	for _, place := range places {
		section := Section{Title: place.Name, Facts: []Fact{{"Role", Text(place.Role)}, {"Since", Time(place.Since.Go())}},
			Action: &Action{Label: "Leave " + place.Name, Icon: "log-out", Post: organizationsPath + "/" + place.TenantID + "/leave",
				Confirm: &Confirm{Title: "Leave " + place.Name, Body: "You are out at once, and your grants and places in teams there end. Somebody has to take you in again if you want to come back."}}}
		if place.TenantID == v.person.Tenant.ID {
			section.Facts = append([]Fact{{"", Badge{Good, "You are here"}}}, section.Facts...)
		}
		if place.Status != string(identity.Active) {
			section.Facts = append([]Fact{{"", Badge{Bad, "Suspended"}}}, section.Facts...)
		}
		page.Main = append(page.Main, section)
	}
	if len(places) == 0 {
		page.Main = append(page.Main, Section{Empty: "You belong to no organization yet."})
	}
	return page, nil
}

func (s *Site) leaveOrganization(v *visit) (*edge.Response, error) {
	return s.organizationsChanged(v, s.accounts.Quit(v.person, v.Param("id")))
}

func (s *Site) joinOrganization(v *visit) (*edge.Response, error) {
	if err := s.accounts.AskToJoin(v.person, v.Param("id")); err != nil {
		return s.organizationsChanged(v, err)
	}
	page, err := v.organizationsPage()
	if err != nil {
		return nil, err
	}
	page.Notice = s.delivered(outbox.Email, Strip{Tone: Good, Text: "An invitation is on its way to " + v.person.User.Email.String() + ".",
		Remedy: "Follow the link in the mail to join."}, linkKept)
	return v.show(http.StatusOK, page)
}

func (s *Site) acceptOwnership(v *visit) (*edge.Response, error) {
	return s.organizationsChanged(v, s.accounts.AnswerOwnership(v.person, v.Param("id"), true))
}

func (s *Site) declineOwnership(v *visit) (*edge.Response, error) {
	return s.organizationsChanged(v, s.accounts.AnswerOwnership(v.person, v.Param("id"), false))
}

// organizationsChanged leads back to the list, or shows there what the state does not allow.
func (s *Site) organizationsChanged(v *visit, err error) (*edge.Response, error) {
	if err == nil {
		return edge.Redirect(organizationsPath), nil
	}
	if !fault.Is(err, fault.Conflict) {
		return nil, err
	}
	page, failed := v.organizationsPage()
	if failed != nil {
		return nil, failed
	}
	page.Notice = &Strip{Tone: Bad, Text: fault.Public(err).Message}
	return v.show(edge.Status(fault.Conflict), page)
}

// ownershipForm asks whom the organization is offered to.
func (v *visit) ownershipForm(chosen string) (*FormPage, error) {
	if err := v.person.RequirePermission("tenant:own"); err != nil {
		return nil, err
	}
	type heir struct{ ID, Name, Email string }
	heirs, err := resource.Select[heir](v.person.Session, "SELECT u.id, u.name, u.email FROM {user} u JOIN {membership} m ON m.user_id = u.id AND m.status = 'active' WHERE u.id <> ? AND u.suspended_at IS NULL ORDER BY u.name LIMIT ?", v.person.User.ID, mostMembers)
	if err != nil {
		return nil, err
	}
	options := []Option{}
	for _, one := range heirs {
		options = append(options, Option{Value: one.ID, Label: one.Name + " (" + mailbox.Shown(one.Email) + ")"})
	}
	page := v.accountForm(ownershipPath, "Hand the organization on", "Offer ownership",
		offering(FieldView{Name: "user_id", Label: "New owner", Value: chosen, Help: "They have seven days to accept. Until then you own " + v.person.Tenant.Name + "; afterwards you are one of its admins."}, options))
	page.Crumbs, page.Tabs = []Crumb{{v.person.Tenant.Name, v.tenantPath()}}, nil
	page.Danger, page.Cancel = true, v.tenantPath()
	if len(options) == 0 {
		return nil, fault.New(fault.Conflict, "There is nobody else yet. Take somebody in first, and hand the organization on to them.")
	}
	return page, nil
}

// tenantPath is the page of the current organization.
func (v *visit) tenantPath() string {
	return "/" + v.site.kind(identity.Tenants.Name).Spec().Path + "/" + v.person.Tenant.ID
}

// ownership shows the offer that waits, or asks for one.
func (s *Site) ownership(v *visit) (*edge.Response, error) {
	if offer, err := s.accounts.OwnershipOfferOf(v.person, v.person.Tenant.ID); err == nil {
		return v.show(http.StatusOK, &DetailPage{Shell: v.shell("Hand the organization on"), Crumbs: []Crumb{{v.person.Tenant.Name, v.tenantPath()}}, Heading: "Hand the organization on", State: Badge{Warn, "Offered"}, Self: ownershipPath,
			Primary: &Action{Label: "Take the offer back", Post: ownershipPath + "/withdraw"},
			Main:    []Section{{Title: "The offer", Facts: []Fact{{"To", Text(offer.ToName)}, {"From", Text(offer.FromName)}, {"Made", Time(offer.CreatedAt.Go())}, {"Ends", Time(offer.ExpiresAt.Go())}}}}})
	}
	page, err := v.ownershipForm("")
	if err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, page)
}

func (s *Site) offerOwnership(v *visit) (*edge.Response, error) {
	user := v.form.Get("user_id")
	err := s.accounts.OfferOwnership(v.person, v.person.Tenant.ID, user)
	if err == nil {
		return edge.Redirect(ownershipPath), nil
	}
	if isStale(err) || fault.Is(err, fault.Forbidden) {
		return nil, err
	}
	page, failed := v.ownershipForm(user)
	if failed != nil {
		return nil, failed
	}
	return v.done(page, "", err)
}

func (s *Site) withdrawOwnership(v *visit) (*edge.Response, error) {
	if err := s.accounts.WithdrawOwnership(v.person, v.person.Tenant.ID); err != nil {
		return nil, err
	}
	return edge.Redirect(ownershipPath), nil
}
