package tenant

import (
	"net/http"
	"slices"

	"zygo/app/edge"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/mailbox"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// personColumn is where the columns of the person begin in the list of members: behind the name and the state.
const personColumn = 2

// showPeople adds to the list of members what their accounts say, since a membership itself names only the person and the role.
func showPeople(v *web.Visit, table *markup.Table, records []resource.Record) error {
	accounts, err := memberAccounts(v, records)
	if err != nil {
		return err
	}
	at := min(personColumn, len(table.Columns))
	columns := []markup.Column{{Label: "E-mail"}, {Label: "Last seen", Leaves: 1}}
	if seesFactors(v) {
		columns = append(columns, markup.Column{Label: "Second factor", Leaves: 1})
	}
	table.Columns = slices.Insert(table.Columns, at, columns...)
	table.Columns[len(table.Columns)-1].Leaves = 2 // when a row was changed matters least here
	for i, record := range records {
		cells := make([]markup.Cell, len(columns))
		for j, fact := range personFacts(v, accounts[string(record.(*people.Membership).UserID)]) {
			cells[j] = fact.Value
		}
		table.Rows[i].Cells = slices.Insert(table.Rows[i].Cells, at, cells...)
	}
	return nil
}

// member is the page of a member, with what their account says.
func member(v *web.Visit) (*edge.Response, error) {
	page, record, err := kinds.Named(v, v.Site.Kind(people.Memberships.Name))
	if err != nil {
		return nil, err
	}
	accounts, err := memberAccounts(v, []resource.Record{record})
	if err != nil {
		return nil, err
	}
	facts := personFacts(v, accounts[string(record.(*people.Membership).UserID)])
	page.Main[0].Facts = append(page.Main[0].Facts, facts...)
	return v.Show(http.StatusOK, page)
}

func memberAccounts(v *web.Visit, records []resource.Record) (map[string]members.Account, error) {
	users := make([]string, len(records))
	for i, record := range records {
		users[i] = string(record.(*people.Membership).UserID)
	}
	return v.Site.Identity.Members.Accounts(v.Person, users)
}

// seesFactors tells whether the person sees how members protect their accounts: it helps those who manage them, and attackers.
func seesFactors(v *web.Visit) bool {
	return v.Person.May(v.Site.Kind(people.Memberships.Name).Spec(), resource.Update)
}

// personFacts are what an account says of its person; an account that is gone says nothing.
func personFacts(v *web.Visit, account members.Account) []markup.Fact {
	if account.ID == "" {
		return nil
	}
	seen := markup.Cell(markup.Text("Never"))
	if account.LastSeenAt != 0 {
		seen = web.When(account.LastSeenAt)
	}
	facts := []markup.Fact{
		{Label: "E-mail", Value: widget.LinkCell(mailbox.Shown(account.Email), "mailto:"+account.Email)},
		{Label: "Last seen", Value: seen},
	}
	if seesFactors(v) {
		facts = append(facts, markup.Fact{Label: "Second factor", Value: markup.YesNo(account.Protected)})
	}
	return facts
}
