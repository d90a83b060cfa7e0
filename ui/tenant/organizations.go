package tenant

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/mailbox"
	"zygo/app/outbox"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

const ownershipPath = "/settings/ownership"

// organizations are those that the person belongs to, with what they are asked to own.
func organizations(v *web.Visit) (*edge.Response, error) {
	page, err := organizationsPage(v)
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

func organizationsPage(v *web.Visit) (*markup.DetailPage, error) {
	places, err := v.Site.Identity.Members.MembershipsOf(v.Person)
	if err != nil {
		return nil, err
	}
	offers, err := v.Site.Identity.Members.OwnershipOffersTo(v.Person)
	if err != nil {
		return nil, err
	}
	page := &markup.DetailPage{
		Shell:   v.Shell("Organizations"),
		Crumbs:  []markup.Crumb{{Label: "Your account", Href: "/settings/profile"}},
		Heading: "Organizations",
		Self:    web.OrganizationsPath,
		Tabs:    web.TabsAt(web.OrganizationsPath),
	}
	if page.Shell.Found != "" {
		page.Primary = &markup.Action{Label: "New organization", Icon: "plus", Href: web.CreateTenantPath}
	}
	for _, offer := range offers {
		page.Notice = &markup.Strip{
			Tone:   markup.Info,
			Text:   offer.FromName + " asks you to own " + offer.Tenant + " in their place.",
			Remedy: "You may do everything there then, and they become an admin.",
			Actions: []markup.Action{
				{
					Label: "Own " + offer.Tenant,
					Post:  web.OrganizationsPath + "/" + offer.TenantID + "/accept",
				}, {Label: "Decline", Post: web.OrganizationsPath + "/" + offer.TenantID + "/decline"}},
		}
	}
	joinable, err := v.Site.Identity.Members.Joinable(v.Person)
	if err != nil {
		return nil, err
	}
	if joinable.ID != "" {
		page.Main = append(page.Main, markup.Section{Title: joinable.Name, Text: "It takes in anyone who has an address at its domain.",
			Action: &markup.Action{
				Label: "Join " + joinable.Name,
				Icon:  "user-plus",
				Post:  web.OrganizationsPath + "/" + joinable.ID + "/join",
			}})
	}
	for _, place := range places {
		page.Main = append(page.Main, placeSection(v, place))
	}
	if len(places) == 0 {
		page.Main = append(page.Main, markup.Section{Empty: "You belong to no organization yet."})
	}
	return page, nil
}

// placeSection is an organization that the person belongs to, with the way out of it.
func placeSection(v *web.Visit, place members.TenantMembership) markup.Section {
	section := markup.Section{
		Title: place.Name,
		Facts: []markup.Fact{{Label: "Role", Value: markup.Text(place.Role)}, {Label: "Since", Value: markup.Time(place.Since.Go())}},
		Action: &markup.Action{
			Label: "Leave " + place.Name,
			Icon:  "log-out",
			Post:  web.OrganizationsPath + "/" + place.TenantID + "/leave",
			Confirm: &markup.Confirm{
				Title: "Leave " + place.Name,
				Body:  "You are out at once, and your grants and places in teams there end. Somebody has to take you in again if you want to come back.",
			},
		},
	}
	if place.TenantID == v.Person.Tenant.ID {
		section.Facts = append([]markup.Fact{
			{Label: "", Value: markup.Badge{Tone: markup.Good, Word: "You are here"}},
		}, section.Facts...)
	}
	if place.Status != string(people.Active) {
		section.Facts = append([]markup.Fact{{Label: "", Value: markup.Badge{Tone: markup.Bad, Word: "Suspended"}}}, section.Facts...)
	}
	return section
}

func leaveOrganization(v *web.Visit) (*edge.Response, error) {
	return organizationsChanged(v, v.Site.Identity.Members.Leave(v.Person, v.Param("id")))
}

func joinOrganization(v *web.Visit) (*edge.Response, error) {
	if err := v.Site.Identity.Members.AskToJoin(v.Person, v.Param("id")); err != nil {
		return organizationsChanged(v, err)
	}
	page, err := organizationsPage(v)
	if err != nil {
		return nil, err
	}
	page.Notice = v.Site.Delivered(outbox.Email, markup.Strip{
		Tone:   markup.Good,
		Text:   "An invitation is on its way to " + v.Person.User.Email.String() + ".",
		Remedy: "Follow the link in the mail to join.",
	}, web.LinkKept)
	return v.Show(http.StatusOK, page)
}

func acceptOwnership(v *web.Visit) (*edge.Response, error) {
	return organizationsChanged(v, v.Site.Identity.Members.AnswerOwnership(v.Person, v.Param("id"), true))
}

func declineOwnership(v *web.Visit) (*edge.Response, error) {
	return organizationsChanged(v, v.Site.Identity.Members.AnswerOwnership(v.Person, v.Param("id"), false))
}

// organizationsChanged leads back to the list, or shows there what the state does not allow.
func organizationsChanged(v *web.Visit, err error) (*edge.Response, error) {
	if err == nil {
		return edge.Redirect(web.OrganizationsPath), nil
	}
	if !fault.Is(err, fault.Conflict) {
		return nil, err
	}
	page, failed := organizationsPage(v)
	if failed != nil {
		return nil, failed
	}
	page.Notice = &markup.Strip{Tone: markup.Bad, Text: fault.Public(err).Message}
	return v.Show(edge.Status(fault.Conflict), page)
}

// ownershipForm asks whom the organization is offered to.
func ownershipForm(v *web.Visit, chosen string) (*markup.FormPage, error) {
	if err := v.Person.RequirePermission("tenant:own"); err != nil {
		return nil, err
	}
	type heir struct{ ID, Name, Email string }
	heirs, err := resource.Select[heir](v.Person.Session,
		"SELECT u.id, u.name, u.email FROM {user} u JOIN {membership} m ON m.user_id = u.id AND m.status = 'active' WHERE u.id <> ? AND u.suspended_at IS NULL ORDER BY u.name LIMIT ?", v.Person.User.ID, web.MostMembers)
	if err != nil {
		return nil, err
	}
	options := []markup.Option{}
	for _, one := range heirs {
		options = append(options, markup.Option{Value: one.ID, Label: one.Name + " (" + mailbox.Shown(one.Email) + ")"})
	}
	page := v.AccountForm(ownershipPath, "Hand the organization on", "Offer ownership",
		web.Offering(markup.FieldView{
			Name:  "user_id",
			Label: "New owner",
			Value: chosen,
			Help:  "They have seven days to accept. Until then you own " + v.Person.Tenant.Name + "; afterwards you are one of its admins.",
		}, options))
	page.Crumbs, page.Tabs = []markup.Crumb{{Label: v.Person.Tenant.Name, Href: v.TenantPath()}}, nil
	page.Danger, page.Cancel = true, v.TenantPath()
	if len(options) == 0 {
		return nil, fault.New(fault.Conflict, "There is nobody else yet. Take somebody in first, and hand the organization on to them.")
	}
	return page, nil
}

// ownership shows the offer that waits, or asks for one.
func ownership(v *web.Visit) (*edge.Response, error) {
	if offer, err := v.Site.Identity.Members.OwnershipOfferOf(v.Person, v.Person.Tenant.ID); err == nil {
		return v.Show(http.StatusOK, &markup.DetailPage{
			Shell:   v.Shell("Hand the organization on"),
			Crumbs:  []markup.Crumb{{Label: v.Person.Tenant.Name, Href: v.TenantPath()}},
			Heading: "Hand the organization on",
			State:   markup.Badge{Tone: markup.Warn, Word: "Offered"},
			Self:    ownershipPath,
			Primary: &markup.Action{Label: "Take the offer back", Post: ownershipPath + "/withdraw"},
			Main: []markup.Section{
				{
					Title: "The offer",
					Facts: []markup.Fact{
						{Label: "To", Value: markup.Text(offer.ToName)},
						{Label: "From", Value: markup.Text(offer.FromName)},
						{Label: "Made", Value: markup.Time(offer.CreatedAt.Go())},
						{Label: "Ends", Value: markup.Time(offer.ExpiresAt.Go())},
					},
				},
			},
		})
	}
	page, err := ownershipForm(v, "")
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

func offerOwnership(v *web.Visit) (*edge.Response, error) {
	user := v.Form.Get("user_id")
	err := v.Site.Identity.Members.OfferOwnership(v.Person, v.Person.Tenant.ID, user)
	if err == nil {
		return edge.Redirect(ownershipPath), nil
	}
	if web.IsStale(err) || fault.Is(err, fault.Forbidden) {
		return nil, err
	}
	page, failed := ownershipForm(v, user)
	if failed != nil {
		return nil, failed
	}
	return v.Done(page, "", err)
}

func withdrawOwnership(v *web.Visit) (*edge.Response, error) {
	if err := v.Site.Identity.Members.WithdrawOwnership(v.Person, v.Person.Tenant.ID); err != nil {
		return nil, err
	}
	return edge.Redirect(ownershipPath), nil
}
