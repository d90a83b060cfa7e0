package flow

import (
	"cmp"
	"fmt"

	"zygo/app/flow"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// drawnDraft is the draft as a drawing that leads to its editor, with what keeps its nodes from being published.
func drawnDraft(w *flow.Workflow, graph *flow.Graph, problems []flow.Problem) []markup.Section {
	if len(graph.Nodes) == 0 {
		return nil
	}
	drawn := drawing(graph, w.Name+": "+counted(len(graph.Nodes), "node"), func(id string) string {
		return "/workflows/" + w.ID + "/edit#node-" + id
	})
	for i := range drawn.Nodes {
		for _, p := range problems {
			if p.Node == drawn.Nodes[i].ID {
				drawn.Nodes[i].State, drawn.Nodes[i].Line = markup.NodeFailed, problemSentence(graph, p)
			}
		}
	}
	if w.PublishedVersion > 0 && w.DraftVersion == 0 {
		return []markup.Section{{Title: fmt.Sprintf("Version %d", w.PublishedVersion), Graph: drawn}}
	}
	return []markup.Section{{Title: "Draft", Graph: drawn}}
}

// folderFact leads to what else is in the folder of a workflow.
func folderFact(v *web.Visit, w *flow.Workflow) ([]markup.Fact, error) {
	if w.Folder == "" {
		return nil, nil
	}
	names, err := v.Person.TitlesOf(flow.Folders.Name, []string{string(w.Folder)})
	name, seen := names[string(w.Folder)]
	if err != nil || !seen {
		return nil, err
	}
	return []markup.Fact{{Label: "Folder", Value: markup.Reference{Label: name, Href: "/workflows?filter[folder]=" + string(w.Folder)}}}, nil
}

func workflowFacts(v *web.Visit, w *flow.Workflow, graph *flow.Graph) ([]markup.Fact, error) {
	facts := []markup.Fact{
		{Label: "Published", Value: widget.TextCell("")},
		{Label: "Draft", Value: markup.Text("As published")},
		{Label: "Nodes", Value: markup.Count(len(graph.Nodes))},
	}
	if w.PublishedVersion > 0 {
		facts[0].Value = markup.Reference{Label: fmt.Sprint("Version ", w.PublishedVersion), Href: "/workflows/" + w.ID + "/versions"}
	}
	if w.PublishedVersion == 0 || w.DraftVersion > 0 {
		facts[1].Value = markup.Text(counted(w.DraftVersion, "change"))
	}
	facts = append(facts, markup.Fact{Label: "Time zone", Value: markup.Text(cmp.Or(graph.Settings.TimeZone, "UTC"))})
	if graph.Settings.Concurrency > 0 {
		facts = append(facts, markup.Fact{Label: "At once", Value: markup.Text(counted(graph.Settings.Concurrency, "execution"))})
	}
	if len(w.Tags) > 0 {
		facts = append(facts, markup.Fact{Label: "Tags", Value: markup.Tags(w.Tags)})
	}
	folder, err := folderFact(v, w)
	return append(append(facts, folder...), markup.Fact{
		Label: "Created",
		Value: markup.Time(w.CreatedAt.Go()),
	}, markup.Fact{Label: "Updated", Value: markup.Time(w.UpdatedAt.Go())}, markup.Fact{Label: "ID", Value: markup.Identifier(w.ID)}), err
}
