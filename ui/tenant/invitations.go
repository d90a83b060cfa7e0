package tenant

import (
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/mailbox"
	"zygo/app/outbox"
	"zygo/app/resource"
	"zygo/app/sheet"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// inviting is the action that every page of people has, nil for who may not invite.
func inviting(v *web.Visit) *markup.Action {
	if !v.Person.Holds(web.MayInvite) {
		return nil
	}
	return &markup.Action{Label: "Invite people", Icon: "mail", Href: web.InvitationsPath + "/new", Key: "c"}
}

// openInvitations are how many of them the page of members shows.
const openInvitations = 20

// memberList is the list of members, with those who were asked and have not answered.
func memberList(v *web.Visit) (*edge.Response, error) {
	kind := v.Site.Kind(people.Memberships.Name)
	if to, err := kinds.Canonical(v, kind); to != nil || err != nil {
		return to, err
	}
	page, records, err := kinds.ListPage(v, kind)
	if err != nil {
		return nil, err
	}
	if err := showPeople(v, page.Table, records); err != nil {
		return nil, err
	}
	page.Primary = inviting(v)
	invitations := v.Site.Kind(members.Invitations.Name)
	if !v.Person.May(invitations.Spec(), resource.List) || v.Query.Get("deleted") == "true" {
		return v.Show(http.StatusOK, page)
	}
	open := []resource.Filter{{Field: "state", Operator: "eq", Values: []string{string(members.InvitationOpen)}}}
	found, err := invitations.List(v.Person.Session, resource.Query{Filters: open, Limit: openInvitations})
	if err != nil {
		return nil, err
	}
	page.More = append(page.More, markup.Action{Label: "All invitations", Icon: "mail", Href: web.InvitationsPath})
	if len(found.Rows) == 0 {
		return v.Show(http.StatusOK, page)
	}
	section := markup.Section{
		Title: "Open invitations",
		All:   &markup.Link{Label: "All " + kinds.Total(found.Total), Href: web.InvitationsPath + kinds.FilterText(open)},
	}
	l := kinds.Lister{Visit: v, Kind: invitations, Spec: invitations.Spec(), Fixed: open}
	if section.Table, err = l.Table(found.Rows, usualColumns(l, "email", "role", "invited_by", "expires_at")); err != nil {
		return nil, err
	}
	section.Table.Caption, section.Table.Chooses = section.Title, ""
	for i := range section.Table.Columns {
		section.Table.Columns[i].SortHref, section.Table.Columns[i].Sorted = "", ""
	}
	page.Below, page.Live = []markup.Section{section}, page.Live+" "+invitations.Spec().Name
	return v.Show(http.StatusOK, page)
}

// usualColumns are fields of the kind by their names.
func usualColumns(l kinds.Lister, names ...string) []*field.Field {
	var columns []*field.Field
	for _, name := range names {
		if f, ok := l.Spec.Field(name); ok {
			columns = append(columns, f)
		}
	}
	return columns
}

func invitations(v *web.Visit) (*edge.Response, error) {
	kind := v.Site.Kind(members.Invitations.Name)
	if to, err := kinds.Canonical(v, kind); to != nil || err != nil {
		return to, err
	}
	page, _, err := kinds.ListPage(v, kind)
	if err != nil {
		return nil, err
	}
	page.Primary = inviting(v)
	if page.Primary != nil && len(page.Empty.Actions) == 0 {
		page.Empty.Actions = []markup.Action{*page.Primary}
	}
	return v.Show(http.StatusOK, page)
}

// invitationActions are those of every row, and sending another link.
func invitationActions(v *web.Visit, record resource.Record) (primary *markup.Action, others []markup.Action) {
	kind := v.Site.Kind(members.Invitations.Name)
	primary, others = kinds.Actions(v, kind, record, true)
	if record.(*members.Invitation).MayResend() && v.Person.May(kind.Spec(), "resend") {
		resend := markup.Action{Label: "Send again", Icon: "send", Post: web.InvitationsPath + "/" + kind.ID(record) + "/resend"}
		if primary == nil {
			return &resend, others
		}
		others = append([]markup.Action{resend}, others...)
	}
	return primary, others
}

func invitation(v *web.Visit) (*edge.Response, error) {
	page, record, err := kinds.Named(v, v.Site.Kind(members.Invitations.Name))
	if err != nil {
		return nil, err
	}
	page.Primary, page.Actions = invitationActions(v, record)
	return v.Show(http.StatusOK, page)
}

func invitationMenu(v *web.Visit) (*edge.Response, error) {
	record, err := v.Site.Kind(members.Invitations.Name).Get(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	menu := markup.ActionMenu{Shell: markup.Shell{Token: edge.NewFormToken(v.Person)}}
	primary, others := invitationActions(v, record)
	if primary != nil {
		menu.Actions = []markup.Action{*primary}
	}
	menu.Actions = append(menu.Actions, others...)
	return v.Show(http.StatusOK, menu)
}

func inviteForm(v *web.Visit) (*edge.Response, error) {
	if err := v.Person.RequirePermission(web.MayInvite); err != nil {
		return nil, err
	}
	role, err := members.DefaultRole(v.Person.Session)
	if err != nil {
		return nil, err
	}
	page, err := invitePage(v, map[string]string{"role": role, "emails": v.Query.Get("email")})
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

func invitePage(v *web.Visit, values map[string]string) (*markup.FormPage, error) {
	spec := v.Site.Kind(members.Invitations.Name).Spec()
	page := &markup.FormPage{
		Shell:   v.Shell("Invite people"),
		Crumbs:  []markup.Crumb{{Label: "Members", Href: web.MembersPath}},
		Heading: "Invite people",
		Submit:  "Invite",
		Action:  web.InvitationsPath,
		Cancel:  web.MembersPath,
		Upload:  true,
	}
	group := markup.FieldGroup{
		Rows: [][]markup.FieldView{
			{{Kind: markup.FieldLong, Name: "emails", Label: "E-mail addresses", Value: values["emails"], First: true,
				Placeholder: "ada@example.com, grace@example.com", Help: "Up to 100. A pasted list or table works too."}},
			{
				{
					Kind:   markup.FieldFile,
					Name:   "table",
					Label:  "Or a table of them",
					Accept: ".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain",
					Help:   "As other programs export it. The addresses are found in it.",
				},
			},
		},
	}
	for _, name := range []string{"role", "teams", "message"} {
		f, _ := spec.Field(name)
		view, err := widget.Field(v, f, values[name])
		if err != nil {
			return nil, err
		}
		view.Required = name == "role"
		group.Rows = append(group.Rows, []markup.FieldView{view})
	}
	page.Groups = []markup.FieldGroup{group}
	return page, nil
}

func invite(v *web.Visit) (*edge.Response, error) {
	values := kinds.Typed(v.Site.Kind(members.Invitations.Name).Spec().Fields, v.Form)
	table, _, err := kinds.UploadedText(v, "table", largestInvitation)
	if err != nil {
		return nil, err
	}
	addresses, unread := sheet.Text(table)
	in := members.Inviting{
		Emails:  []string{v.Form.Get("emails"), addresses},
		Role:    v.Form.Get("role"),
		Message: field.LongText(v.Form.Get("message")),
	}
	for team := range strings.SplitSeq(values["teams"], ",") {
		if team = strings.TrimSpace(team); team != "" {
			in.Teams = append(in.Teams, team)
		}
	}
	var invited []members.Invited
	if unread != nil {
		err = fault.InvalidField("table", `must be a text in UTF-8 or UTF-16; save it as "CSV UTF-8"`)
	} else if invited, err = v.Site.Identity.Members.Invite(v.Person.Session, in); err == nil {
		return showInvited(v, invited)
	}
	values["emails"] = v.Form.Get("emails")
	page, wrong := invitePage(v, values)
	if wrong != nil {
		return nil, wrong
	}
	if fault.Is(err, fault.RateLimited) || fault.Is(err, fault.Forbidden) && len(in.Teams) > 0 {
		public := fault.Public(err)
		page.Notice = &markup.Strip{Tone: markup.Bad, Text: public.Message}
		return v.ShowRefused(public, page)
	}
	return kinds.Refused(v, page, err)
}

// largestInvitation is what a table of addresses may have, in bytes.
const largestInvitation = 1 << 20

// outcomes say what became of an address.
var outcomes = map[members.Outcome]markup.Badge{
	members.AddressInvited: {
		Tone: markup.Good,
		Word: "Invited",
	}, members.AddressMember: {
		Tone: markup.Idle,
		Word: "A member already",
	}, members.AddressOpen: {Tone: markup.Idle, Word: "Invited already"},
	members.AddressWrong: {Tone: markup.Bad, Word: "Not an address"}, members.AddressSlowed: {Tone: markup.Warn, Word: "Too many mails"},
}

// showInvited tells what became of each address, with the links, this once.
func showInvited(v *web.Visit, invited []members.Invited) (*edge.Response, error) {
	page := &markup.DetailPage{
		Shell:   v.Shell("Invited"),
		Heading: "Invited",
		Crumbs:  []markup.Crumb{{Label: "Members", Href: web.MembersPath}, {Label: "Invitations", Href: web.InvitationsPath}},
		Self:    web.InvitationsPath,
		Primary: &markup.Action{Label: "Back to the members", Href: web.MembersPath},
		Actions: []markup.Action{{Label: "Invite others", Icon: "mail", Href: web.InvitationsPath + "/new"}},
	}
	made := 0
	others := &markup.Table{
		Caption: "What became of each address",
		Columns: []markup.Column{{Label: "Address"}, {Label: "Outcome", State: true}},
	}
	for _, one := range invited {
		row := markup.Row{
			ID:    one.Email,
			Label: mailbox.Shown(one.Email),
			Cells: []markup.Cell{markup.Text(mailbox.Shown(one.Email)), outcomes[one.Outcome]},
		}
		if one.Link != "" {
			made++
			row.Href = web.InvitationsPath + "/" + one.ID
		}
		others.Rows = append(others.Rows, row)
	}
	page.Main = []markup.Section{{Title: "Addresses", Table: others}}
	for _, one := range invited {
		if one.Link != "" {
			page.Main = append(page.Main, markup.Section{
				Code: &markup.Code{ID: "link-" + one.ID, Label: "Link for " + mailbox.Shown(one.Email), Text: one.Link},
			})
		}
	}
	switch {
	case made == 0:
		page.Notice = &markup.Strip{Tone: markup.Warn, Text: "Nobody was invited."}
	default:
		page.Notice = &markup.Strip{
			Tone:   markup.Good,
			Text:   "The mails are on their way.",
			Remedy: "The links are shown this once; each works for 7 days, once, and for its address only, which a newcomer confirms by a mail.",
		}
		if !v.Site.Outbox.Sends(outbox.Email) {
			page.Notice = &markup.Strip{Tone: markup.Warn, Text: "This instance has no mail server. Copy the links and pass them on.",
				Remedy: "They are shown this once; each works for 7 days, once, and for its address only."}
			if !v.Person.Operator {
				page.Notice.Remedy += " People without an account also need a second link, which the operator of this instance finds in the outbox."
			}
		}
	}
	return v.Show(http.StatusOK, page)
}

func resendInvitation(v *web.Visit) (*edge.Response, error) {
	sent, err := v.Site.Identity.Members.Resend(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	return showInvited(v, []members.Invited{sent})
}
