package api

import (
	"zygo/app/edge"
	"zygo/app/identity"
	"zygo/app/outbox"
)

// listOutbox lists the mails and text messages of the instance newest first, without what they say.
func (a *API) listOutbox(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	before, limit, _, err := cursorAndLimit(r, false)
	if err != nil {
		return nil, err
	}
	messages, err := a.outbox.List(p.Session, before, limit+1)
	if err != nil {
		return nil, err
	}
	next := int64(0)
	if len(messages) > limit {
		messages, next = messages[:limit], messages[limit-1].N
	}
	return part(append([]outbox.Message{}, messages...), limit, next)
}

func (a *API) readOutbox(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(a.outbox.Get(p.Session, r.Param("id")))
}

func (a *API) sendAgain(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.outbox.SendAgain(p.Session, r.Param("id")))
}
