package kinds

import (
	"net/http"

	"zygo/app/edge"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// trashNote says what becomes of what is deleted.
const trashNote = "It can be restored from the trash for 30 days."

// Ask shows the question that the script asks in a dialog, to somebody without script.
func Ask(v *web.Visit, question, name, body, back string, carried ...markup.Hidden) (*edge.Response, error) {
	return v.Show(http.StatusOK, &markup.FormPage{
		Shell:   v.Shell(question),
		Crumbs:  []markup.Crumb{{Label: name, Href: back}},
		Heading: question,
		Submit:  question,
		Action:  v.Path + Kept(v),
		Cancel:  back,
		Hidden:  append(carried, markup.Hidden{Name: "confirm", Value: "yes"}),
		Notice:  &markup.Strip{Tone: markup.Warn, Text: body},
	})
}
