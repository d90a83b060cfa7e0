package flow

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/flow"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// importForm takes the file of a workflow, of Zygo or of n8n.
func importForm(v *web.Visit) (*edge.Response, error) {
	if err := flow.Workflows.Require(v.Person.Session, resource.Create); err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, importPage(v))
}

func importPage(v *web.Visit) *markup.FormPage {
	return &markup.FormPage{
		Shell:   v.Shell("Import a workflow"),
		Crumbs:  []markup.Crumb{{Label: "Workflows", Href: "/workflows"}},
		Heading: "Import a workflow",
		Submit:  "Import",
		Action:  "/workflows/import",
		Cancel:  "/workflows",
		Groups: []markup.FieldGroup{{Rows: [][]markup.FieldView{{{
			Kind:     markup.FieldCode,
			Name:     "workflow",
			Label:    "Workflow",
			Value:    v.Form.Get("workflow"),
			Required: true,
			First:    true,
			Help: "JSON: what Zygo exports, or what n8n exports or copies from its editor. Of an n8n workflow you get a draft with a list " +
				"of what to look at. Nothing of it runs before you publish it.",
		}}}}},
	}
}

func importWorkflow(v *web.Visit) (*edge.Response, error) {
	made, err := flow.ImportText(v.Person.Session, []byte(v.Form.Get("workflow")))
	if err != nil {
		return kinds.Refused(v, importPage(v), err)
	}
	return edge.Redirect("/workflows/" + made.ID), nil
}
