package flow

import (
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/flow"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// templates lists the workflows that the instance ships.
func templates(v *web.Visit) (*edge.Response, error) {
	if err := flow.Workflows.Require(v.Person.Session, resource.List); err != nil {
		return nil, err
	}
	all, err := flow.Templates()
	if err != nil {
		return nil, err
	}
	table := &markup.Table{
		Caption: "Templates",
		Columns: []markup.Column{{Label: "Name"}, {Label: "What it does", Wraps: true}, {Label: "Tags", Leaves: 1}},
	}
	for _, t := range all {
		table.Rows = append(table.Rows, markup.Row{
			ID:    t.ID,
			Label: t.Name,
			Href:  "/workflow-templates/" + t.ID,
			Cells: []markup.Cell{markup.Text(t.Name), markup.Text(t.Description), markup.Tags(t.Tags)},
		})
	}
	return v.Show(http.StatusOK, &markup.ListPage{
		Shell:   v.Shell("Workflow templates"),
		Heading: "Workflow templates",
		Total:   kinds.Total(len(all)),
		Path:    v.Path,
		Self:    v.Path,
		Table:   table,
		More:    []markup.Action{{Label: "All workflows", Icon: "workflow", Href: "/workflows"}},
		Paging:  markup.Paging{From: 1, To: len(all), Total: kinds.Total(len(all))},
	})
}

// template shows a shipped workflow before it is taken.
func template(v *web.Visit) (*edge.Response, error) {
	if err := flow.Workflows.Require(v.Person.Session, resource.Get); err != nil {
		return nil, err
	}
	t, err := flow.FindTemplate(v.Param("id"))
	if err != nil {
		return nil, err
	}
	graph, err := t.Graph()
	if err != nil {
		return nil, err
	}
	page := &markup.DetailPage{
		Shell: v.Shell(t.Name), Crumbs: []markup.Crumb{
			{Label: "Workflows", Href: "/workflows"},
			{Label: "Templates", Href: "/workflow-templates"},
		}, Heading: t.Name, Self: v.Path,
		Top: []markup.Section{
			{
				Title: "Graph",
				Graph: drawing(graph, t.Name+": "+counted(len(graph.Nodes), "node"), func(id string) string { return "#node-" + id }),
			},
		},
		Main: []markup.Section{{Title: "What it does", Markdown: string(t.Description)}},
	}
	if v.MayCreate("workflow") {
		page.Primary = &markup.Action{Label: "Use this template", Icon: "plus", Post: v.Path + "/use"}
	}
	if len(t.Needs) > 0 {
		page.Main = append(page.Main, markup.Section{
			Title:    "What it needs before it can be published",
			Markdown: "- " + strings.Join(t.Needs, "\n- "),
		})
	}
	page.Main = append(page.Main, nodeList(graph))
	return v.Show(http.StatusOK, page)
}

// nodeList is the graph in words, for small screens and for those who can't see the drawing.
func nodeList(graph *flow.Graph) markup.Section {
	nodes := markup.Section{Title: "Nodes"}
	for i := range graph.Nodes {
		nodes.Facts = append(nodes.Facts, markup.Fact{Label: graph.Nodes[i].Name, Value: widget.TextCell(nodeLine(&graph.Nodes[i]))})
	}
	return nodes
}

// useTemplate makes a workflow of a template.
func useTemplate(v *web.Visit) (*edge.Response, error) {
	w, err := flow.UseTemplate(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	return edge.Redirect("/workflows/" + w.ID), nil
}
