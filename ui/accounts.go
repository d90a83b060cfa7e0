package ui

import (
	"net/http"
	"strconv"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity"
	"zygo/app/resource"
)

const accountsPath = "/admin/users"

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

// account shows one account, where it is signed in and what it did.
func (s *Site) account(v *visit) (*edge.Response, error) {
	before, err := v.cursorOf()
	if err != nil {
		return nil, err
	}
	page, record, err := v.named(s.kind(identity.AllUsers.Name))
	if err != nil {
		return nil, err
	}
	id := record.(*identity.Account).ID
	acts, next, err := s.accounts.Activity(v.person, id, before, listRows)
	if err != nil {
		return nil, err
	}
	activity := Section{Title: "Activity", Empty: "Nothing yet."}
	if len(acts) > 0 {
		activity.Empty, activity.Table = "", activityTable(acts)
	}
	if next > 0 {
		activity.All = &Link{"Older", accountsPath + "/" + id + "?cursor=" + strconv.FormatInt(next, 10)}
	}
	sessions, err := v.openSessions(id)
	if err != nil {
		return nil, err
	}
	page.Main, page.Timeline = append(page.Main, sessions, activity), nil
	return v.show(http.StatusOK, page)
}

// openSessions are where somebody is signed in.
func (v *visit) openSessions(user string) (Section, error) {
	open, err := v.site.accounts.AccountSessions(v.person, user)
	if err != nil || len(open) == 0 {
		return Section{Title: "Open sessions", Empty: "Signed in nowhere."}, err
	}
	table := &Table{Caption: "Open sessions", Columns: []Column{{Label: "Device"}, {Label: "From"}, {Label: "Last seen"}, {Label: "Since", Leaves: 1}}}
	for _, session := range open {
		table.Rows = append(table.Rows, Row{ID: session.ID, Label: session.Device, Cells: []Cell{Text(session.Device), Text(session.Address), when(session.LastSeenAt), when(session.CreatedAt)}})
	}
	return Section{Title: "Open sessions", Table: table}, nil
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
