package catalogue

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// Foreign is an organization full of marked rows, and their ids: all, and one of each kind.
func Foreign(t testing.TB, i *instance.Instance) (marker string, ids []string, of map[string]string) {
	t.Helper()
	of = map[string]string{}
	theirs, d, all := i.As("owner@umbrella"), Document(t, i), Kinds(t)
	marker = "FOREIGNMARKER"
	for _, k := range all {
		if k.OfOperators() || !k.Has("POST", "") && k.IsChild() {
			continue
		}
		if k.Has("POST", "") {
			of[k.Name] = Create(theirs, d, k.Name, marker, 1, ByName(all))["id"].(string)
			ids = append(ids, of[k.Name])
			continue
		}
		var rows []map[string]any
		theirs.Must(theirs.Call("GET", k.At(theirs, d, marker, ByName(all)), nil), 200, &rows)
		for _, row := range rows {
			of[k.Name] = row["id"].(string)
			ids = append(ids, of[k.Name])
		}
	}
	ids = append(ids, theirs.InviteSomebody(marker))
	workflow := theirs.Publish(marker+" workflow", []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("mark", "set", map[string]any{"assignments": []any{map[string]any{"name": "x", "value": marker}}})},
		instance.Chain("start", "mark"))
	return marker, append(ids, workflow, theirs.Run(workflow, nil).ID), of
}

// Snapshot is everything that an owner sees of their organization, without the ledger, which their own sign-ins move.
func Snapshot(t testing.TB, c *instance.Client) string {
	t.Helper()
	all := map[string]json.RawMessage{}
	for _, k := range Kinds(t) {
		if k.OfOperators() || k.IsChild() {
			continue
		}
		var rows json.RawMessage
		c.Must(c.Call("GET", k.Path+"?limit=100&sort_by=id&sort_order=asc", nil), 200, &rows)
		all[k.Name] = rows
	}
	return lastSeen.ReplaceAllString(instance.Encode(all), "")
}

// lastSeen moves with each request of a person and says nothing of what they changed.
var lastSeen = regexp.MustCompile(`"last_seen_at":"[^"]*"`)

// unique are kinds of which nobody makes a second row here: nobody is twice in a team, or asks twice for the same.
var unique = []string{"feature_flag", "team_member", "access_request"}

// Fill stores two rows of every kind that can be made, and so many of those that are named, with the marker in every text. It
// gives the id of one row of each kind by the kind's path.
func Fill(i *instance.Instance, t testing.TB, c *instance.Client, marker string, many int, of ...string) map[string]string {
	t.Helper()
	d, all := Document(t, i), Kinds(t)
	known := ByName(all)
	ids := map[string]string{}
	for _, k := range all { // a parent's path comes before those of its children
		path := k.Path
		if above, _, child := strings.Cut(k.Path, "/{id}/"); child {
			path = strings.Replace(k.Path, "{id}", ids[above], 1)
		}
		rows := 2
		switch {
		case !k.Has("POST", ""):
			rows = 0
		case slices.Contains(unique, k.Name):
			rows = 1
		case slices.Contains(of, k.Name):
			rows = many
		}
		for n := range rows {
			ids[k.Path] = CreateAt(c, path, d, k.Name, marker, 1000+n, known)["id"].(string)
		}
		if k.Name == "runbook_run" {
			c.Must(c.Call("POST", strings.TrimSuffix(path, "s"), map[string]any{}), 200, nil)
		}
	}
	for _, k := range all { // what others bring along, or is read from the rows of others
		if ids[k.Path] != "" || !k.Has("GET", "") {
			continue
		}
		above, _, _ := strings.Cut(k.Path, "/{id}/")
		var list []struct{ ID string }
		c.Must(c.Call("GET", strings.Replace(k.Path, "{id}", ids[above], 1), nil), 200, &list)
		if len(list) > 0 {
			ids[k.Path] = list[0].ID
		}
	}
	ids["invitations"] = c.InviteSomebody(marker)
	ids["api-keys"] = c.Create("api-keys", map[string]any{"name": marker})
	ids["admin/outbox"] = SendMail(c)
	ids["admin/users"] = c.UserID()
	ids["admin/organizations"] = instance.TenantOf(c)
	return ids
}

// SendMail makes Zygo write a mail, and gives its id to the client, who is an operator.
func SendMail(c *instance.Client) string {
	c.Instance.T.Helper()
	c.Must(c.Call("POST", "auth/forgot-password", map[string]string{"email": "viewer@acme.test"}), 200, nil)
	var mails []struct{ ID string }
	c.Must(c.Call("GET", "admin/outbox?limit=1", nil), 200, &mails)
	return mails[0].ID
}
