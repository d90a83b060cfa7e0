package instance

import (
	"fmt"
	"net/url"
)

// Explained asks why, and gives the answer with its reasons in one text.
func (c *Client) Explained(user, permission, row string) (bool, string) {
	c.Instance.T.Helper()
	var out struct {
		Allowed bool
		Reasons []struct{ Source, Text string }
	}
	c.Must(c.Call("GET", "access/explain?"+url.Values{"user": {user}, "permission": {permission}, "resource_id": {row}}.Encode(), nil),
		200, &out)
	return out.Allowed, fmt.Sprint(out.Reasons)
}

// First is the id of a row of a kind that can't be made.
func (c *Client) First(path string) string {
	c.Instance.T.Helper()
	var rows []struct{ ID string }
	c.Must(c.Call("GET", path+"?sort_by=created_at&sort_order=asc&limit=1", nil), 200, &rows)
	return rows[0].ID
}

type imported struct {
	Rows, Created, Failed int
	Ignored               []string `json:"ignored_columns"`
	Errors                []struct {
		Row            int
		Field, Message string
	}
}

// ImportTable sends a CSV table to a path.
func (c *Client) ImportTable(path, table string) imported {
	c.Instance.T.Helper()
	var result imported
	c.Must(c.Call("POST", path, table, "Content-Type", "text/csv; charset=utf-8"), 200, &result)
	return result
}

// List are the rows at a path.
func List(c *Client, path string) []map[string]any {
	c.Instance.T.Helper()
	var rows []map[string]any
	c.Must(c.Call("GET", path, nil), 200, &rows)
	return rows
}

// Row is a row that a test made.
type Row struct {
	ID      string
	State   string
	LastRun string `json:"last_run"`
	Version int
}

// CreateRow creates something and gives the row.
func (c *Client) CreateRow(path string, body map[string]any) Row {
	c.Instance.T.Helper()
	var row Row
	c.Must(c.Call("POST", path, body), 201, &row)
	return row
}

// Raise creates incidents with titles, in this order, and gives their ids.
func (c *Client) Raise(severity string, titles ...string) []string {
	c.Instance.T.Helper()
	var ids []string
	for _, title := range titles {
		ids = append(ids, c.CreateRow("incidents", map[string]any{"title": title, "severity": severity}).ID)
	}
	return ids
}
