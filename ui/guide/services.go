package guide

import (
	"fmt"
	"slices"
	"strings"

	"zygo/app/field"
	"zygo/app/flow/node"
)

// servicesPage is the slug of the page that lists the services; what stands below it begins so too.
const servicesPage = "services"

// serviceReference are the pages of the node types of outside services: what each can do, and what every operation takes.
func serviceReference() []guidePage {
	pages := []guidePage{{slug: servicesPage, title: "Services"}}
	var index strings.Builder
	index.WriteString("\nEach service is a node type of its own. [Services and their credentials](/docs/workflows-connectors) tells how to connect one.\n\n")
	for _, t := range node.All() {
		if t.Category != node.ServicesCategory {
			continue
		}
		slug := servicesPage + "-" + strings.ReplaceAll(strings.TrimPrefix(t.Name, "connector."), "_", "-")
		fmt.Fprintf(&index, "- [%s](/docs/%s): %s\n", t.Title, slug, t.Help)
		pages = append(pages, guidePage{slug: slug, title: t.Title, text: describeService(t), above: servicesPage})
	}
	pages[0].text = index.String()
	return pages
}

// isShownFor tells whether an operation has a field of its own.
func isShownFor(f *field.Field, operation string) bool {
	return f.When != nil && slices.Contains(f.When.Values, operation)
}

func describeService(t *node.Type) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s Its type is `%s`.", t.Help, t.Name)
	if t.Docs != "" {
		fmt.Fprintf(&b, " The vendor describes the API at <%s>.", t.Docs)
	}
	b.WriteString("\n\n## Connection\n\n| Field | What it takes |\n| --- | --- |\n")
	operations := t.Fields()[0]
	for _, f := range t.Fields()[1:] {
		if f.When == nil {
			describeField(&b, f, "")
		}
	}
	b.WriteString("\n## Operations\n\n| Operation | Needs | Also takes |\n| --- | --- | --- |\n")
	for _, o := range operations.Choices {
		needs, takes := []string{}, []string{}
		for _, f := range t.Fields() {
			switch {
			case t.Needs(f, o.Value):
				needs = append(needs, f.Label)
			case isShownFor(f, o.Value):
				takes = append(takes, f.Label)
			}
		}
		told := strings.TrimSpace(fmt.Sprintf("%s: `%s`. %s", o.Label, o.Value, inCell(t.Told(o.Value))))
		fmt.Fprintf(&b, "| %s | %s | %s |\n", told, strings.Join(needs, ", "), strings.Join(takes, ", "))
	}
	b.WriteString("\n## Fields\n\n| Field | What it takes |\n| --- | --- |\n")
	for _, f := range t.Fields() {
		if f.When != nil {
			describeField(&b, f, "")
		}
	}
	return b.String()
}
