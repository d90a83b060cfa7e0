package platform

import (
	"strings"

	"zygo/app/field"
	"zygo/app/resource"
)

// templateFields are what a template of an organization and one of the instance have in common.
type templateFields struct {
	Name        string         `z:"required,max=200,list,search,unique"`
	Kind        string         `z:"required,max=50,list,short,dropdown=template_kind,help=What it begins."`
	Description string         `z:"max=500,list,search,help=When to choose this template."`
	Title       string         `z:"max=200,search,help=The new row's title. A name in double braces is asked for: {{service}} is down"`
	Body        field.Markdown `z:"max=20000,search,help=The new row's text; names in double braces are asked for here too."`
	Tags        field.Tags
	Samples     field.LongText `z:"max=2000,fold,help=A sample for each name, one a line, for the preview: service: checkout"`
}

// Template is a beginning for new rows of a kind: texts with holes, and fields of its own.
type Template struct {
	resource.Row
	templateFields
}

// InstanceTemplate is a template that every organization is offered.
type InstanceTemplate struct {
	resource.InstanceRow
	templateFields
}

// Templates is the kind of an organization.
var Templates = resource.Kind[Template]{
	Name: "template", Area: "Data", Icon: "file-text", Order: "name", Roles: content,
	Help: "A template begins a new row: its title and text with holes to fill, and fields that only such rows have.",
}

// InstanceTemplates is the kind of the instance.
var InstanceTemplates = resource.Kind[InstanceTemplate]{
	Name:      "instance_template",
	Label:     "default template",
	Path:      "admin/content/templates",
	Area:      "Operator",
	Icon:      "file-text",
	Order:     "name",
	Operators: true,
	Visible:   everywhere,
	Help:      "Every organization is offered these templates besides its own.",
}

// variables are the names in the texts in their order, each with its sample.
func (t *templateFields) variables() []resource.Variable {
	samples := map[string]string{}
	for line := range strings.Lines(string(t.Samples)) {
		if name, sample, ok := strings.Cut(line, ":"); ok {
			samples[strings.TrimSpace(name)] = strings.TrimSpace(sample)
		}
	}
	variables := []resource.Variable{}
	for _, name := range field.Holes(t.Title + "\n" + string(t.Body)) {
		variables = append(variables, resource.Variable{Name: name, Sample: samples[name]})
	}
	return variables
}

// templates are those for a kind: the organization's, then the instance's.
func templates(s *resource.Session, kind string) ([]resource.Template, error) {
	watched := []string{"template", "template_field", "instance_template", "instance_template_field", "dropdown", "instance_dropdown"}
	return resource.Cached(s, "templates "+kind, watched, func(s *resource.Session) ([]resource.Template, error) {
		own, err := resource.Select[Template](s, "SELECT * FROM {template} WHERE kind = ? ORDER BY name", kind)
		if err != nil {
			return nil, err
		}
		ownFields, err := resource.Select[TemplateField](s,
			"SELECT f.* FROM {template_field} AS f JOIN {template} AS t ON t.id = f.template WHERE t.kind = ? ORDER BY f.position, f.n",
			kind)
		if err != nil {
			return nil, err
		}
		common, err := resource.Select[InstanceTemplate](s, "SELECT * FROM {instance_template} WHERE kind = ? ORDER BY name", kind)
		if err != nil {
			return nil, err
		}
		commonFields, err := resource.Select[InstanceTemplateField](s,
			"SELECT f.* FROM {instance_template_field} AS f JOIN {instance_template} AS t ON t.id = f.template WHERE t.kind = ? ORDER BY f.position, f.n", kind)
		if err != nil {
			return nil, err
		}
		all := []resource.Template{}
		for _, t := range own {
			all = append(all, t.template(t.ID, "organization"))
		}
		for _, t := range common {
			all = append(all, t.template(t.ID, "instance"))
		}
		for _, f := range ownFields {
			if err := f.add(s, all, f.Template); err != nil {
				return nil, err
			}
		}
		for _, f := range commonFields {
			if err := f.add(s, all, f.Template); err != nil {
				return nil, err
			}
		}
		return all, nil
	})
}

func (t *templateFields) template(id, source string) resource.Template {
	return resource.Template{
		ID:          id,
		Kind:        t.Kind,
		Name:        t.Name,
		Description: t.Description,
		Title:       t.Title,
		Body:        string(t.Body),
		Tags:        t.Tags,
		Variables:   t.variables(),
		Source:      source,
	}
}
