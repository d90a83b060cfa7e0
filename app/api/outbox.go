package api

import (
	"encoding/json"
	"net/http"
	"strconv"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/outbox"
	"zygo/app/resource"
)

// listOutbox lists the mails and text messages of the instance newest first, without what they say.
func (a *API) listOutbox(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	query, _, err := edge.ListQuery(r)
	if err != nil {
		return nil, err
	}
	if len(query.Filters) > 0 || query.Search != "" || query.SortBy != "" {
		return nil, fault.New(fault.BadRequest, "The outbox takes limit and cursor only.")
	}
	before := int64(0)
	if query.Cursor != "" {
		if before, err = strconv.ParseInt(query.Cursor, 10, 64); err != nil {
			return nil, fault.New(fault.BadRequest, "The cursor is not one of this list. Start again without it.")
		}
	}
	limit := query.Limit
	if limit == 0 {
		limit = 20
	}
	limit = min(limit, resource.MostRows)
	messages, err := a.outbox.List(p.Session, before, limit+1)
	if err != nil {
		return nil, err
	}
	metadata := map[string]any{"limit": limit}
	if len(messages) > limit {
		messages = messages[:limit]
		metadata["next_cursor"] = strconv.FormatInt(messages[limit-1].N, 10)
	}
	if messages == nil {
		messages = []outbox.Message{}
	}
	body, err := json.Marshal(map[string]any{"success": true, "data": messages, "metadata": metadata})
	return edge.NewResponse(http.StatusOK, "application/json", body), err
}

func (a *API) readOutbox(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(a.outbox.Get(p.Session, r.Param("id")))
}

func (a *API) sendAgain(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.outbox.SendAgain(p.Session, r.Param("id")))
}
