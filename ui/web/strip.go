package web

import (
	"zygo/ui/markup"
)

// deletionNotice says above every page until when the organization can be taken back, nil where it is not deleted.
func (v *Visit) deletionNotice() *markup.Strip {
	if v.Person.Tenant.DeleteAt == 0 {
		return nil
	}
	return &markup.Strip{
		Tone: markup.Bad,
		Text: v.Person.Tenant.Name + " will be deleted on " +
			v.Person.Tenant.DeleteAt.Go().UTC().Format("2 January 2006 at 15:04 UTC") + ".",
		Remedy:  "Only its owners enter it until then, and nothing runs in it.",
		Actions: []markup.Action{{Label: "Take it back", Post: DeletionPath + "/take-back"}},
	}
}
