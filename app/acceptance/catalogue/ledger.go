package catalogue

import (
	"encoding/json"
	"slices"
	"testing"

	"zygo/app/acceptance/instance"
)

// Entry is an entry of the audit log.
type Entry struct {
	Action, Kind, Result string
	ResourceID           string `json:"resource_id"`
}

// Ledger is the organization's whole record, oldest first.
func Ledger(t testing.TB, c *instance.Client) []Entry {
	t.Helper()
	var all []Entry
	cursor := ""
	for {
		var page []Entry
		answer := c.Call("GET", "audit-logs?limit=100"+cursor, nil)
		c.Must(answer, 200, &page)
		all = append(all, page...)
		var envelope struct {
			Metadata struct {
				NextCursor string `json:"next_cursor"`
			}
		}
		if err := json.Unmarshal(answer.Body, &envelope); err != nil {
			t.Fatal(err)
		}
		if envelope.Metadata.NextCursor == "" {
			slices.Reverse(all)
			return all
		}
		cursor = "&cursor=" + envelope.Metadata.NextCursor
	}
}
