package ui

import (
	"net/http"
	"strconv"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity"
	"zygo/app/mailbox"
	"zygo/app/resource"
)

const accountsPath = "/admin/users"

// accountState is how an account stands, in a word.
func accountState(a identity.Account) Badge {
	switch {
	case a.Deleted():
		return Badge{Word: "Deleted"}
	case a.SuspendedAt != 0:
		return Badge{Bad, "Suspended"}
	case a.Unverified:
		return Badge{Warn, "Unconfirmed"}
	}
	return Badge{Good, "Active"}
}

// when is a time, or nothing where there is none.
func when(at field.Time) Cell {
	if at == 0 {
		return nil
	}
	return Time(at.Go())
}

// cursorOf is where a list that is read by key goes on.
func (v *visit) cursorOf() (before int64, err error) {
	if text := v.Query.Get("cursor"); text != "" {
		if before, err = strconv.ParseInt(text, 10, 64); err != nil {
			return 0, fault.New(fault.BadRequest, "The cursor is not one of this list. Start again without it.")
		}
	}
	return before, nil
}

// byKey is a list that is read by key, from the row with the number before on. One row more than it shows is read, to know
// whether there are others.
func byKey[T any](page *ListPage, v *visit, rows []T, before int64, number func(row T) int64) []T {
	here := address{page.Path, v.Query}
	if len(rows) > listRows {
		rows = rows[:listRows]
		page.Paging.NextHref = here.with("cursor", strconv.FormatInt(number(rows[listRows-1]), 10))
	}
	if before > 0 {
		page.Paging.PreviousHref = here.with("cursor", "")
	}
	page.counted(len(rows), before > 0)
	return rows
}

// counted says how many rows a list shows that is read by key: as far as is known without counting all of them.
func (p *ListPage) counted(rows int, further bool) {
	p.Total = strconv.Itoa(rows)
	if further || p.Paging.NextHref != "" {
		p.Total = ""
	}
	if p.Paging.To = rows; rows > 0 {
		p.Paging.From = 1
	}
	if p.Paging.Total = p.Total; p.Total == "" {
		p.Paging.Total = "this page"
	}
}

// accountList lists the accounts of the instance, for its operators.
func (s *Site) accountList(v *visit) (*edge.Response, error) {
	before, err := v.cursorOf()
	if err != nil {
		return nil, err
	}
	search := v.Query.Get("search")
	accounts, err := s.accounts.Accounts(v.person, search, before, listRows+1)
	if err != nil {
		return nil, err
	}
	page := &ListPage{Shell: v.shell("Users"), Heading: "Users", Path: accountsPath, Self: v.Path + queryText(v.Query), Search: search, SearchHint: "Name or address",
		Empty: Empty{Icon: "users", Title: "No such user", Text: "Nobody's name or address holds these letters.", Actions: []Action{{Label: "All users", Href: accountsPath}}}}
	accounts = byKey(page, v, accounts, before, func(a identity.Account) int64 { return a.N })
	page.Table = &Table{Caption: "Users", Columns: []Column{{Label: "Name"}, {Label: "State", State: true}, {Label: "E-mail"}, {Label: "Organizations", Leaves: 1}, {Label: "Rights", Leaves: 2}, {Label: "Last seen", Leaves: 2}}}
	for _, a := range accounts {
		rights := ""
		if a.Operator {
			rights = "Operator"
		}
		page.Table.Rows = append(page.Table.Rows, Row{ID: a.ID, Label: a.Name, Href: accountsPath + "/" + a.ID,
			Cells: []Cell{Text(a.Name), accountState(a), Text(mailbox.Shown(a.Email)), Text(a.Organizations), Text(rights), when(a.SeenAt)}})
	}
	return v.show(http.StatusOK, page)
}

// account shows one account with what an operator can do about it.
func (s *Site) account(v *visit) (*edge.Response, error) {
	before, err := v.cursorOf()
	if err != nil {
		return nil, err
	}
	account, err := s.accounts.Account(v.person, v.Param("id"))
	if err != nil {
		return nil, err
	}
	acts, next, err := s.accounts.Activity(v.person, account.ID, before, listRows)
	if err != nil {
		return nil, err
	}
	path := accountsPath + "/" + account.ID
	page := &DetailPage{Shell: v.shell(account.Name), Crumbs: []Crumb{{"Users", accountsPath}}, Heading: account.Name, State: accountState(account), Self: v.Path,
		Side: []Section{{Title: "Facts", Facts: []Fact{{"E-mail", Text(mailbox.Shown(account.Email))}, {"Organizations", Text(account.Organizations)}, {"Operator", YesNo(account.Operator)},
			{"Made", Time(account.CreatedAt.Go())}, {"Last seen", when(account.SeenAt)}, {"Suspended", when(account.SuspendedAt)}}}}}
	switch {
	case account.Deleted():
	case account.SuspendedAt != 0:
		page.Primary = &Action{Label: "Activate", Icon: "unlock", Post: path + "/activate"}
	default:
		page.Primary = &Action{Label: "Suspend", Icon: "ban", Post: path + "/suspend", Danger: true, Confirm: &Confirm{Title: "Suspend user", Body: account.Name + " is signed out everywhere at once and can't sign in until you activate them again."}}
	}
	activity := Section{Title: "Activity", Empty: "Nothing yet."}
	if len(acts) > 0 {
		activity.Empty, activity.Table = "", activityTable(acts)
	}
	if next > 0 {
		activity.All = &Link{"Older", path + "?cursor=" + strconv.FormatInt(next, 10)}
	}
	sessions, err := v.openSessions(account.ID, path)
	if err != nil {
		return nil, err
	}
	page.Main = []Section{sessions, activity}
	return v.show(http.StatusOK, page)
}

// openSessions are where somebody is signed in.
func (v *visit) openSessions(user, path string) (Section, error) {
	open, err := v.site.accounts.AccountSessions(v.person, user)
	if err != nil || len(open) == 0 {
		return Section{Title: "Open sessions", Empty: "Signed in nowhere."}, err
	}
	table := &Table{Caption: "Open sessions", Columns: []Column{{Label: "Device"}, {Label: "From"}, {Label: "Last seen"}, {Label: "Since", Leaves: 1}}}
	for _, session := range open {
		table.Rows = append(table.Rows, Row{ID: session.ID, Label: session.Device, Cells: []Cell{Text(session.Device), Text(session.Address), when(session.LastSeenAt), when(session.CreatedAt)}})
	}
	return Section{Title: "Open sessions", Table: table, Action: &Action{Label: "Sign out everywhere", Icon: "log-out", Post: path + "/sign-out", Danger: true,
		Confirm: &Confirm{Title: "Sign out everywhere", Body: "Every session and token of the account ends at once. They can sign in again."}}}, nil
}

func activityTable(acts []identity.Act) *Table {
	table := &Table{Caption: "Activity", Columns: []Column{{Label: "What"}, {Label: "By"}, {Label: "When"}, {Label: "From", Leaves: 1}}}
	for _, act := range acts {
		what := field.Label(strings.ReplaceAll(act.Action, ".", "_"))
		if act.Result != resource.Success {
			what += " (" + act.Result + ")"
		}
		table.Rows = append(table.Rows, Row{ID: act.TenantID + act.ID, Label: what, Cells: []Cell{Text(what), Text(act.Actor), Time(act.At.Go()), Text(act.Address)}})
	}
	return table
}

func (s *Site) suspendAccount(v *visit) (*edge.Response, error) {
	return s.accountChanged(v, s.accounts.Suspend)
}

func (s *Site) signOutAccount(v *visit) (*edge.Response, error) {
	return s.accountChanged(v, s.accounts.SignOutEverywhere)
}

func (s *Site) activateAccount(v *visit) (*edge.Response, error) {
	return s.accountChanged(v, s.accounts.Activate)
}

func (s *Site) accountChanged(v *visit, change func(*identity.Person, string) error) (*edge.Response, error) {
	if err := change(v.person, v.Param("id")); err != nil {
		return nil, err
	}
	return edge.Redirect(accountsPath + "/" + v.Param("id")), nil
}
