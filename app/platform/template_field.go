package platform

import (
	"regexp"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// addedField is a field that a template adds to the rows made from it.
type addedField struct {
	Label    string    `z:"required,max=100,list,search,help=What people read beside the field."`
	Name     string    `z:"required,max=50,list,short,help=Its name in the API: small letters, digits and underscores."`
	Type     AddedType `z:"default=text,list,short"`
	Required bool      `z:"list,help=A row can't be stored without it."`
	Category string    `z:"max=50,list,short,help=For a choice: the category of the dropdown values that it offers."`
	Position int64     `z:"list,short,help=The lowest stands first."`
}

// TemplateField is a field that an organization's template adds.
type TemplateField struct {
	resource.Row
	Template field.Ref `z:"to=template"`
	addedField
}

// InstanceTemplateField is a field that a template of the instance adds.
type InstanceTemplateField struct {
	resource.InstanceRow
	Template field.Ref `z:"to=instance_template"`
	addedField
}

// AddedType is what such a field holds.
type AddedType string

// Choices lists the types.
func (AddedType) Choices() []field.Choice {
	return []field.Choice{
		{Value: "text", Label: "Text"},
		{Value: "long_text", Label: "Long text"},
		{Value: "number", Label: "Number"},
		{Value: "boolean", Label: "Yes or no"},
		{Value: "choice", Label: "Choice"},
		{Value: "date", Label: "Date"},
		{Value: "time", Label: "Time"},
		{Value: "duration", Label: "Duration"},
		{Value: "money", Label: "Money"},
		{Value: "email", Label: "E-mail address"},
		{Value: "url", Label: "Web address"},
		{Value: "phone", Label: "Phone number"},
	}
}

// TemplateFields is the kind of an organization.
var TemplateFields = resource.Kind[TemplateField]{
	Name: "template_field", Label: "field", Path: "fields", Parent: "template", Icon: "columns-3", Order: "position", Roles: content,
	Unique: [][]string{{"tenant_id", "template", "name"}}, Check: (*TemplateField).check,
	Help: "A field of a template is asked for in each row made from it.",
}

// InstanceTemplateFields is the kind of the instance.
var InstanceTemplateFields = resource.Kind[InstanceTemplateField]{
	Name:      "instance_template_field",
	Label:     "field",
	Path:      "fields",
	Parent:    "template",
	Icon:      "columns-3",
	Order:     "position",
	Operators: true,
	Visible:   everywhere,
	Unique:    [][]string{{"template", "name"}},
	Check:     (*InstanceTemplateField).check,
	Help:      "A field of a template is asked for in each row made from it.",
}

var addedName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (f *TemplateField) check(*resource.Change[TemplateField]) error { return f.checkName() }

func (f *InstanceTemplateField) check(*resource.Change[InstanceTemplateField]) error {
	return f.checkName()
}

func (f *addedField) checkName() error {
	if !addedName.MatchString(f.Name) {
		return fault.InvalidField("name", "must be small letters, digits and underscores, such as customer_impact")
	}
	if (f.Type == "choice") != (f.Category != "") {
		return fault.InvalidField("category", "belongs to a choice, and a choice needs one")
	}
	return nil
}

// add gives the field to its template among all.
func (f *addedField) add(s *resource.Session, all []resource.Template, template field.Ref) error {
	var offered []field.Choice
	if f.Category != "" {
		values, err := choices(s, f.Category)
		if err != nil {
			return err
		}
		offered = fieldChoices(values)
	}
	added, err := field.Added(f.Name, f.Label, string(f.Type), f.Required, offered)
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].ID == string(template) {
			all[i].Fields = append(all[i].Fields, added)
		}
	}
	return nil
}
