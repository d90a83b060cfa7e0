package outbox

import (
	"net/http"

	"zygo/app/operation"
	"zygo/app/resource"
)

type byID struct{ ID string }

// Operations are what operators do with the messages of the instance.
func (o *Outbox) Operations() []operation.Operation {
	return []operation.Operation{
		operation.Operate(http.MethodGet, "admin/outbox/{id}", "", "A mail or text message with what it says; for operators",
			func(s *resource.Session, in *byID) (Message, error) { return o.Get(s, in.ID) }),
		operation.Operate(http.MethodPost, "admin/outbox/{id}/send", "", "Hand a mail or text message over once more; for operators",
			func(s *resource.Session, in *byID) (operation.Done, error) {
				return operation.Done{}, o.SendAgain(s, in.ID)
			}),
	}
}
