package platform

import (
	"encoding/json"
	"reflect"

	"github.com/google/uuid"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/rights"
)

// keeper answers the kernel's questions about what organizations bring to their forms.
type keeper struct{}

func (keeper) Choices(s *resource.Session, category string) ([]field.Choice, error) {
	switch category {
	case templateKind:
		return templated(s), nil
	case permissionCategory:
		return grantable(s), nil
	case anyPermissionCategory:
		return inWords(s.Kernel().Permissions()), nil
	case tagCategory:
		return tagChoices(s)
	case roleCategory:
		return roleChoices(s)
	}
	all, err := choices(s, category)
	return fieldChoices(all), err
}

// These categories are what there is anyway, and nobody edits them: the kinds that templates begin, the permissions on rows that
// can be shared or all of them, and the roles, for a row of the instance, which can't refer to one.
const (
	templateKind          = "template_kind"
	permissionCategory    = "permission"
	anyPermissionCategory = "any_permission"
	roleCategory          = "role"
)

func roleChoices(s *resource.Session) ([]field.Choice, error) {
	return resource.Cached(s, "role choices", []string{"role"}, func(s *resource.Session) ([]field.Choice, error) {
		return resource.Select[field.Choice](s, "SELECT id AS value, name AS label FROM {role} ORDER BY created_at, id LIMIT 1000")
	})
}

func grantable(s *resource.Session) []field.Choice {
	var all []field.Choice
	for _, kind := range s.Kernel().Kinds() {
		if kind.Spec().Shared {
			all = append(all, inWords(kind.Spec().Permissions())...)
		}
	}
	return all
}

// inWords offers permissions by what they allow, since their names are for programs.
func inWords(permissions []rights.Permission) []field.Choice {
	all := make([]field.Choice, len(permissions))
	for i, p := range permissions {
		all[i] = field.Choice{Value: p.Name, Label: p.Words()}
	}
	return all
}

func templated(s *resource.Session) []field.Choice {
	var all []field.Choice
	for _, kind := range s.Kernel().Kinds() {
		if spec := kind.Spec(); spec.Custom() != nil {
			all = append(all, field.Choice{Value: spec.Name, Label: spec.Label()})
		}
	}
	return all
}

func (keeper) Templates(s *resource.Session, kind string) ([]resource.Template, error) {
	return templates(s, kind)
}

type templatesIn struct {
	Kind string
}

type shownTemplate struct {
	resource.Template
	Fields []shownField `json:"fields"`
}

type shownField struct {
	Name     string         `json:"name"`
	Label    string         `json:"label"`
	Type     string         `json:"type"`
	Required bool           `json:"required"`
	Choices  []field.Choice `json:"choices"`
}

// listTemplates answers the merged templates for one kind.
func listTemplates(s *resource.Session, in *templatesIn) ([]shownTemplate, error) {
	if err := Templates.Require(s, resource.List); err != nil {
		return nil, err
	}
	if in.Kind == "" {
		return nil, fault.New(fault.BadRequest, "kind takes the kind of row that the templates begin, such as incident.")
	}
	all, err := templates(s, in.Kind)
	if err != nil {
		return nil, err
	}
	shown := make([]shownTemplate, len(all))
	for i, t := range all {
		shown[i] = shownTemplate{Template: t, Fields: make([]shownField, len(t.Fields))}
		for j, f := range t.Fields {
			shown[i].Fields[j] = shownField{f.Name, f.Label, f.Type.Name(), f.Required, append([]field.Choice{}, f.Choices...)}
		}
	}
	return shown, nil
}

type dropdownIn struct {
	ID string
}

// Dropdowned is a category with its values, or one value as a row.
type Dropdowned struct{ field.JSON }

// Schema describes both.
func (Dropdowned) Schema() field.Schema {
	return field.Schema{"anyOf": []any{field.SchemaOf(reflect.TypeFor[[]Choice]()), field.Schema{"$ref": "#/components/schemas/Dropdown"}}}
}

// getDropdown answers the merged values of a category, or one value of the organization by its id.
func getDropdown(s *resource.Session, in *dropdownIn) (found Dropdowned, err error) {
	kind, _ := s.Kernel().Kind(Dropdowns.Name)
	if _, err := uuid.Parse(in.ID); err == nil {
		row, err := kind.Get(s, in.ID)
		if err != nil {
			return found, err
		}
		return Dropdowned{kind.AppendJSON(nil, row, nil)}, nil
	}
	all, err := choices(s, in.ID)
	if err != nil {
		return found, err
	}
	found.JSON, err = json.Marshal(all)
	return found, err
}
