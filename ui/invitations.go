package ui

import (
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity"
	"zygo/app/mailbox"
	"zygo/app/outbox"
	"zygo/app/resource"
	"zygo/app/sheet"
)

const (
	invitationsPath = "/invitations"
	membersPath     = "/memberships"
	mayInvite       = "invitation:create"
)

// inviting is the action that every page of people has, nil for who may not invite.
func (v *visit) inviting() *Action {
	if !v.person.Holds(mayInvite) {
		return nil
	}
	return &Action{Label: "Invite people", Icon: "mail", Href: invitationsPath + "/new", Key: "c"}
}

// openInvitations are how many of them the page of members shows.
const openInvitations = 20

// members is the list of members, with those who were asked and have not answered.
func (s *Site) members(v *visit) (*edge.Response, error) {
	kind := s.kind(identity.Memberships.Name)
	if to, err := v.canonical(kind); to != nil || err != nil {
		return to, err
	}
	page, records, err := v.listPage(kind)
	if err != nil {
		return nil, err
	}
	if err := v.showPeople(page.Table, records); err != nil {
		return nil, err
	}
	page.Primary = v.inviting()
	invitations := s.kind(identity.Invitations.Name)
	if !v.person.May(invitations.Spec(), resource.List) || v.Query.Get("deleted") == "true" {
		return v.show(http.StatusOK, page)
	}
	open := []resource.Filter{{Field: "state", Operator: "eq", Values: []string{string(identity.InvitationOpen)}}}
	found, err := invitations.List(v.person.Session, resource.Query{Filters: open, Limit: openInvitations})
	if err != nil {
		return nil, err
	}
	page.More = append(page.More, Action{Label: "All invitations", Icon: "mail", Href: invitationsPath})
	if len(found.Rows) == 0 {
		return v.show(http.StatusOK, page)
	}
	section := Section{Title: "Open invitations", All: &Link{"All " + total(found.Total), invitationsPath + filterText(open)}}
	l := lister{visit: v, kind: invitations, spec: invitations.Spec(), fixed: open}
	if section.Table, err = l.table(found.Rows, l.usualColumns("email", "role", "invited_by", "expires_at")); err != nil {
		return nil, err
	}
	section.Table.Caption, section.Table.Chooses = section.Title, ""
	for i := range section.Table.Columns {
		section.Table.Columns[i].SortHref, section.Table.Columns[i].Sorted = "", ""
	}
	page.Below, page.Live = []Section{section}, page.Live+" "+invitations.Spec().Name
	return v.show(http.StatusOK, page)
}

// usualColumns are fields of the kind by their names.
func (l lister) usualColumns(names ...string) []*field.Field {
	var columns []*field.Field
	for _, name := range names {
		if f, ok := l.spec.Field(name); ok {
			columns = append(columns, f)
		}
	}
	return columns
}

func (s *Site) invitations(v *visit) (*edge.Response, error) {
	kind := s.kind(identity.Invitations.Name)
	if to, err := v.canonical(kind); to != nil || err != nil {
		return to, err
	}
	page, _, err := v.listPage(kind)
	if err != nil {
		return nil, err
	}
	page.Primary = v.inviting()
	if page.Primary != nil && len(page.Empty.Actions) == 0 {
		page.Empty.Actions = []Action{*page.Primary}
	}
	return v.show(http.StatusOK, page)
}

// invitationActions are those of every row, and sending another link.
func (v *visit) invitationActions(record resource.Record) (primary *Action, others []Action) {
	kind := v.site.kind(identity.Invitations.Name)
	primary, others = v.actions(kind, record, true)
	if record.(*identity.Invitation).MayResend() && v.person.May(kind.Spec(), "resend") {
		resend := Action{Label: "Send again", Icon: "send", Post: invitationsPath + "/" + kind.ID(record) + "/resend"}
		if primary == nil {
			return &resend, others
		}
		others = append([]Action{resend}, others...)
	}
	return primary, others
}

func (s *Site) invitation(v *visit) (*edge.Response, error) {
	page, record, err := v.named(s.kind(identity.Invitations.Name))
	if err != nil {
		return nil, err
	}
	page.Primary, page.Actions = v.invitationActions(record)
	return v.show(http.StatusOK, page)
}

func (s *Site) invitationMenu(v *visit) (*edge.Response, error) {
	record, err := s.kind(identity.Invitations.Name).Get(v.person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	menu := ActionMenu{Shell: Shell{Token: edge.NewFormToken(v.person)}}
	primary, others := v.invitationActions(record)
	if primary != nil {
		menu.Actions = []Action{*primary}
	}
	menu.Actions = append(menu.Actions, others...)
	return v.show(http.StatusOK, menu)
}

func (s *Site) inviteForm(v *visit) (*edge.Response, error) {
	if err := v.person.RequirePermission(mayInvite); err != nil {
		return nil, err
	}
	role, err := identity.DefaultRole(v.person.Session)
	if err != nil {
		return nil, err
	}
	page, err := v.invitePage(map[string]string{"role": role, "emails": v.Query.Get("email")})
	if err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, page)
}

func (v *visit) invitePage(values map[string]string) (*FormPage, error) {
	spec := v.site.kind(identity.Invitations.Name).Spec()
	page := &FormPage{Shell: v.shell("Invite people"), Crumbs: []Crumb{{"Members", membersPath}}, Heading: "Invite people", Submit: "Invite",
		Action: invitationsPath, Cancel: membersPath, Upload: true}
	group := FieldGroup{Rows: [][]FieldView{{{Kind: FieldLong, Name: "emails", Label: "E-mail addresses", Value: values["emails"], First: true,
		Placeholder: "ada@example.com, grace@example.com", Help: "Up to 100. A pasted list or table works too."}},
		{{Kind: FieldFile, Name: "table", Label: "Or a table of them", Accept: ".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain", Help: "As other programs export it. The addresses are found in it."}}}}
	for _, name := range []string{"role", "teams", "message"} {
		f, _ := spec.Field(name)
		view, err := v.field(f, values[name])
		if err != nil {
			return nil, err
		}
		view.Required = name == "role"
		group.Rows = append(group.Rows, []FieldView{view})
	}
	page.Groups = []FieldGroup{group}
	return page, nil
}

func (s *Site) invite(v *visit) (*edge.Response, error) {
	values := typed(s.kind(identity.Invitations.Name).Spec().Fields, v.form)
	table, _, err := v.uploadedText("table", largestInvitation)
	if err != nil {
		return nil, err
	}
	addresses, unread := sheet.Text(table)
	in := identity.Inviting{Emails: []string{v.form.Get("emails"), addresses}, Role: v.form.Get("role"), Message: field.LongText(v.form.Get("message"))}
	for team := range strings.SplitSeq(values["teams"], ",") {
		if team = strings.TrimSpace(team); team != "" {
			in.Teams = append(in.Teams, team)
		}
	}
	var invited []identity.Invited
	if unread != nil {
		err = fault.InvalidField("table", `must be a text in UTF-8 or UTF-16; save it as "CSV UTF-8"`)
	} else if invited, err = s.accounts.Invite(v.person.Session, in); err == nil {
		return v.showInvited(invited)
	}
	values["emails"] = v.form.Get("emails")
	page, wrong := v.invitePage(values)
	if wrong != nil {
		return nil, wrong
	}
	if fault.Is(err, fault.RateLimited) || fault.Is(err, fault.Forbidden) && len(in.Teams) > 0 {
		public := fault.Public(err)
		page.Notice = &Strip{Tone: Bad, Text: public.Message}
		return v.showRefused(public, page)
	}
	return v.refused(page, err)
}

// largestInvitation is what a table of addresses may have, in bytes.
const largestInvitation = 1 << 20

// outcomes say what became of an address.
var outcomes = map[identity.Outcome]Badge{
	identity.AddressInvited: {Good, "Invited"}, identity.AddressMember: {Idle, "A member already"}, identity.AddressOpen: {Idle, "Invited already"},
	identity.AddressWrong: {Bad, "Not an address"}, identity.AddressSlowed: {Warn, "Too many mails"},
}

// showInvited tells what became of each address, with the links, this once.
func (v *visit) showInvited(invited []identity.Invited) (*edge.Response, error) {
	page := &DetailPage{Shell: v.shell("Invited"), Heading: "Invited", Crumbs: []Crumb{{"Members", membersPath}, {"Invitations", invitationsPath}}, Self: invitationsPath,
		Primary: &Action{Label: "Back to the members", Href: membersPath}, Actions: []Action{{Label: "Invite others", Icon: "mail", Href: invitationsPath + "/new"}}}
	made, others := 0, &Table{Caption: "What became of each address", Columns: []Column{{Label: "Address"}, {Label: "Outcome", State: true}}}
	for _, one := range invited {
		row := Row{ID: one.Email, Label: mailbox.Shown(one.Email), Cells: []Cell{Text(mailbox.Shown(one.Email)), outcomes[one.Outcome]}}
		if one.Link != "" {
			made++
			row.Href = invitationsPath + "/" + one.ID
		}
		others.Rows = append(others.Rows, row)
	}
	page.Main = []Section{{Title: "Addresses", Table: others}}
	for _, one := range invited {
		if one.Link != "" {
			page.Main = append(page.Main, Section{Code: &Code{ID: "link-" + one.ID, Label: "Link for " + mailbox.Shown(one.Email), Text: one.Link}})
		}
	}
	switch {
	case made == 0:
		page.Notice = &Strip{Tone: Warn, Text: "Nobody was invited."}
	default:
		page.Notice = &Strip{Tone: Good, Text: "The mails are on their way.", Remedy: "The links are shown this once; each works for 7 days, once, and for its address only, which a newcomer confirms by a mail."}
		if !v.site.outbox.Sends(outbox.Email) {
			page.Notice = &Strip{Tone: Warn, Text: "This instance has no mail server. Copy the links and pass them on.",
				Remedy: "They are shown this once; each works for 7 days, once, and for its address only."}
			if !v.person.Operator {
				page.Notice.Remedy += " People without an account also need a second link, which the operator of this instance finds in the outbox."
			}
		}
	}
	return v.show(http.StatusOK, page)
}

func (s *Site) resendInvitation(v *visit) (*edge.Response, error) {
	sent, err := s.accounts.Resend(v.person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	return v.showInvited([]identity.Invited{sent})
}
