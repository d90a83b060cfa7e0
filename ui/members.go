package ui

import (
	"net/http"
	"slices"

	"zygo/app/edge"
	"zygo/app/identity"
	"zygo/app/mailbox"
	"zygo/app/resource"
)

// personColumn is where the columns of the person begin in the list of members: behind the name and the state.
const personColumn = 2

// showPeople adds to the list of members what their accounts say, since a membership itself names only the person and the role.
func (v *visit) showPeople(table *Table, records []resource.Record) error {
	people, err := v.people(records)
	if err != nil {
		return err
	}
	at := min(personColumn, len(table.Columns))
	columns := []Column{{Label: "E-mail"}, {Label: "Last seen", Leaves: 1}}
	if v.seesFactors() {
		columns = append(columns, Column{Label: "Second factor", Leaves: 1})
	}
	table.Columns = slices.Insert(table.Columns, at, columns...)
	table.Columns[len(table.Columns)-1].Leaves = 2 // when a row was changed matters least here
	for i, record := range records {
		cells := make([]Cell, len(columns))
		for j, fact := range v.personFacts(people[string(record.(*identity.Membership).UserID)]) {
			cells[j] = fact.Value
		}
		table.Rows[i].Cells = slices.Insert(table.Rows[i].Cells, at, cells...)
	}
	return nil
}

// member is the page of a member, with what their account says.
func (s *Site) member(v *visit) (*edge.Response, error) {
	page, record, err := v.named(s.kind(identity.Memberships.Name))
	if err != nil {
		return nil, err
	}
	people, err := v.people([]resource.Record{record})
	if err != nil {
		return nil, err
	}
	facts := v.personFacts(people[string(record.(*identity.Membership).UserID)])
	page.Main[0].Facts = append(page.Main[0].Facts, facts...)
	return v.show(http.StatusOK, page)
}

func (v *visit) people(records []resource.Record) (map[string]identity.MemberAccount, error) {
	users := make([]string, len(records))
	for i, record := range records {
		users[i] = string(record.(*identity.Membership).UserID)
	}
	return v.site.accounts.MemberAccounts(v.person, users)
}

// seesFactors tells whether the person sees how members protect their accounts: it helps those who manage them, and attackers.
func (v *visit) seesFactors() bool {
	return v.person.May(v.site.kind(identity.Memberships.Name).Spec(), resource.Update)
}

// personFacts are what an account says of its person; an account that is gone says nothing.
func (v *visit) personFacts(account identity.MemberAccount) []Fact {
	if account.ID == "" {
		return nil
	}
	seen := Cell(Text("Never"))
	if account.LastSeenAt != 0 {
		seen = when(account.LastSeenAt)
	}
	facts := []Fact{{"E-mail", linkCell(mailbox.Shown(account.Email), "mailto:"+account.Email)}, {"Last seen", seen}}
	if v.seesFactors() {
		facts = append(facts, Fact{"Second factor", YesNo(account.Protected)})
	}
	return facts
}
