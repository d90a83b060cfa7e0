package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// auditEntry is a row of the ledger as the API shows it.
type auditEntry struct {
	ID           string     `json:"id"`
	TenantID     string     `json:"tenant_id"`
	At           field.Time `json:"at"`
	Actor        auditActor `json:"actor"`
	Action       string     `json:"action"`
	Kind         string     `json:"kind"`
	ResourceID   string     `json:"resource_id"`
	Changes      field.JSON `json:"changes"`
	Result       string     `json:"result"`
	Address      string     `json:"ip"`
	UserAgent    string     `json:"user_agent"`
	RequestID    string     `json:"request_id"`
	PreviousHash string     `json:"previous_hash"`
	Hash         string     `json:"hash"`
}

type auditActor struct {
	Kind       string `json:"kind"`
	ID         string `json:"id"`
	Name       string `json:"name"`
	OnBehalfOf string `json:"on_behalf_of,omitempty"`
}

func entryOf(e *resource.Entry) auditEntry {
	return auditEntry{
		ID:           e.ID(),
		TenantID:     e.TenantID,
		At:           e.At,
		Actor:        auditActor{e.ActorKind, e.ActorID, e.ActorName, e.OnBehalfOf},
		Action:       e.Action,
		Kind:         e.Kind,
		ResourceID:   e.ResourceID,
		Changes:      e.Changes,
		Result:       e.Result,
		Address:      e.Address,
		UserAgent:    e.UserAgent,
		RequestID:    e.RequestID,
		PreviousHash: fmt.Sprintf("%x", e.PreviousHash),
		Hash:         fmt.Sprintf("%x", e.Hash),
	}
}

// auditLogs lists the organization's entries newest first, or those of one resource.
func (a *API) auditLogs(r *edge.Request, p *people.Person) (*edge.Response, error) {
	query, _, err := edge.ListQuery(r)
	if err != nil {
		return nil, err
	}
	limit := query.Limit
	if limit == 0 {
		limit = 20
	}
	before := int64(0)
	if query.Cursor != "" {
		if before, err = strconv.ParseInt(query.Cursor, 10, 64); err != nil {
			return nil, fault.New(fault.BadRequest, "The cursor is not one of this list. Start again without it.")
		}
	}
	resourceID := ""
	for _, f := range query.Filters {
		if f.Field != "resource_id" || f.Operator != "eq" {
			return nil, fault.New(fault.BadRequest, "Audit entries can't be filtered by %q.", f.Field)
		}
		resourceID = f.Values[0]
	}
	limit = min(limit, resource.MostRows)
	entries, err := p.Entries(resourceID, before, limit+1)
	if err != nil {
		return nil, err
	}
	metadata := map[string]any{"limit": limit}
	if len(entries) > limit {
		entries = entries[:limit]
		metadata["next_cursor"] = strconv.FormatInt(entries[limit-1].Seq, 10)
	}
	shown := make([]auditEntry, len(entries))
	for i := range entries {
		shown[i] = entryOf(&entries[i])
	}
	body, err := json.Marshal(map[string]any{"success": true, "data": shown, "metadata": metadata})
	return edge.NewResponse(http.StatusOK, "application/json", body), err
}
