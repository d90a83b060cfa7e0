package console

import (
	"net/http"
	"strconv"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/accounts"
	"zygo/app/identity/operators"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
)

const accountsPath = "/admin/users"

// cursorOf is where a list that is read by key goes on.
func cursorOf(v *web.Visit) (before int64, err error) {
	if text := v.Query.Get("cursor"); text != "" {
		if before, err = strconv.ParseInt(text, 10, 64); err != nil {
			return 0, fault.New(fault.BadRequest, "The cursor is not one of this list. Start again without it.")
		}
	}
	return before, nil
}

// account shows one account, where it is signed in and what it did.
func account(v *web.Visit) (*edge.Response, error) {
	before, err := cursorOf(v)
	if err != nil {
		return nil, err
	}
	page, record, err := kinds.Named(v, v.Site.Kind(operators.Accounts.Name))
	if err != nil {
		return nil, err
	}
	id := record.(*operators.Account).ID
	acts, next, err := v.Site.Identity.Operators.Activity(v.Person, id, before, kinds.ListRows)
	if err != nil {
		return nil, err
	}
	activity := markup.Section{Title: "Activity", Empty: "Nothing yet."}
	if len(acts) > 0 {
		activity.Empty, activity.Table = "", activityTable(acts)
	}
	if next > 0 {
		activity.All = &markup.Link{Label: "Older", Href: accountsPath + "/" + id + "?cursor=" + strconv.FormatInt(next, 10)}
	}
	sessions, err := openSessions(v, id)
	if err != nil {
		return nil, err
	}
	page.Main, page.Timeline = append(page.Main, sessions, activity), nil
	return v.Show(http.StatusOK, page)
}

// openSessions are where somebody is signed in.
func openSessions(v *web.Visit, user string) (markup.Section, error) {
	open, err := v.Site.Identity.Operators.AccountSessions(v.Person, user)
	if err != nil || len(open) == 0 {
		return markup.Section{Title: "Open sessions", Empty: "Signed in nowhere."}, err
	}
	table := &markup.Table{
		Caption: "Open sessions",
		Columns: []markup.Column{{Label: "Device"}, {Label: "From"}, {Label: "Last seen"}, {Label: "Since", Leaves: 1}},
	}
	for _, session := range open {
		table.Rows = append(table.Rows, markup.Row{
			ID:    session.ID,
			Label: session.Device,
			Cells: []markup.Cell{markup.Text(session.Device), markup.Text(session.Address), web.When(session.LastSeenAt),
				web.When(session.CreatedAt)},
		})
	}
	return markup.Section{Title: "Open sessions", Table: table}, nil
}

func activityTable(acts []accounts.Act) *markup.Table {
	table := &markup.Table{
		Caption: "Activity",
		Columns: []markup.Column{{Label: "What"}, {Label: "By"}, {Label: "When"}, {Label: "From", Leaves: 1}},
	}
	for _, act := range acts {
		what := field.Label(strings.ReplaceAll(act.Action, ".", "_"))
		if act.Result != resource.Success {
			what += " (" + act.Result + ")"
		}
		table.Rows = append(table.Rows, markup.Row{
			ID:    act.TenantID + act.ID,
			Label: what,
			Cells: []markup.Cell{markup.Text(what), markup.Text(act.Actor), markup.Time(act.At.Go()), markup.Text(act.Address)},
		})
	}
	return table
}
